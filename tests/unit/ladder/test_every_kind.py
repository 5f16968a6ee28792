"""Every move of every kind among two courts, a third (改派) and the superior, with lost lines, repeats, in any order.

Each example begins with matters driven along the ways to some moves (`ways`), while a bystander without a line acts at
the same time and every push comes twice; then anybody does anything. All moves of the rulebook have to be accepted on
the way, kind by kind (`test_every_move_is_accepted`). What must never happen is judged on the hub's log alone, without
`decide` and without the rulebook's conditions:

- a move that is not allowed is refused with the rule that forbids it: `act_wrongly`;
- same history, same state: `everybody_meets`;
- no deadline is lost or runs twice, no rung is climbed twice: `deadlines_are_kept`;
- no return without communication and approval, none after the end, no measure after a stop, nobody but the superior
  puts a court in a party's place: `check`, from `the_log_follows_the_law`;
- sums ordered and controlled are right to the fen: `sums_are_right_to_the_fen`;
- no instruction without a reachable owner: `an_open_matter_has_an_owner`, and somebody can go on: `nothing_is_stuck`.
"""

from collections import Counter
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from tests.unit.ladder.model import CALENDAR, HUB_COURT, RULES, Clock, Court, Hub
from tests.unit.ladder.orders import COURTS, DAY, can_act, filled_in
from tests.unit.ladder.ways import Way, ways

from xiezhi_domain.clocks import Accepted, Setting, deadlines_of, stages_of
from xiezhi_domain.errors import Reason
from xiezhi_domain.escalation import climbs_within, shipped_rules
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import decode_entry, decode_ruling
from xiezhi_domain.ladder import FINAL_STATES, decide
from xiezhi_domain.ladder.explain import as_error
from xiezhi_domain.ladder.instruction import decode_instruction, encode_instruction

EVERYBODY = [*COURTS, HUB_COURT]
RULEBOOKS = {RULES.hash: RULES}
SETTING = Setting(CALENDAR, HUB_COURT)
AT_ONCE = 8
"""How many matters an example drives."""
MEASURES = {"ProgressReported", "Completed"}
ENDS = {"Confirmed", "ConfirmedFor", "Withdrawn", "StopReported", "SupervisionClosed", "Revoked"}
ENDS |= {"OrderClosed", "RequestDecided", "MergedIntoCase"}
ENDS |= {"DisposalElevated", "CourtDesignated", "DisposedByFirstCourt", "FirstCourtTold"}
ENDS |= {"CaseClosed", "MaterialsReturned", "CaseReturned"}
AFTER_THE_END = {
    *("Evaluated", "Complained", "ComplaintExplained", "ComplaintRuled", "DisputeRuled"),
    *("Supervised", "SupervisionEnded"),
    "SenderTransferred",
    *("ReserveReleased", "DisposalOrderIssued"),
    *("CaseCancelled", "ApplicantTold", "ReportedForRecord", "DelegationRevoked"),
}
SHIFTS_THE_END = {"ExtensionGranted", "Resumed", "Rerouted", "Forwarded", "UrgencyLowered"}
PATIENCE = 12
"""Days; a holiday with its weekends is shorter, and so are all periods but those that close."""
NO_RULE_FORBIDS = {Reason.BASE_REFUSED, Reason.BASE_UNKNOWN, Reason.MALFORMED}


