"""Two courts and a hub under every order of acting, losing the line, pushing late and twice (ADR 0002)."""

from itertools import pairwise

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace
from tests.unit.ladder.model import HUB_COURT, Clock, Court, Hub
from tests.unit.ladder.moves import CHANGES_NOTHING, EXACT, ISSUERS, MOVES, facts_of

from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.header import Base, decode_header, encode_header, header_hash
from xiezhi_domain.events.ruling import decode_entry, decode_ruling
from xiezhi_domain.evidence.merkle import leaf_hash
from xiezhi_domain.terms import Role

PARTIES = ["苏0591", "苏0508"]
COURTS = st.sampled_from(PARTIES)
ROLES = st.none() | st.sampled_from(["", *Role])
"""None: a role that fits."""
KINDS = st.sampled_from(["Issued", *MOVES, "FromALaterVersion", *3 * sorted(EXACT)])
ANYBODY = st.sampled_from([*PARTIES, *PARTIES, HUB_COURT])
OPENINGS = [
    [],
    ["Delivered", "Signed", "Assigned"],
    ["Delivered", "Signed", "Assigned", "Completed"],
    ["Delivered", "ReturnProposed", "ContactLogged"],
]
POSITION = st.integers(0, 50)


class TwoCourtsAndAHub(RuleBasedStateMachine):
    matters = Bundle("matters")

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.hub = Hub(self.clock)
        self.courts = {name: Court(name, self.clock) for name in [*PARTIES, HUB_COURT]}
        self.offline = set()
        self.judged = 0
        self.history = {}
        self.hashes = {}
        self.refused = {}
        self.last_at = {}

    # What people and machines do.

    @initialize(target=matters, sender=COURTS, opening=st.sampled_from(OPENINGS))
    def issue_the_first(self, sender, opening):
        """Begin where much can happen; what led there was spoken over a good line."""
        matter = self.issue(sender, "CENTRE_OFFICER")
        for kind in opening:
            self.everybody_meets()
            receiver = self.courts[self.other(sender)]
            role = min(MOVES[kind][1], default="")
            assert receiver.make(receiver.draft(matter, kind, sender, facts_of(kind, role))) is None
        self.everybody_meets()
        return matter

    @precondition(lambda self: len(self.hub.matters) < 3)
    @rule(target=matters, sender=COURTS, role=st.sampled_from(sorted(ISSUERS)))
    def issue_another(self, sender, role):
        return self.issue(sender, role)

    def issue(self, sender, role):
        matter = self.clock.new_id()
        court = self.courts[sender]
        header = court.draft(matter, "Issued", self.other(sender), facts_of("Issued", role, sender))
        assert court.make(header) is None
        return matter

    @rule(matter=matters, name=ANYBODY, times=st.integers(1, 4), data=st.data())
    def act(self, matter, name, times, data):
        """Make events that the court's own view allows, each on top of the one before."""
        court = self.courts[name]
        for _ in range(times):
            allowed = self.allowed(court, matter)
            if allowed:
                assert court.make(data.draw(st.sampled_from(allowed))) is None

    def allowed(self, court, matter):
        view = court.view(matter)
        if view is None:
            return []
        drafts = [
            court.draft(matter, kind, view.other_court(court.name), facts_of(kind, min(roles, default="")))
            for kind, (_, roles, _) in MOVES.items()
        ]
        found = [header for header in drafts if court.judge(header) is None]
        return found + 3 * [header for header in found if header.kind not in CHANGES_NOTHING]

    @rule(matter=matters, name=COURTS, kind=KINDS, role=ROLES, age=st.integers(-1, 6))
    def act_wrongly(self, matter, name, kind, role, age):
        """Send what no node has judged: any kind and role, built on an old event, or on none (-1)."""
        court = self.courts[name]
        if role is None:
            role = min(MOVES.get(kind, (None, ISSUERS))[1], default="")
        header = court.draft(matter, kind, self.other(name), facts_of(kind, role))
        bases = [Base(old.id, seq, self.hashes[old.id]) for seq, (old, _) in self.numbered(matter)]
        base = ([Base(), *reversed(bases)] + [header.base] * 8)[age + 1]
        court.journal.append(encode_header(replace(header, base=base)))

    def numbered(self, matter):
        return enumerate(self.history.get(matter, []), 1)

    @rule(ms=st.integers(0, 5))
    def time_passes(self, ms):
        self.clock.now += ms

    # What the line does.

    @rule(name=COURTS)
    def lose_or_find_the_line(self, name):
        self.offline ^= {name}

    @rule(name=ANYBODY, pushed=st.integers(0, 6), fetched=st.integers(0, 8), repeated=st.integers(0, 3))
    def talk(self, name, pushed, fetched, repeated):
        """Push some of the journal and fetch a piece of the feed, the end of the last piece once more."""
        if name not in self.offline:
            self.push(self.courts[name], pushed)
            self.fetch(self.courts[name], fetched, repeated)

    def push(self, court, count):
        for data in court.journal[court.pushed : court.pushed + count]:
            self.hub.push(data)
        court.pushed = min(court.pushed + count, len(court.journal))

    def fetch(self, court, count, repeated):
        first = max(0, court.cursor - repeated)
        for item in self.hub.feeds.get(court.name, [])[first : court.cursor + count]:
            court.deliver(item)

    @rule(name=COURTS, position=POSITION)
    def push_again(self, name, position):
        court = self.courts[name]
        rulings = len(self.hub.log)
        for data in court.journal[position : court.pushed]:
            self.hub.push(data)
        assert len(self.hub.log) == rulings

    @rule()
    def everybody_meets(self):
        """Push and deliver everything: afterwards all hold the same history, and nothing is pending."""
        for court in self.courts.values():
            self.push(court, len(court.journal))
        for court in self.courts.values():
            self.fetch(court, len(self.hub.log), repeated=0)
            assert not any(court.pending.values())
        for matter, held in self.hub.matters.items():
            for court in self.courts.values():
                assert court.accepted.get(matter) == court.view(matter) == held.state

    # What must always hold.

    @invariant()
    def rulings_follow_the_law(self):
        """Judge each new log entry by its history alone, without `decide` and without the rulebook."""
        for entry in self.hub.log[self.judged :]:
            self.judged += 1
            header_bytes, ruling_bytes = decode_entry(entry)
            header, ruling = decode_header(header_bytes), decode_ruling(ruling_bytes)
            history = self.history.setdefault(header.instruction, [])
            last = history[-1] if history else None
            assert ruling.at > self.last_at.get(header.instruction, 0)
            assert ruling.at >= header.at
            assert ruling.prev == (leaf_hash(last[1]).hex() if last else "")
            self.last_at[header.instruction] = ruling.at
            if ruling.accepted:
                assert ruling.seq == len(history) + 1
                self.check_accepted(header, history)
                history.append((header, entry))
                self.hashes[header.id] = header_hash(header_bytes)
            else:
                assert ruling.seq == len(history)
                self.refused[header.id] = ruling.reason
                event(f"refused {ruling.reason}")
            if header.base.id in self.refused:
                assert ruling.reason == "BASE_REFUSED"

    def check_accepted(self, header, history):
        if not history:
            assert header.kind == "Issued"
            return
        issued = history[0][0]
        side = {issued.sender: "sender", issued.to: "receiver", HUB_COURT: "hub"}[header.sender]
        sides, roles, _ = MOVES[header.kind]
        assert side in sides
        assert header.facts.get("role", "") in (roles or {""})
        assert header.base.id in {earlier.id for earlier, _ in history}
        assert not {earlier.kind for earlier, _ in history} & {"Confirmed", "Returned", "Withdrawn"}
        event(f"accepted {header.kind}")
        if header.kind in EXACT:
            base = [earlier.id for earlier, _ in history].index(header.base.id)
            assert all(later.kind in CHANGES_NOTHING for later, _ in history[base + 1 :])

    def feeds_are_chained(self):
        for name, feed in self.hub.feeds.items():
            previous = FIRST
            for number, item in enumerate(feed, 1):
                previous = feed_item_hash(previous, number, item.log_index, leaf_hash(item.entry))
                assert (item.feed_seq, item.hash) == (number, previous)
                assert self.hub.log[item.log_index] == item.entry
                header = decode_header(decode_entry(item.entry)[0])
                assert name in {header.sender, header.to, HUB_COURT} or header.sender == HUB_COURT

    @invariant()
    def pending_chains_hang_together(self):
        """No court goes on building on what it knows to be refused."""
        for court in self.courts.values():
            gone = {work.header.id for work in court.returned}
            for chain in court.pending.values():
                for earlier, later in pairwise(chain):
                    assert later.header.base.id == earlier.header.id
                assert not gone & {item.header.id for item in chain}
                assert not gone & {item.header.base.id for item in chain}

    def teardown(self):
        self.everybody_meets()
        self.rulings_follow_the_law()
        self.feeds_are_chained()

    @staticmethod
    def other(name):
        return PARTIES[1 - PARTIES.index(name)]


TestTwoCourtsAndAHub = TwoCourtsAndAHub.TestCase
TestTwoCourtsAndAHub.pytestmark = pytest.mark.timeout(600)  # Hypothesis shrinks a failure for five minutes.
TestTwoCourtsAndAHub.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
