"""The same history gives the same deadlines, however its events came in; no deadline is lost."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.clocks.course import PLAN, RECEIVER, SETTING, THIRD, moment
from tests.unit.ladder.histories import AT, header
from tests.unit.ladder.model import RULES

from xiezhi_domain.clocks import Accepted, Clocks, Outage, advance, deadlines_of, stages_of
from xiezhi_domain.ladder import FINAL_STATES
from xiezhi_domain.terms import State

RULEBOOKS = {RULES.hash: RULES}
HOUR = 3_600_000
STORY = (
    ("Issued", "sender", "CENTRE_OFFICER"),
    ("Delivered", "receiver", ""),
    ("Signed", "receiver", "CENTRE_OFFICER"),
    ("Assigned", "receiver", "CENTRE_OFFICER"),
    ("ProgressReported", "receiver", "FIELD_OFFICER"),
    ("Completed", "receiver", "FIELD_OFFICER"),
    ("ResultRejected", "sender", "JUDGE"),
    ("Completed", "receiver", "FIELD_OFFICER"),
    ("Confirmed", "sender", "JUDGE"),
)
KINDS = ("Delivered", "Signed", "Completed", "Confirmed", "Rejected", "Paused", "Resumed", "Returned", "Upheld",
         "Rerouted", "Extended", "Called", "MadeOrdinary", "Other")  # fmt: skip
STATES = (State.IN_TRANSIT, State.AWAITING_SIGNATURE, State.IN_PROGRESS, State.SUSPENDED, State.RETURNED)


@given(
    st.lists(st.integers(1, 120), min_size=len(STORY), max_size=len(STORY)), st.randoms(use_true_random=False)
)
def test_events_may_come_in_any_order_and_twice(gaps: list[int], chance: random.Random) -> None:
    at, history = AT, []
    for seq, ((kind, side, role), gap) in enumerate(zip(STORY, gaps, strict=True), 1):
        at += gap * HOUR
        history.append(Accepted(seq, header(kind, side, role), at))
    expected = deadlines_of(history, RULEBOOKS, SETTING)
    mixed = [*history, *chance.sample(history, 3)]
    chance.shuffle(mixed)
    assert deadlines_of(mixed, RULEBOOKS, SETTING) == expected
    assert len(expected) >= 4
    assert not [deadline for deadline in expected if deadline.is_open]
    for before, after in pairwise(list(stages_of(history, RULEBOOKS, SETTING))):
        assert _identities(before.clocks) <= _identities(after.clocks)


@st.composite
def courses(draw: st.DrawFn) -> list:
    """Any events in any order: clocks keep their word whatever the ladder would say to it."""
    at = AT
    moments = [moment("Issued", at, State.IN_TRANSIT, urgent=draw(st.booleans()))]
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=14)):
        at += draw(st.integers(0, 100)) * HOUR
        last = moments[-1]
        receiver = draw(st.sampled_from((RECEIVER, THIRD))) if kind == "Rerouted" else last.receiver
        moments.append(
            moment(
                kind,
                at,
                draw(st.sampled_from(STATES)),
                receiver=receiver,
                urgent=last.urgent and kind != "MadeOrdinary",
                stated_due=at + 24 * HOUR if kind == "Extended" else 0,
            )
        )
    return moments


@given(courses())
def test_no_deadline_is_lost_and_none_is_open_twice(moments: list) -> None:
    clocks: Clocks | None = None
    for each in moments:
        before, clocks = clocks, advance(clocks, each, PLAN, SETTING)
        assert before is None or _identities(before) <= _identities(clocks)
        open_ones = [deadline.clock for deadline in clocks.deadlines if deadline.is_open]
        assert len(open_ones) == len(set(open_ones))
        if each.state in FINAL_STATES and (before is None or before.state not in FINAL_STATES):
            begun = _identities(clocks) - (_identities(before) if before else set())
            assert {clock for clock, _ in begun} >= set(open_ones)
        if each.kind in ("Issued", "Rerouted") and each.state not in FINAL_STATES:
            assert "arrival" in open_ones
        ended = [deadline for deadline in clocks.deadlines if not deadline.is_open]
        assert all(deadline.ended_at >= AT for deadline in ended)
        assert all(deadline.due_at >= deadline.started_at for deadline in clocks.deadlines)


@given(courses(), st.integers(0, 200), st.integers(1, 100))
def test_an_outage_never_brings_a_deadline_forward(moments: list, start: int, length: int) -> None:
    outage = Outage(RECEIVER, AT + start * HOUR, AT + (start + length) * HOUR)
    plain, shifted = Clocks(), Clocks()
    for each in moments:
        plain = advance(plain, each, PLAN, SETTING)
        shifted = advance(shifted, each, PLAN, SETTING._replace(outages=(outage,)))
        dues = {(deadline.clock, deadline.round): deadline.due_at for deadline in plain.deadlines}
        firsts = [deadline for deadline in shifted.deadlines if deadline.round == 1 and deadline.is_open]
        assert all(deadline.due_at >= dues[deadline.clock, 1] for deadline in firsts)


def _identities(clocks: Clocks) -> set[tuple[str, int]]:
    return {(deadline.clock, deadline.round) for deadline in clocks.deadlines}