class EveryMove(RuleBasedStateMachine):
    kind = ""
    goals: ClassVar[list[Way]] = []
    accepted: ClassVar[Counter[str]] = Counter()
    matters = Bundle("matters")

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.hub = Hub(self.clock)
        self.courts = {name: Court(name, self.clock) for name in EVERYBODY}
        self.offline = set()
        self.judged = 0
        self.history = {}

    # What people and machines do.

    @initialize(target=matters, data=st.data())
    def drive(self, data):
        """Take a matter of the kind to each of the goals."""
        return multiple(*[self.driven(way, data) for way in self.goals])

    def driven(self, way, data):
        matter, order = self.clock.new_id(), way.order
        rules = RULES.rules(self.kind, order.sender, order.receiver)
        sender, facts = self.courts[order.sender], order.facts(rules, self.clock.now)
        assert sender.make(sender.draft(matter, "Issued", order.receiver, facts)) is None
        for step in way.steps:
            self.everybody_meets()
            if isinstance(step, int):
                self.clock.now += step
            else:
                self.step(matter, step, data)
        self.everybody_meets()
        kinds = [header.kind for header in self.headers(matter)]
        assert way.goal in kinds
        return matter

    def step(self, matter, kind, data):
        """Make one event; a bystander's, made before it without a line, comes after it, and the push comes twice."""
        header = self.first_draft(matter, kind)
        actor = self.courts[header.sender]
        self.act_beside(matter, actor, data)
        assert actor.make(header) is None
        self.talk_on(actor, 1, 0)
        rulings = len(self.hub.log)
        self.hub.push(actor.journal[-1])
        assert len(self.hub.log) == rulings

    def first_draft(self, matter, kind):
        """The event as soon as somebody may make it: a way was found on other days, with other holidays."""
        for _ in range(PATIENCE):
            drafts = [
                each for court in self.courts.values() for each in self.drafts(court, matter, only=kind)
            ]
            if drafts:
                return drafts[0]
            self.clock.now += DAY
            self.everybody_meets()
        raise AssertionError(f"nobody may make {kind}")

    def act_beside(self, matter, actor, data):
        view = actor.view(matter)
        parties = {view.sender, view.receiver} - {actor.name}
        moves = RULES.kind(self.kind).moves
        made = [
            header
            for name in sorted(parties)
            for header in self.drafts(self.courts[name], matter)
            if moves[header.kind].commutes and moves[header.kind].is_plain
        ]
        if made and data.draw(st.booleans()):
            header = data.draw(st.sampled_from(made))
            assert self.courts[header.sender].make(header) is None

    @rule(matter=matters, name=st.sampled_from(EVERYBODY), times=st.integers(1, 4), data=st.data())
    def act(self, matter, name, times, data):
        """Make events that the court's own view allows, each on top of the one before."""
        for _ in range(times):
            drafts = self.drafts(self.courts[name], matter)
            if drafts:
                assert self.courts[name].make(data.draw(st.sampled_from(drafts))) is None

    @rule(matter=matters, times=st.integers(1, 4), data=st.data())
    def go_on(self, matter, times, data):
        """Let anybody do what was not done yet, over a good line."""
        for _ in range(times):
            self.everybody_meets()
            drafts = [header for court in self.courts.values() for header in self.drafts(court, matter)]
            done = self.hub.matters[matter].state.times
            fresh = [header for header in drafts if header.kind not in done]
            if drafts:
                header = data.draw(st.sampled_from(fresh or drafts))
                assert self.courts[header.sender].make(header) is None

    def drafts(self, court, matter, only=""):
        """What a court can do as far as it knows; of one kind alone if *only* says which."""
        view = court.view(matter)
        if view is None:
            return []
        moves = RULES.kind(view.kind).moves
        wanted = [moves[only]] if only else [move for move in moves.values() if not move.starts]
        found = [filled_in(court, matter, move) for move in wanted if can_act(move, view, court.name)]
        return [header for header in found if court.judge(header) is None]

    @rule(matter=matters, name=st.sampled_from(EVERYBODY), data=st.data())
    def act_wrongly(self, matter, name, data):
        """Send what no node has judged; the hub refuses it with the rule that forbids it, or takes it."""
        court, held = self.courts[name], self.hub.matters[matter]
        if court.view(matter) is None:
            return
        moves = [move for move in RULES.kind(self.kind).moves.values() if not move.starts]
        move = data.draw(st.sampled_from(moves))
        header = filled_in(court, matter, move)
        told = decide(held.state, header, held.footing(header.base), RULES, HUB_COURT, CALENDAR)
        bold = Court(name, self.clock)
        bold.judge = lambda _: None
        bold.make(header)
        self.hub.push(bold.journal[0])
        assert decode_ruling(decode_entry(self.hub.log[-1])[1]).accepted == (told is None)
        if told is not None and told.reason not in NO_RULE_FORBIDS:
            assert set(told.source.split("；")) <= self.sources(move)
            assert as_error(told, held.state.state).metadata["source"] == told.source

    def sources(self, move):
        """The rules that may forbid *move*: its own, those of periods, those that ask for papers."""
        rules, local = RULES.kind(self.kind), RULES.rules(self.kind, *COURTS[:2])
        limits = (*rules.limits.values(), *local.limits.values())
        cited = [move, *limits, *rules.papers, *rules.feedback]
        return {each.citation.source for each in cited}

    @rule(ms=st.sampled_from([1, 3_600_000, DAY, 4 * DAY, 40 * DAY]))
    def time_passes(self, ms):
        self.clock.now += ms

    # What the line does.

    @rule(name=st.sampled_from(EVERYBODY))
    def lose_or_find_the_line(self, name):
        self.offline ^= {name}

    @rule(name=st.sampled_from(EVERYBODY), pushed=st.integers(0, 6), fetched=st.integers(0, 8))
    def talk(self, name, pushed, fetched):
        if name not in self.offline:
            self.talk_on(self.courts[name], pushed, fetched)

    def talk_on(self, court, pushed, fetched):
        for data in court.journal[court.pushed : court.pushed + pushed]:
            self.hub.push(data)
        court.pushed = min(court.pushed + pushed, len(court.journal))
        for item in self.hub.feeds.get(court.name, [])[max(0, court.cursor - 2) : court.cursor + fetched]:
            court.deliver(item)

    @rule()
    def everybody_meets(self):
        """Push and deliver everything: afterwards all parties hold the same history, and nothing is pending."""
        for court in self.courts.values():
            self.talk_on(court, len(court.journal), 0)
        for court in self.courts.values():
            self.talk_on(court, 0, len(self.hub.log) * 2)
            assert not any(court.pending.values())
        for matter, held in self.hub.matters.items():
            for name in {held.state.sender, held.state.receiver, HUB_COURT}:
                assert self.courts[name].accepted[matter] == held.state

    # What must always hold.

    def headers(self, matter):
        self.the_log_follows_the_law()
        return [header for header, _ in self.history[matter]]

    @invariant()
    def the_log_follows_the_law(self):
        for entry in self.hub.log[self.judged :]:
            self.judged += 1
            header_bytes, ruling_bytes = decode_entry(entry)
            header, ruling = decode_header(header_bytes), decode_ruling(ruling_bytes)
            if not ruling.accepted:
                continue
            event(f"accepted {header.kind}")
            self.accepted[header.kind] += 1
            history = self.history.setdefault(header.instruction, [])
            check(history, header, ruling.at)
            history.append((header, ruling.at))

    @invariant()
    def sums_are_right_to_the_fen(self):
        self.the_log_follows_the_law()
        for matter, held in self.hub.matters.items():
            controlled = {}
            for header, _ in self.history.get(matter, []):
                controlled |= dict(header.facts.get("controlled", []))
                for number, _ in header.facts.get("rejections", []):
                    controlled.pop(number, None)
            assert held.state.controlled == controlled
            assert held.state.is_sum_reached == (
                bool(held.state.ordered) and sum(controlled.values()) >= sum(held.state.ordered.values())
            )

    @invariant()
    def an_open_matter_has_an_owner(self):
        for held in self.hub.matters.values():
            state = held.state
            assert state.sender != state.receiver
            assert {state.sender, state.receiver} <= set(EVERYBODY)
            assert not (state.is_open and state.state in FINAL_STATES)

    def nothing_is_stuck(self):
        """Whoever has an open matter, somebody who can be reached can take it further, at once or after a wait."""
        self.clock.now += 40 * DAY
        moves = RULES.kind(self.kind).moves
        for matter, held in self.hub.matters.items():
            headers = [header for court in self.courts.values() for header in self.drafts(court, matter)]
            assert not held.state.is_open or any(not moves[header.kind].commutes for header in headers)

    def deadlines_are_kept(self):
        """However the events came in, they make the same deadlines; none is lost, runs twice or is climbed twice."""
        for events in self.history.values():
            history = [Accepted(seq, header, at) for seq, (header, at) in enumerate(events, 1)]
            stages = list(stages_of(history, RULEBOOKS, SETTING))
            mixed = [*reversed(history), *history[::2]]
            assert deadlines_of(mixed, RULEBOOKS, SETTING) == deadlines_of(history, RULEBOOKS, SETTING)
            for before, after in pairwise(stages):
                assert rounds(before) <= rounds(after)
            last = stages[-1]
            running = [each.clock for each in last.clocks.deadlines if each.is_open]
            assert len(running) == len(set(running))
            rules = RULES.rules(last.after.kind, last.after.sender, last.after.receiver)
            until = self.clock.now + 40 * DAY
            climbed = list(climbs_within(stages, rules.limits, shipped_rules(), SETTING.calendar, until))
            keys = [
                (each.deadline.clock, each.deadline.round, each.deadline.due_at, each.climb.step)
                for each in climbed
            ]
            assert len(keys) == len(set(keys))

    def teardown(self):
        self.everybody_meets()
        self.the_log_follows_the_law()
        self.deadlines_are_kept()
        self.nothing_is_stuck()
        for held in self.hub.matters.values():
            assert decode_instruction(encode_instruction(held.state)) == held.state


