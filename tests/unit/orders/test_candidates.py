"""Candidates for 交叉执行: exactly those that the thresholds name, and nobody's name."""

from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.orders.candidates import (
    DAY_MS,
    OpenCase,
    busiest_court,
    is_idle,
    same_debtors,
    shipped_selectors,
    standing_of,
)

SELECTORS = shipped_selectors()
SAME, IDLE, QUIET = (SELECTORS[name] for name in ("same_debtor", "idle_property", "no_progress"))
COURTS = ["苏0505", "苏0508", "苏0591"]
marked = st.tuples(
    st.integers(0, 3).map(lambda number: bytes([number])),
    st.builds(OpenCase, st.sampled_from(COURTS), st.integers(1, 12).map(str)),
)
Event = tuple[str, int, JsonObject]
CONTROLLED: Event = ("Completed", 1, {"controlled": [[1, 500]]})


def test_thresholds_have_a_source_and_wait_for_confirmation() -> None:
    assert all(each.citation.source and not each.citation.confirmed for each in SELECTORS.values())
    assert (SAME.at_least, SAME.in_courts, IDLE.days) == (10, 2, 180)


@given(st.lists(marked, max_size=80))
def test_a_debtor_is_proposed_from_ten_open_cases_in_two_courts(rows: list[tuple[bytes, OpenCase]]) -> None:
    found = {frozenset(cases) for cases in same_debtors(rows, SAME)}
    for mark in {mark for mark, _ in rows}:
        cases = frozenset(case for each, case in rows if each == mark)
        many = len(cases) >= 10 and len({case.court for case in cases}) >= 2
        assert any(cases <= group for group in found) or not many
        assert many or cases not in found or any(cases == other for other in found)
    assert all(len(cases) >= 10 and len({case.court for case in cases}) > 1 for cases in found)


@given(st.lists(marked, max_size=80), st.randoms())
def test_the_order_of_the_rows_says_nothing(rows: list[tuple[bytes, OpenCase]], random: object) -> None:
    mixed = [*rows, *rows]
    random.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis' Random
    assert same_debtors(mixed, SAME) == same_debtors(rows, SAME)


def test_two_hashes_of_one_debtor_are_one_candidate() -> None:
    cases = [OpenCase(court, str(number)) for court in COURTS for number in range(4)]
    rows = [(b"code", case) for case in cases] + [(b"name", case) for case in cases[:-1]]
    assert [len(group) for group in same_debtors(rows, SAME)] == [12]
    assert busiest_court([*cases, OpenCase("苏0591", "9")]) == "苏0591"


def told(*events: Event) -> bool:
    return is_idle(standing_of([CONTROLLED, *events]), 181 * DAY_MS, IDLE, QUIET)


def test_property_that_lies_and_was_urged_in_vain_is_proposed() -> None:
    assert told(("Supervised", 100 * DAY_MS, {}))


def test_what_moves_was_not_urged_or_is_young_is_not_proposed() -> None:
    urged: Event = ("Supervised", 100 * DAY_MS, {})
    assert not told()
    assert not told(urged, ("ProgressReported", 120 * DAY_MS, {}))
    assert not told(urged, ("SupervisionEnded", 120 * DAY_MS, {}))
    assert not told(urged, ("MergedIntoCase", 120 * DAY_MS, {}))
    assert not told(("Supervised", 170 * DAY_MS, {}))
    assert not is_idle(standing_of([CONTROLLED, urged]), 180 * DAY_MS, IDLE, QUIET)
    assert not is_idle(standing_of([("Completed", 0, {}), urged]), 181 * DAY_MS, IDLE, QUIET)
