"""The register of a property: ranks move by ends alone, ends by renewals alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.errors import FormatError
from xiezhi_domain.handover.register import Register, after_event, register_of
from xiezhi_domain.handover.seizures import stated_seizures
from xiezhi_domain.terms import EventKind

FIRST, WAITING, LAST = "苏0591", "苏0508", "苏0509"
TODAY = "2026-11-22"
START = date(2024, 1, 1)


def row(number, court, seized_on, expires_on, purpose="ENFORCEMENT"):
    return [number, court, purpose, seized_on, expires_on]


ROWS = [
    row(1, FIRST, "2025-01-10", "2028-01-09"),
    row(2, WAITING, "2025-03-01", ""),
    row(3, LAST, "2025-06-01", "2028-05-31"),
]
ISSUED = (EventKind.ISSUED, {"seizures": ROWS})


def lifted(number, day):
    return (EventKind.SEIZURE_LIFTED, {"seizure": number, "lifted": day})


def renewed(number, day, expires):
    return (EventKind.SEIZURE_RENEWED, {"seizure": number, "renewed": day, "expires": expires})


def test_the_first_seizure_is_the_earliest_that_stands() -> None:
    register = register_of([ISSUED])
    assert register.ranks(TODAY) == {1: 1, 2: 2, 3: 3}
    assert register.ranks("2025-02-01") == {1: 1}
    first = register.first(TODAY)
    assert first is not None
    assert first.stated.court == FIRST


def test_waiting_seizures_move_up_when_the_earlier_one_is_lifted_or_runs_out() -> None:
    assert register_of([ISSUED, lifted(1, "2026-11-01")]).ranks(TODAY) == {2: 1, 3: 2}
    assert register_of([ISSUED]).ranks("2028-01-10") == {2: 1, 3: 2}


def test_a_renewal_moves_the_end_and_keeps_the_rank() -> None:
    register = register_of([ISSUED, renewed(1, "2027-12-01", "2030-12-01")])
    assert register.ranks("2029-01-01") == {1: 1, 2: 2}
    kept = register.get(1)
    assert kept is not None
    assert (kept.expires_on, kept.stated.expires_on) == ("2030-12-01", "2028-01-09")


def test_what_has_ended_is_not_renewed_and_not_lifted_again() -> None:
    register = register_of([ISSUED])
    for event in (renewed(1, "2028-01-10", "2030-01-01"), renewed(1, "2027-01-01", "2027-06-01")):
        assert after_event(register, *event) == register
    ended = register_of([ISSUED, lifted(1, "2026-11-01")])
    assert after_event(ended, *lifted(1, "2026-11-05")) == ended
    assert after_event(ended, *renewed(1, "2026-11-02", "2029-01-01")) == ended


def test_a_later_statement_adds_and_changes_nothing() -> None:
    register = register_of([ISSUED, (EventKind.HANDED_OVER, {"seizures": [row(1, LAST, "2020-01-01", "")]})])
    assert register == register_of([ISSUED])
    found = register_of([ISSUED, (EventKind.SEIZURES_STATED, {"seizures": [row(4, LAST, "2025-02-01", "")]})])
    assert found.ranks(TODAY) == {1: 1, 4: 2, 2: 3, 3: 4}


@pytest.mark.parametrize(
    "rows",
    [
        "1",
        [[1, FIRST, "ENFORCEMENT", "2025-01-10"]],
        [row(0, FIRST, "2025-01-10", "")],
        [row(True, FIRST, "2025-01-10", "")],
        [row(1, "某法院", "2025-01-10", "")],
        [row(1, FIRST, "2025-1-10", "")],
        [row(1, FIRST, "2025-01-10", "2024-01-10")],
        [row(1, FIRST, "2025-01-10", "", "OTHER")],
        [row(1, FIRST, "2025-01-10", ""), row(1, LAST, "2025-01-10", "")],
        [row(number, FIRST, "2025-01-10", "") for number in range(1, 66)],
    ],
)
def test_rows_in_another_spelling_are_refused(rows) -> None:
    with pytest.raises(FormatError):
        stated_seizures(rows)


# --- Whatever happens ------------------------------------------------------------------------------------------------

DAYS = st.integers(0, 1500).map(lambda days: str(START + timedelta(days)))
NUMBERS = st.integers(1, 6)
COURTS = st.sampled_from([FIRST, WAITING, LAST])


@st.composite
def statements(draw):
    numbers = draw(st.lists(NUMBERS, unique=True, max_size=4))
    rows = []
    for number in numbers:
        begins = draw(DAYS)
        ends = draw(st.one_of(st.just(""), DAYS.filter(lambda day, begins=begins: day >= begins)))
        rows.append(row(number, draw(COURTS), begins, ends))
    return (draw(st.sampled_from([EventKind.HANDED_OVER, EventKind.SEIZURES_STATED])), {"seizures": rows})


EVENTS = st.one_of(
    statements(),
    st.builds(lifted, NUMBERS, DAYS),
    st.builds(renewed, NUMBERS, DAYS, DAYS),
    st.just((EventKind.SIGNED, {})),
)
HISTORIES = st.lists(EVENTS, max_size=14)


@given(HISTORIES, EVENTS, DAYS)
def test_no_event_but_an_end_improves_a_rank(history, event, day) -> None:
    before = register_of(history)
    after = after_event(before, *event)
    ended = before.ranks(day).keys() - after.ranks(day).keys()
    for number, rank in after.ranks(day).items():
        if number in before.ranks(day):
            earlier = sum(before.ranks(day)[each] < before.ranks(day)[number] for each in ended)
            assert rank >= before.ranks(day)[number] - earlier
    if event[0] == EventKind.HANDED_OVER:
        assert not ended


@given(HISTORIES, st.one_of(statements(), st.builds(lifted, NUMBERS, DAYS)))
def test_only_a_renewal_moves_an_end(history, event) -> None:
    before = register_of(history)
    after = after_event(before, *event)
    for each in before.seizures:
        kept = after.get(each.number)
        assert kept is not None
        assert (kept.stated, kept.renewals) == (each.stated, each.renewals)


@given(HISTORIES, DAYS)
def test_ranks_are_whole_and_follow_the_days_of_seizure(history, day) -> None:
    register = register_of(history)
    ranks = register.ranks(day)
    assert sorted(ranks.values()) == list(range(1, len(ranks) + 1))
    standing = register.standing(day)
    assert [each.stated.seized_on for each in standing] == sorted(each.stated.seized_on for each in standing)


@given(HISTORIES)
def test_every_renewal_is_dated_before_the_end_that_it_moves(history) -> None:
    for each in register_of(history).seizures:
        ends = [each.stated.expires_on, *(renewal.expires_on for renewal in each.renewals)]
        for renewal, end in zip(each.renewals, ends, strict=False):
            assert not end or renewal.renewed_on <= end < renewal.expires_on


def test_nothing_is_known_at_first() -> None:
    assert register_of([]) == Register()
    assert Register().first(TODAY) is None
