"""The legal grounds of a handover as the rulebook has them: every test by itself, on the last day and the day after."""

from datetime import date

import pytest

from xiezhi_domain.handover.grounds import failing
from xiezhi_domain.handover.register import register_of
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import EventKind

GROUNDS = shipped_rulebook().kind("HANDOVER").grounds
FIRST, ASKING, OTHER = "苏0591", "苏0508", "苏0509"
SEIZED = "2026-01-10"
CLAIM = {"CLAIM_CONFIRMED": "2025-12-01", "ENFORCEMENT_BEGUN": "2026-01-05"}
PRIORITY = {**CLAIM, "NO_AUCTION_NOTICE": "2026-03-01"}
PRESERVATION = {**CLAIM, "NOT_DISPUTED": "2026-03-01"}
WAITING = {"ENFORCEMENT_BEGUN": "2026-01-05", "NO_AUCTION_NOTICE": "2026-03-01", "SURPLUS_LEFT": "2026-03-01"}


def fails(code, dates, on, purpose="PRESERVATION", asking_on="2026-02-01", other_on="2026-03-01"):
    rows = [
        [1, FIRST, purpose, SEIZED, "2029-01-09"],
        [2, ASKING, "ENFORCEMENT", asking_on, ""],
        [3, OTHER, "ENFORCEMENT", other_on, ""],
    ]
    register = register_of([(EventKind.ISSUED, {"seizures": rows})])
    return [test.code for test in failing(GROUNDS[code], dates, register, ASKING, date.fromisoformat(on))]


def test_more_than_sixty_days_is_counted_from_the_first_seizure() -> None:
    assert fails("PRIORITY", PRIORITY, "2026-03-11") == ["SIXTY_DAYS"]
    assert fails("PRIORITY", PRIORITY, "2026-03-12") == []


def test_more_than_a_year_is_counted_from_the_preservation() -> None:
    assert fails("PRESERVATION", PRESERVATION, "2027-01-10") == ["ONE_YEAR"]
    assert fails("PRESERVATION", PRESERVATION, "2027-01-11") == []


def test_jiangsu_counts_from_the_first_case_where_it_is_in_enforcement() -> None:
    assert fails("JIANGSU_WAITING", WAITING, "2026-03-12") == []
    later = {**WAITING, "FIRST_ENFORCED": "2026-02-01"}
    assert fails("JIANGSU_WAITING", later, "2026-04-02") == ["SIXTY_DAYS"]
    assert fails("JIANGSU_WAITING", later, "2026-04-03") == []


@pytest.mark.parametrize(
    ("code", "dates", "on"),
    [
        ("PRIORITY", PRIORITY, "2026-06-01"),
        ("PRESERVATION", PRESERVATION, "2027-06-01"),
        ("JIANGSU_WAITING", WAITING, "2026-06-01"),
    ],
)
def test_every_day_that_a_test_needs_has_to_be_known_and_past(code, dates, on) -> None:
    assert fails(code, dates, on) == []
    for name in dates:
        [missing] = fails(code, {key: day for key, day in dates.items() if key != name}, on)
        [ahead] = fails(code, {**dates, name: "2030-01-01"}, on)
        assert missing == ahead
        assert name in next(test.dates for test in GROUNDS[code].tests if test.code == missing)


def test_preservation_asks_for_a_preserving_court_and_the_next_in_line() -> None:
    assert fails("PRESERVATION", PRESERVATION, "2027-06-01", purpose="ENFORCEMENT") == ["PRESERVED"]
    assert fails("PRESERVATION", PRESERVATION, "2027-06-01", other_on="2026-01-15") == ["NEXT_IN_LINE"]


def test_who_has_not_seized_does_not_wait() -> None:
    assert fails("JIANGSU_WAITING", WAITING, "2026-06-01", asking_on="2027-01-01") == ["WAITING"]


def test_the_rule_of_jiangsu_holds_within_jiangsu_alone() -> None:
    ground = GROUNDS["JIANGSU_WAITING"]
    assert ground.is_open_to(ASKING, FIRST)
    assert not ground.is_open_to(ASKING, "浙0102")
    assert GROUNDS["PRIORITY"].is_open_to(ASKING, "浙0102")


def test_every_test_names_its_article() -> None:
    assert all(test.citation.source for ground in GROUNDS.values() for test in ground.tests)