def rounds(stage):
    return {(deadline.clock, deadline.round) for deadline in stage.clocks.deadlines}


def check(history, header, at):
    """Judge one accepted event by the history before it."""
    kinds = [earlier.kind for earlier, _ in history]
    if not history:
        assert header.kind == "Issued"
        return
    times = {earlier.kind: when for earlier, when in history}
    last = {kind: len(kinds) - 1 - kinds[::-1].index(kind) for kind in kinds}
    # Nobody but the superior puts a court in a party's place; the old one acts no more.
    sender, receiver = parties(history)
    assert header.sender in (sender, receiver, HUB_COURT)
    if header.kind in ("Rerouted", "Forwarded", "SenderTransferred"):
        assert header.sender == HUB_COURT
    # What has ended stays so; only judgements follow, or a return is overruled.
    if set(kinds) & ENDS:
        assert header.kind in AFTER_THE_END
    overruled = last.get("ObjectionUpheld", -1)
    if last.get("Returned", -1) > overruled:
        objection = {"ReturnObjected", "ObjectionUpheld", "ObjectionDismissed"}
        assert header.kind in AFTER_THE_END | objection
    # No return without communication and approval.
    if header.kind == "Returned":
        since = max(last.get("Rerouted", 0), last.get("Forwarded", 0))
        assert last["ContactLogged"] > since
        assert last["ReturnProposed"] > since
        assert header.facts["role"] in ("CENTRE_DIRECTOR", "BUREAU_CHIEF")
    # A stopped matter makes no new measure.
    if "Stopped" in kinds:
        assert header.kind not in MEASURES
        if header.kind == "StopReported":
            arrived = times["StopArrived"]
            done = dict(header.facts.get("done", []))
            made = [number for number, outcome, _ in header.facts["outcomes"] if outcome.endswith("DONE")]
            known = {number for earlier, _ in history for number, *_ in earlier.facts.get("outcomes", [])}
            assert all(done[number] <= arrived for number in made if number not in known)
    if header.kind == "Escalated":
        assert kinds.count("ResultRejected") >= 2
    if (
        header.kind == "Nudged"
        and "Nudged" in kinds[max(last.get("Rerouted", 0), last.get("Forwarded", 0)) :]
    ):
        assert header.at - times["Nudged"] > DAY
    if header.kind == "ComplaintRuled":
        assert last["Complained"] > last.get("ComplaintRuled", -1)
    if "due" in header.facts and header.kind in ("ExtensionGranted", "Resumed"):
        assert header.facts["due"] >= due_before(history)


