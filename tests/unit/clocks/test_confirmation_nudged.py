"""催确认: what it starts, and that the sender's word on the result meets it (practice.md §7)."""

import pytest
from tests.unit.clocks.course import SENDER, SETTING, moment

from xiezhi_domain.clocks import Clocks, Deadline, advance
from xiezhi_domain.clocks.plan import plan_of
from xiezhi_domain.court_time import to_text
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import DeadlineState, EventKind, State, TimeVerdict

PLAN = plan_of(shipped_rulebook().kind("FIND"))
NUDGED = [
    (EventKind.ISSUED, "2026-03-02 09:00", State.IN_TRANSIT),
    (EventKind.DELIVERED, "2026-03-02 09:01", State.AWAITING_SIGNATURE),
    (EventKind.COMPLETED, "2026-03-03 10:00", State.REPORTED),
    (EventKind.CONFIRMATION_NUDGED, "2026-03-09 10:00", State.REPORTED),
]


def after(*events: tuple[str, str, State]) -> Deadline:
    clocks = Clocks()
    for kind, at, state in events:
        clocks = advance(clocks, moment(kind, at, state), PLAN, SETTING)
    found = clocks.latest("confirmation_nudged")
    assert found is not None
    return found


def test_the_sender_has_one_working_day() -> None:
    nudged = after(*NUDGED)
    assert (nudged.state, nudged.owner, to_text(nudged.due_at)) == (
        DeadlineState.RUNNING,
        SENDER,
        "2026-03-10 23:59",
    )


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (EventKind.CONFIRMED, State.CONFIRMED),
        (EventKind.CONFIRMED_FOR, State.CONFIRMED),
        (EventKind.RESULT_REJECTED, State.REWORK),
    ],
)
def test_his_word_on_the_result_meets_it(answer: EventKind, state: State) -> None:
    met = after(*NUDGED, (answer, "2026-03-10 09:00", state))
    assert (met.state, met.verdict) == (DeadlineState.MET, TimeVerdict.IN_TIME)
    late = after(*NUDGED, (answer, "2026-03-11 09:00", state))
    assert (late.state, late.verdict) == (DeadlineState.BREACHED, TimeVerdict.LATE)


def test_a_second_nudge_starts_it_again() -> None:
    again = after(*NUDGED, (EventKind.CONFIRMATION_NUDGED, "2026-03-12 10:00", State.REPORTED))
    assert (again.round, to_text(again.due_at)) == (2, "2026-03-13 23:59")
