"""The seizures of a delegated case: rank is kept whatever happens, and under a month is renewed first (第6条)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.calendar import months_after, shipped_calendar
from xiezhi_domain.case_delegation import (
    CaseEvent,
    HandedSeizure,
    Register,
    account_of,
    balance_fen,
    needs_renewal,
)
from xiezhi_domain.errors import InvalidInput

TODAY = date(2026, 11, 23)
SENDER, RECEIVER = "苏0591", "豫1002"
FLAT = HandedSeizure(1, 1, date(2028, 5, 1))
CAR = HandedSeizure(2, 3, date(2027, 1, 31))

DAYS = st.dates(date(2026, 1, 1), date(2032, 12, 31))
SEIZURES = st.lists(
    st.builds(HandedSeizure, st.integers(1, 6), st.integers(1, 5), DAYS),
    max_size=6,
    unique_by=lambda each: each.number,
)
RENEWALS = st.lists(st.tuples(st.integers(0, 7), DAYS), max_size=4).map(tuple)
EVENTS = st.lists(
    st.one_of(
        st.just(CaseEvent("CaseFiled", RECEIVER)),
        st.builds(CaseEvent, st.just("SeizuresContinued"), st.just(RECEIVER), renewals=RENEWALS),
        st.just(CaseEvent("CaseReturned", RECEIVER)),
        st.just(CaseEvent("ProgressReported", RECEIVER)),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_of_its_month(
    day: date, months: int, expected: date
) -> None:
    assert months_after(day, months) == expected


def test_a_period_of_months_that_ends_on_a_free_day_ends_on_the_next_working_day() -> None:
    calendar = shipped_calendar()
    assert months_after(date(2026, 7, 1), 6) == date(2027, 1, 1)
    assert calendar.add_months_rolled(date(2026, 7, 1), 6) > date(2027, 1, 1)


@given(DAYS, st.integers(0, 48), st.integers(0, 48))
def test_more_months_never_end_earlier(day: date, less: int, more: int) -> None:
    less, more = sorted((less, more))
    assert months_after(day, less) <= months_after(day, more)
    assert months_after(day, 12 * less).month == day.month


def test_less_than_a_month_is_renewed_first() -> None:
    assert needs_renewal(date(2026, 12, 22), TODAY, 1)
    assert not needs_renewal(date(2026, 12, 23), TODAY, 1)
    assert needs_renewal(TODAY - timedelta(days=1), TODAY, 1)


def test_a_filed_case_takes_its_seizures_over_with_their_rank_and_end() -> None:
    register = Register.handed_over([FLAT, CAR], SENDER).taken_over(RECEIVER)
    assert {number: (each.court, each.rank) for number, each in register.seizures.items()} == {
        1: (RECEIVER, 1),
        2: (RECEIVER, 3),
    }
    assert register.seizures[2].expires_on == CAR.expires_on


def test_a_renewal_is_longer_and_of_a_seizure_that_was_handed_over() -> None:
    register = Register.handed_over([CAR], SENDER)
    assert register.renewed(2, date(2029, 1, 31)).seizures[2] == (SENDER, 3, date(2029, 1, 31), 1)
    with pytest.raises(InvalidInput, match="晚于原到期日"):
        register.renewed(2, CAR.expires_on)
    with pytest.raises(InvalidInput, match="没有序号 9"):
        register.renewed(9, date(2030, 1, 1))


@pytest.mark.parametrize(
    "wrong", [[CAR, CAR], [HandedSeizure(0, 1, TODAY)], [HandedSeizure(1, 0, TODAY)]], ids=str
)
def test_numbers_and_ranks_are_counted_from_one(wrong: list[HandedSeizure]) -> None:
    with pytest.raises(InvalidInput, match="从 1 开始"):
        Register.handed_over(wrong, SENDER)


@given(SEIZURES, EVENTS)
def test_no_course_changes_a_rank_loses_a_seizure_or_shortens_one(
    seizures: list[HandedSeizure], events: list[CaseEvent]
) -> None:
    handed = {each.number: each for each in seizures}
    account = account_of([CaseEvent("Issued", SENDER, tuple(seizures)), *events])
    assert account.register.seizures.keys() == handed.keys()
    for number, standing in account.register.seizures.items():
        assert standing.rank == handed[number].rank
        assert standing.expires_on >= handed[number].expires_on
        assert standing.court == account.holder


@given(SEIZURES, EVENTS)
def test_a_case_has_one_holder(seizures: list[HandedSeizure], events: list[CaseEvent]) -> None:
    account = account_of([CaseEvent("Issued", SENDER, tuple(seizures)), *events])
    moved = [event.kind for event in events if event.kind in ("CaseFiled", "CaseReturned")]
    assert account.holder == (RECEIVER if moved and moved[-1] == "CaseFiled" else SENDER)


def test_what_another_court_has_written_wrongly_is_passed_over() -> None:
    account = account_of([CaseEvent("Issued", SENDER, (CAR, CAR)), CaseEvent("CaseFiled", RECEIVER)])
    assert (account.register.seizures, account.holder) == ({}, RECEIVER)


@given(st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 2 * 10**12))
def test_the_new_case_is_for_what_the_old_one_did_not_recover(
    claimed: int, costs: int, recovered: int
) -> None:
    if recovered >= claimed + costs:
        with pytest.raises(InvalidInput, match="没有可以委托执行的余额"):
            balance_fen(claimed, costs, recovered)
    else:
        assert balance_fen(claimed, costs, recovered) + recovered == claimed + costs


def test_no_sum_is_below_zero() -> None:
    with pytest.raises(InvalidInput, match="不能小于零"):
        balance_fen(100, 0, -1)