def parties(history):
    sender, receiver = history[0][0].sender, history[0][0].to
    for header, _ in history[1:]:
        if header.kind == "SenderTransferred":
            sender = header.to
        if header.kind in ("Rerouted", "Forwarded"):
            receiver = header.to
    return sender, receiver


def due_before(history):
    due = history[0][0].facts["due"]
    for header, _ in history[1:]:
        if header.kind in SHIFTS_THE_END | {"ResultRejected", "ReplyReturned"}:
            due = header.facts.get("due", due)
    return due


@pytest.mark.timeout(600)  # Hypothesis shrinks a failure for five minutes.
@pytest.mark.parametrize("kind", sorted(RULES.kinds))
def test_every_move_is_accepted(kind):
    """Drive a kind to each of its moves, some at a time, in the same examples each time: none is left to chance."""
    rules = RULES.kind(kind)
    goals, accepted = list(ways(kind).values()), Counter()
    for first in range(0, len(goals), AT_ONCE):
        parts = {"kind": kind, "goals": goals[first : first + AT_ONCE], "accepted": accepted}
        machine = type("EveryMoveOfAKind", (EveryMove,), parts)
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=3, stateful_step_count=15, deadline=None, derandomize=True, database=None
            ),
        )
    # Only a kind that may go before its papers, or a consent in writing, has them to follow.
    never = set() if rules.phone_first_acts else {"UrgentPapersSupplied"}
    never |= set() if rules.is_approved else {"ConsentWritten"}
    assert accepted.keys() == rules.moves.keys() - never
