"""What the forms and the page of a superior's order say of its cases."""

from xiezhi_client.sdk import (
    CourtOrder,
    FiledCaseOfOrder,
    InstructionSummary,
    IssuedOrder,
    NewCaseFiling,
    OldCaseClosing,
    OrderAtCourt,
    OrderedCase,
    StruckCase,
)
from xiezhi_workbench.order_cases import balance_of, case_lines
from xiezhi_workbench.order_rows import elevated, struck, taken_over

HERE, THERE = "苏0508", "苏0591"
ONE, TWO, OTHER = (f"（2026）{court}执{number}号" for court, number in ((HERE, 1), (HERE, 2), (THERE, 3)))


def case(court: str, number: str, claim: int = 100_00, recovered: int = 0) -> OrderedCase:
    return OrderedCase(court=court, case_number=number, claim_fen=claim, recovered_fen=recovered)


def order(*cases: OrderedCase, balance: int, **more: object) -> IssuedOrder:
    summary = InstructionSummary(instruction_id="here", receiver=HERE)
    at = OrderAtCourt(summary=summary, parts=("OLD_COURT",), balance_fen=balance, **more)  # type: ignore[arg-type]  # as given
    return IssuedOrder(order=CourtOrder(cases=cases, new_court="苏05"), courts=(at,))


def test_each_case_of_the_court_begins_with_its_balance() -> None:
    found = order(
        case(HERE, ONE, recovered=1), case(THERE, OTHER), case(HERE, TWO, recovered=100_00), balance=99_99
    )
    begun = elevated(found, "here")
    assert begun.rows == [
        {"old_case_number": ONE, "balance_fen": 99_99},
        {"old_case_number": TWO, "balance_fen": 0},
    ]
    assert "尚未登记" in begun.note
    assert "99.99" in begun.note


def test_a_changed_balance_is_that_of_the_only_case_and_of_none_among_several() -> None:
    assert elevated(order(case(HERE, ONE), balance=5), "here").rows[0]["balance_fen"] == 5
    several = elevated(order(case(HERE, ONE), case(HERE, TWO), balance=5), "here").rows
    assert [each["balance_fen"] for each in several] == [None, None]


def test_what_was_struck_off_counts_more_than_what_was_ordered() -> None:
    closing = OldCaseClosing(cases=(StruckCase(case_number=ONE, balance_fen=7),))
    begun = elevated(order(case(HERE, ONE), balance=5, closing=closing), "here")
    assert begun.rows[0]["balance_fen"] == 7
    assert "0.07" in begun.note


def test_a_court_strikes_its_own_cases_off_and_takes_over_all() -> None:
    found = order(case(HERE, ONE), case(THERE, OTHER), balance=100_00)
    assert struck(found, "here").rows == [{"case_number": ONE, "balance_fen": 100_00}]
    all_of_them = order(case(HERE, ONE), case(THERE, OTHER), balance=200_00)
    rows = taken_over(all_of_them, "here").rows
    assert [each["old_case_number"] for each in rows] == [ONE, OTHER]
    assert [each["balance_fen"] for each in rows] == [100_00, 100_00]


def test_a_case_shows_its_end_and_its_beginning() -> None:
    closing = OldCaseClosing(cases=(StruckCase(case_number=ONE, balance_fen=0),))
    filing = NewCaseFiling(
        cases=(FiledCaseOfOrder(old_case_number=ONE, new_case_number="（2026）苏05执77号"),)
    )
    first, second = case_lines(
        order(case(HERE, ONE), case(HERE, TWO, claim=0), balance=0, closing=closing, filing=filing)
    )
    assert first.struck == closing.cases[0]
    assert first.filed == filing.cases[0]
    assert (first.balance_fen, second.balance_fen) == (100_00, None)
    assert second.struck is None


def test_nothing_left_is_a_balance_and_no_sums_are_none() -> None:
    found = order(case(HERE, ONE, recovered=100_00), balance=0)
    assert balance_of(found, found.courts[0]) == 0
    assert balance_of(found, OrderAtCourt(parts=("LENDS",))) is None
    unstated = order(case(HERE, ONE, claim=0), balance=0)
    assert balance_of(unstated, unstated.courts[0]) is None
