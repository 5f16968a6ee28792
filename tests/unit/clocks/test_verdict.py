"""The three times of what meets a deadline (protocol §5)."""

import pytest
from tests.unit.clocks.course import RECEIVER, SENDER, SETTING, Course

from xiezhi_domain.clocks import Outage, Setting, Times
from xiezhi_domain.clocks.verdict import judge, was_cut_off
from xiezhi_domain.court_time import parse_text
from xiezhi_domain.terms import DeadlineState, State, TimeVerdict

DUE = 1_000_000


@pytest.mark.parametrize(
    ("claimed", "seen", "accepted", "cut_off", "verdict"),
    [
        (999_000, 0, DUE, False, TimeVerdict.IN_TIME),
        (DUE, 900_000, DUE + 1, True, TimeVerdict.IN_TIME),
        (DUE, 900_000, DUE + 1, False, TimeVerdict.TO_BE_CHECKED),
        (DUE, DUE + 1, DUE + 2, True, TimeVerdict.TO_BE_CHECKED),
        (DUE + 1, 0, DUE + 2, True, TimeVerdict.LATE),
    ],
    ids=[
        "accepted in time",
        "bracketed by an outage",
        "only claimed",
        "seen later than claimed",
        "claimed late",
    ],
)
def test_a_deadline_is_met_by_what_can_be_shown(
    claimed: int, seen: int, accepted: int, cut_off: bool, verdict: TimeVerdict
) -> None:
    assert judge(DUE, Times(claimed, seen, accepted), was_cut_off=cut_off) is verdict


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (Outage(RECEIVER, 900_000, 1_100_000), True),
        (Outage(SENDER, 900_000, 1_100_000), False),
        (Outage(RECEIVER, 1_050_000, 1_100_000), False),
        (Outage(RECEIVER, 800_000, 990_000), False),
    ],
    ids=[
        "since the claim until after the deadline",
        "another court",
        "the line was up first",
        "back before it",
    ],
)
def test_the_link_record_has_to_cover_claim_and_deadline(gap: Outage, expected: bool) -> None:
    assert was_cut_off([gap], RECEIVER, 950_000, DUE) is expected


def test_a_claim_within_an_outage_of_the_link_is_believed_and_else_left_to_people() -> None:
    claimed = parse_text("2026-03-03 16:00")

    def signed(setting: Setting) -> tuple[DeadlineState, TimeVerdict | None]:
        course = Course(setting).issued("2026-03-02 10:00").hears("Delivered", "2026-03-02 10:01")
        sign = course.hears("Signed", "2026-03-04 09:00", State.SIGNED, claimed=claimed).of("sign")
        return sign.state, sign.verdict

    assert signed(SETTING) == (DeadlineState.BREACHED, TimeVerdict.TO_BE_CHECKED)
    outage = SETTING._replace(was_cut_off=lambda court, claimed, due: court == RECEIVER and claimed < due)
    assert signed(outage) == (DeadlineState.MET, TimeVerdict.IN_TIME)
