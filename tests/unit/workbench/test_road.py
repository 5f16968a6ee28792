"""The ladder as a picture."""

from datetime import UTC, datetime

from xiezhi_client.sdk import InstructionSummary, TimelineEntry
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import State
from xiezhi_workbench.road import Step, steps

RULES = shipped_rulebook().kind("FIND")
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)


def road(state: State, *kinds: str) -> list[Step]:
    timeline = [TimelineEntry(kind=kind, claimed_at=AT) for kind in kinds]
    return steps(RULES, InstructionSummary(state=state.value), timeline)


def test_the_straight_way_of_a_matter() -> None:
    rungs = road(State.IN_PROGRESS, "Issued", "Delivered", "Signed", "Assigned")
    assert [rung.state for rung in rungs] == [
        *(State.DRAFT, State.AWAITING_APPROVAL, State.AWAITING_SEAL, State.IN_TRANSIT),
        *(State.AWAITING_SIGNATURE, State.SIGNED, State.IN_PROGRESS, State.REPORTED, State.CONFIRMED),
    ]
    assert [rung.state for rung in rungs if rung.here] == [State.IN_PROGRESS]
    assert [rung.passed for rung in rungs] == [True] * 6 + [False] * 3
    assert rungs[6].reached_at == AT
    assert rungs[7].reached_at is None


def test_a_state_off_the_way_stands_behind_the_last_rung_reached() -> None:
    rungs = road(State.SUSPENDED, "Issued", "Delivered", "Signed", "Assigned", "Suspended")
    at = next(n for n, rung in enumerate(rungs) if rung.here)
    assert (rungs[at].state, rungs[at].aside) == (State.SUSPENDED, True)
    assert rungs[at - 1].state is State.IN_PROGRESS
    assert rungs[at - 1].passed


def test_what_was_refused_has_reached_nothing() -> None:
    refused = TimelineEntry(kind="Completed", claimed_at=AT, refusal_reason="状态不符")
    rungs = steps(RULES, InstructionSummary(state="IN_PROGRESS"), [refused])
    assert all(rung.reached_at is None for rung in rungs)


def test_every_kind_has_a_way_that_goes_on() -> None:
    for kind, rules in shipped_rulebook().kinds.items():
        rungs = steps(rules, InstructionSummary(state="DRAFT"), [])
        assert len(rungs) > 2, kind
        assert sum(rung.here for rung in rungs) == 1
