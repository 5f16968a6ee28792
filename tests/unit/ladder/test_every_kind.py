"""Every kind among two courts, a third one (改派) and the superior, with lost lines, repeats and any order of arrival.

What must never happen is judged on the hub's log alone, without `decide` and without the rulebook's conditions.
"""

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from tests.unit.ladder.model import HUB_COURT, RULES, Clock, Court, Hub
from tests.unit.ladder.orders import COURTS, DAY, SUMS, can_act, filled_in, issued_facts

from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import decode_entry, decode_ruling
from xiezhi_domain.ladder import FINAL_STATES
from xiezhi_domain.ladder.instruction import decode_instruction, encode_instruction

KINDS = sorted(RULES.kinds)
EVERYBODY = [*COURTS, HUB_COURT]
MEASURES = {"ProgressReported", "Completed"}
ENDS = {"Confirmed", "ConfirmedFor", "Withdrawn", "StopReported", "SupervisionClosed", "Revoked"}
AFTER_THE_END = {
    *("Evaluated", "Complained", "ComplaintExplained", "ComplaintRuled", "DisputeRuled"),
    *("Supervised", "SupervisionEnded"),
}
SHIFTS_THE_END = {"ExtensionGranted", "Resumed", "Rerouted", "Forwarded", "UrgencyLowered"}
WAYS = [
    [],
    ["Delivered", "Signed", "Assigned"],
    ["Delivered", "Signed", "Assigned", "Completed"],
    ["Delivered", "Signed", "ContactLogged", "ReturnProposed", "Returned"],
    ["Delivered", "Signed", "Assigned", "Stopped"],
    ["Delivered", "Signed", "Assigned", *2 * ["Completed", "ResultRejected"]],
    ["Delivered", "Signed", "Assigned", "SupervisionReplied"],
]


class EveryKind(RuleBasedStateMachine):
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

    @initialize(
        target=matters,
        kind=st.sampled_from(KINDS),
        way=st.sampled_from(WAYS),
        urgent=st.booleans(),
        receiver=st.sampled_from([COURTS[1], COURTS[1], COURTS[1], HUB_COURT]),
    )
    def issue(self, kind, way, urgent, receiver):
        rules = RULES.kind(kind)
        sender = COURTS[0]
        if rules.ladder == "supervision":
            sender, receiver = HUB_COURT, COURTS[1]
        matter, now = self.clock.new_id(), self.clock.now
        more = {"ordered": [list(row) for row in SUMS.items()]} if rules.max_items else {}
        if urgent:
            more |= {"urgent": True, "due": now + DAY, "lane": 1}
        if urgent and "urgency" in rules.reasons:
            more["urgent_reason"] = "SAFETY"
        if urgent and rules.phone_first_acts:
            acts = sorted(rules.phone_first_acts)
            more |= {"phone_first": True, "items": [[1, str(acts[0])], [2, str(acts[-1])]], "papers": {}}
        header = self.courts[sender].draft(
            matter, "Issued", receiver, issued_facts(kind, sender, now, **more)
        )
        assert self.courts[sender].make(header) is None
        for step in way:
            self.everybody_meets()
            self.make_if_possible(matter, step)
        self.everybody_meets()
        return matter

    def make_if_possible(self, matter, kind):
        move = RULES.kind(self.courts[HUB_COURT].view(matter).kind).moves.get(kind)
        for court in self.courts.values():
            view = court.view(matter)
            if move and view and can_act(move, view, court.name):
                court.make(filled_in(court, matter, move))
                return

    @rule(matter=matters, name=st.sampled_from(EVERYBODY), times=st.integers(1, 4), data=st.data())
    def act(self, matter, name, times, data):
        """Make events that the court's own view allows, each on top of the one before."""
        for _ in range(times):
            drafts = self.drafts(self.courts[name], matter)
            if drafts:
                assert self.courts[name].make(data.draw(st.sampled_from(drafts))) is None

    @rule(matter=matters, times=st.integers(1, 8), data=st.data())
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

    def drafts(self, court, matter):
        view = court.view(matter)
        if view is None:
            return []
        moves = [move for move in RULES.kind(view.kind).moves.values() if not move.starts]
        found = [filled_in(court, matter, move) for move in moves if can_act(move, view, court.name)]
        return [header for header in found if court.judge(header) is None]

    @rule(matter=matters, name=st.sampled_from(EVERYBODY), data=st.data())
    def act_wrongly(self, matter, name, data):
        """Send what no node has judged."""
        court = self.courts[name]
        view = court.view(matter)
        if view is not None:
            moves = [move for move in RULES.kind(view.kind).moves.values() if not move.starts]
            header = filled_in(court, matter, data.draw(st.sampled_from(moves)))
            self.hub_takes(header)

    def hub_takes(self, header):
        court = Court(header.sender, self.clock)
        court.judge = lambda _: None
        court.make(header)
        self.hub.push(court.journal[0])

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
            assert decode_instruction(encode_instruction(held.state)) == held.state

    # What must always hold.

    @invariant()
    def the_log_follows_the_law(self):
        for entry in self.hub.log[self.judged :]:
            self.judged += 1
            header_bytes, ruling_bytes = decode_entry(entry)
            header, ruling = decode_header(header_bytes), decode_ruling(ruling_bytes)
            if not ruling.accepted:
                continue
            event(f"accepted {header.kind}")
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
            assert state.receiver in EVERYBODY
            assert not (state.is_open and state.state in FINAL_STATES)

    def teardown(self):
        self.everybody_meets()
        self.the_log_follows_the_law()


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


TestEveryKind = EveryKind.TestCase
TestEveryKind.pytestmark = pytest.mark.timeout(600)  # Hypothesis shrinks a failure for five minutes.
TestEveryKind.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
