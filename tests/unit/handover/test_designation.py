"""Whom the superior may designate: the parties, or who has a seizure that stands; and what each ground allows."""

from datetime import date

import pytest

from xiezhi_domain.handover.designation import place_of
from xiezhi_domain.handover.register import register_of
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.rulebook.grounds import Designable
from xiezhi_domain.terms import EventKind

FIRST, ASKING, OTHER, STRANGER = "苏0591", "苏0508", "苏0509", "苏0505"
ROWS = [
    [1, FIRST, "PRESERVATION", "2025-01-10", "2028-01-09"],
    [2, ASKING, "ENFORCEMENT", "2025-02-01", ""],
    [3, OTHER, "ENFORCEMENT", "2025-03-01", "2026-03-01"],
]
REGISTER = register_of([(EventKind.ISSUED, {"seizures": ROWS})])
GROUNDS = shipped_rulebook().kind("HANDOVER").grounds


@pytest.mark.parametrize(
    ("court", "on", "place"),
    [
        (ASKING, "2026-01-01", Designable.ASKING),
        (FIRST, "2026-01-01", Designable.FIRST),
        (OTHER, "2026-03-01", Designable.OTHER),
        (OTHER, "2026-03-02", None),
        (STRANGER, "2026-01-01", None),
    ],
)
def test_a_court_without_a_seizure_that_stands_cannot_be_designated(court, on, place) -> None:
    assert place_of(court, ASKING, FIRST, REGISTER, date.fromisoformat(on)) is place


def test_every_ground_says_whom_with_its_article() -> None:
    either = {Designable.ASKING, Designable.FIRST}
    assert GROUNDS["PRIORITY"].designates.keys() == either
    assert GROUNDS["JIANGSU_WAITING"].designates.keys() == either
    assert GROUNDS["PRESERVATION"].designates.keys() == either | {Designable.OTHER}
    for ground in GROUNDS.values():
        assert all(title and citation.source for title, citation in ground.designates.values())


def test_what_the_article_does_not_name_is_not_confirmed() -> None:
    _, citation = GROUNDS["PRESERVATION"].designates[Designable.OTHER]
    assert not citation.confirmed
