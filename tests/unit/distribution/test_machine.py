"""One distribution over several matters: creditors join, leave, object, sue; lines are lost, events come late, twice.

Judged on the hub's log alone, by sums and not by the functions that made them:

- whatever was paid in all matters together is never more than what was to be shared out;
- a share is paid only where every matter that takes part was told the same settlement, and what it was told;
- with all paid, no fen is lost: costs, payments, own claims, remainder and what is still deposited make up the sum.
"""

from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.unit.ladder.model import CALENDAR, RULES, Clock, Court, Hub
from tests.unit.ladder.orders import DAY, facts_of_order

from xiezhi_domain.clocks.period import end_of_period
from xiezhi_domain.distribution import presiding
from xiezhi_domain.distribution.plan import Correction, Plan, corrected
from xiezhi_domain.distribution.register import Entry, register_of
from xiezhi_domain.distribution.shares import Claim, Mode
from xiezhi_domain.distribution.standing import Periods, Standing
from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import decode_entry, decode_ruling
from xiezhi_domain.terms import EventKind
from xiezhi_domain.terms.distribution import ObjectionFate

KIND = RULES.kind("DISTRIBUTION")
PRESIDING, APPLICANTS = "苏0509", ["苏0591", "苏0508"]
DISTRIBUTION = "00000000-0000-7000-8000-000000000001"
OWN = 50
"""The presiding court's own claim."""
DEBTOR = 0
RECEIPTS = [
    EventKind.PLAN_RECEIVED,
    EventKind.OBJECTION_RECEIVED,
    EventKind.COUNTER_OBJECTION_RECEIVED,
]


class Node(Court):
    """A court that keeps the events of its matters."""

    def __init__(self, name, clock):
        super().__init__(name, clock)
        self.known = {}

    def _accept(self, data, ruling, leaf):
        super()._accept(data, ruling, leaf)
        header = decode_header(data)
        self.known.setdefault(header.instruction, []).append(header)

    def register(self, *, accepted=False):
        """The distribution as this court sees it, own events included that the hub has not ruled on."""
        pending = {} if accepted else self.pending
        return register_of(
            Entry(header.id, matter, header.kind, header.facts)
            for matter in self.accepted
            for header in [
                *self.known[matter],
                *(each.header for each in pending.get(matter, [])),
            ]
        )

    def act(self, matter, kind, facts=()):
        """Make an event if the court's own judgement allows it."""
        role = {"role": min(KIND.moves[kind].roles)}
        view = self.view(matter)
        header = self.draft(matter, kind, view.other_court(self.name), {**dict(facts), **role})
        return self.make(header) is None

    def can(self, matter, kind):
        return self.view(matter) is not None and self.view(matter).state in KIND.moves[kind].origins


def ends(name):
    limit = KIND.limits[name]
    return lambda at: end_of_period(at, limit.amount, limit.unit, CALENDAR)


PERIODS = Periods(ends("objection"), ends("counter"), ends("suit"))


class OneDistribution(RuleBasedStateMachine):
    counted: ClassVar[Counter[str]] = Counter()

    def __init__(self):
        super().__init__()
        self.made = Counter()
        self.clock = Clock()
        self.hub = Hub(self.clock)
        self.courts = {name: Node(name, self.clock) for name in [*APPLICANTS, PRESIDING]}
        self.offline = set()
        self.matters = []
        self.judged = 0
        self.history = {}

    @property
    def presiding(self):
        return self.courts[PRESIDING]

    @property
    def standing(self):
        return Standing(self.presiding.register(), PERIODS, self.clock.now)

    def sender_of(self, matter):
        return self.courts[self.hub.matters[matter].state.sender]

    # Creditors come and go.

    @initialize(amounts=st.lists(st.integers(1, 10**9), min_size=2, max_size=3), total=st.integers(1, 10**9))
    def begin(self, amounts, total):
        """A plan for the claims of two or three courts' creditors has reached everybody."""
        for at, amount in enumerate(amounts):
            self.join(APPLICANTS[at % 2], amount, rank=0)
        self.issue(total, costs=total // 100, own=amounts[0])
        self.everybody_meets()
        self.serve_everybody()
        self.everybody_meets()

    @precondition(lambda self: len(self.matters) < 4)
    @rule(
        name=st.sampled_from(APPLICANTS), amount=st.integers(1, 10**9), rank=st.sampled_from([0, 0, 0, 1, 2])
    )
    def apply(self, name, amount, rank):
        self.join(name, amount, rank)

    def join(self, name, amount, rank):
        matter, court = self.clock.new_id(), self.courts[name]
        facts = facts_of_order(KIND, name, self.clock.now)
        assert court.make(court.draft(matter, "Issued", PRESIDING, facts)) is None
        self.matters.append(matter)
        self.everybody_meets()
        for kind in ("Delivered", "Signed", "Assigned"):
            role = {"role": min(KIND.moves[kind].roles)} if KIND.moves[kind].roles else {}
            header = self.presiding.draft(matter, kind, name, role)
            assert self.presiding.make(header) is None
        register = self.presiding.register()
        if any(member.payments is not None for member in register.taking_part.values()):
            return
        taken = {member.claim.number for member in register.members.values()}
        facts = {
            "distribution": DISTRIBUTION,
            "claim": max(taken, default=0) + 1,
            "amount": amount,
            "rank": rank,
            "debtor": "NATURAL_PERSON",
        }
        assert self.presiding.act(matter, "ParticipationAdmitted", facts)

    @precondition(lambda self: self.matters)
    @rule(data=st.data())
    def withdraw(self, data):
        matter = data.draw(st.sampled_from(self.matters))
        court = self.sender_of(matter)
        if court.can(matter, "Withdrawn") and data.draw(st.integers(0, 3)) == 0:
            court.act(matter, "Withdrawn")

    # The presiding court tells all at once.

    def tell(self, kind, told):
        """Make the events in all matters or in none, as one transaction does."""
        before = {matter: list(chain) for matter, chain in self.presiding.pending.items()}
        journal = len(self.presiding.journal)
        if all(self.presiding.act(matter, kind, facts) for matter, facts in told.items()):
            return
        self.presiding.pending = before
        del self.presiding.journal[journal:]

    @rule(total=st.integers(1, 3 * 10**9), costs=st.integers(0, 10**7), own=st.integers(1, 10**9))
    def issue_plan(self, total, costs, own):
        self.issue(total, costs, own)

    def issue(self, total, costs, own):
        register = self.presiding.register()
        claims = [member.claim for member in register.taking_part.values()]
        plan = Plan(0, total, costs, Mode.PRO_RATA, (*claims, Claim(OWN, own)))
        try:
            told = presiding.issue_plan(register, DISTRIBUTION, plan)
        except DomainError:
            return
        self.tell("PlanIssued", told)

    @rule(data=st.data())
    def receive(self, data):
        """Everybody who can be is served with what he was not served with yet."""
        for kind in RECEIPTS:
            for matter in self.matters:
                self.receive_in(self.sender_of(matter), matter, kind, data)
            for party in (DEBTOR, OWN):
                for facts in self.receipt_facts(self.presiding.register(), kind, party):
                    self.tell(kind, presiding.everywhere(self.presiding.register(), facts))

    def receive_in(self, court, matter, kind, data):
        register = court.register()
        member = register.taking_part.get(matter)
        if member is not None and court.can(matter, kind) and data.draw(st.integers(0, 4)):
            for facts in self.receipt_facts(register, kind, member.claim.number):
                court.act(matter, kind, facts)

    def receipt_facts(self, register, kind, party):
        if register.plan is None or not register.taking_part or party not in register.parties:
            return
        common = {"party": party, "received": self.clock.now, "way": "DIRECT"}
        if kind == EventKind.PLAN_RECEIVED:
            if (kind, str(register.plan.number), party) not in register.receipts:
                yield {**common, "plan": register.plan.number}
            return
        for objection in register.objections_to_the_plan:
            is_objector = objection.party == party
            if (kind, objection.id, party) not in register.receipts and (
                is_objector == (kind == EventKind.COUNTER_OBJECTION_RECEIVED)
            ):
                yield {**common, "objection": objection.id}

    @precondition(lambda self: self.matters)
    @rule(data=st.data(), amount=st.integers(0, 10**9))
    def object(self, data, amount):
        matter = data.draw(st.sampled_from(self.matters))
        court = self.sender_of(matter)
        register = court.register()
        member = register.taking_part.get(matter)
        if member is None or register.plan is None:
            return
        target = data.draw(st.sampled_from([claim.number for claim in register.plan.claims]))
        self.object_in(matter, member.claim.number, Correction({target: amount}, {}))

    def object_in(self, matter, party, correction):
        court = self.sender_of(matter)
        facts = {
            "plan": court.register().plan.number,
            "party": party,
            "handed_in": self.clock.now,
            "ground": "AMOUNT",
            **correction.facts(),
        }
        court.act(matter, "PlanObjected", facts)

    @rule()
    def notify(self):
        register = self.presiding.register()
        for objection in register.objections_to_the_plan:
            if any(objection.id not in member.notified for member in register.taking_part.values()):
                facts = {
                    "objection": objection.id,
                    "plan": objection.plan,
                    "party": objection.party,
                    "handed_in": objection.handed_in,
                    "ground": objection.ground,
                    **objection.correction.facts(),
                }
                self.tell("ObjectionNotified", presiding.everywhere(self.presiding.register(), facts))

    @precondition(lambda self: self.matters)
    @rule(data=st.data())
    def counter_object(self, data):
        self.oppose(data.draw(st.sampled_from(self.matters)), data)

    def oppose(self, matter, data):
        court = self.sender_of(matter)
        register = court.register()
        member = register.taking_part.get(matter)
        others = [
            each
            for each in register.objections_to_the_plan
            if member is not None and each.party != member.claim.number
        ]
        if others:
            self.oppose_in(matter, data.draw(st.sampled_from(others)))

    def oppose_in(self, matter, objection):
        court = self.sender_of(matter)
        facts = {
            "objection": objection.id,
            "party": court.register().members[matter].claim.number,
            "handed_in": self.clock.now,
        }
        court.act(matter, "CounterObjected", facts)

    @rule()
    def tell_counters(self):
        register = self.presiding.register()
        for (objection, party), handed_in in register.counters.items():
            members = register.taking_part.values()
            if any(objection not in member.told for member in members):
                facts = {"objection": objection, "party": party, "handed_in": handed_in}
                self.tell("CounterObjectionTold", presiding.everywhere(register, facts))

    @precondition(lambda self: self.matters)
    @rule(data=st.data())
    def sue(self, data):
        self.sue_in(data.draw(st.sampled_from(self.matters)))

    def sue_in(self, matter):
        court = self.sender_of(matter)
        member = court.register().taking_part.get(matter)
        for objection in court.register().objections_to_the_plan:
            if member is not None and objection.party == member.claim.number:
                facts = {
                    "objection": objection.id,
                    "party": objection.party,
                    "filed": self.clock.now,
                }
                court.act(matter, "SuitProved", facts)

    @rule()
    def settle(self):
        try:
            kind, told = presiding.settle_plan(self.standing, DISTRIBUTION)
        except DomainError:
            return
        self.tell(kind, told)

    @rule()
    def pay(self):
        """What is due is paid where the hub has accepted the settlement in every matter."""
        register = self.presiding.register(accepted=True)
        for matter, member in register.taking_part.items():
            try:
                presiding.check_payment(register, matter, member.due - member.paid)
            except DomainError:
                continue
            if not self.presiding.pending.get(matter):
                facts = {"paid": member.due - member.paid, "paid_at": self.clock.now}
                self.presiding.act(matter, "SharePaid", facts)

    @rule(data=st.data())
    def judge(self, data):
        standing = Standing(self.presiding.register(accepted=True), PERIODS, self.clock.now)
        if any(self.presiding.pending.values()) or standing.register.plan is None:
            return
        sued = [each.correction for each in standing.with_fate(ObjectionFate.SUED)]
        try:
            self.release([correction for correction in sued if data.draw(st.booleans())])
        except DomainError:
            return

    def release(self, won):
        standing = Standing(self.presiding.register(accepted=True), PERIODS, self.clock.now)
        told = presiding.release_deposit(standing, DISTRIBUTION, won, self.clock.now)
        self.tell("DepositReleased", told)

    @precondition(lambda self: self.matters)
    @rule(data=st.data())
    def dispute(self, data):
        """An objection goes to court over a good line."""
        self.everybody_meets()
        matter = data.draw(st.sampled_from(self.matters))
        member = self.sender_of(matter).register().taking_part.get(matter)
        register = self.presiding.register()
        if member is None or register.plan is None or not self.sender_of(matter).can(matter, "PlanObjected"):
            return
        target = data.draw(st.sampled_from([claim.number for claim in register.plan.claims]))
        amount = data.draw(st.integers(0, 10**9))
        self.object_in(matter, member.claim.number, Correction({target: amount}, {}))
        self.everybody_meets()
        self.notify()
        self.everybody_meets()
        for other in self.matters:
            self.oppose(other, data)
        self.everybody_meets()
        self.tell_counters()
        self.everybody_meets()
        if data.draw(st.booleans()):
            self.sue_in(matter)

    @rule()
    def all_goes_its_way(self):
        """Over a good line, every step that is open is taken until the money is paid."""
        self.offline.clear()
        for days in (0, 20, 20, 20):
            self.clock.now += days * DAY
            for step in (self.notify, self.tell_counters, self.serve_everybody, self.settle, self.pay):
                self.everybody_meets()
                step()
        self.everybody_meets()

    def serve_everybody(self):
        for kind in RECEIPTS:
            for party in (DEBTOR, OWN):
                for facts in self.receipt_facts(self.presiding.register(), kind, party):
                    self.tell(kind, presiding.everywhere(self.presiding.register(), facts))
            for matter in self.matters:
                court = self.sender_of(matter)
                member = court.register().taking_part.get(matter)
                if member is not None and court.can(matter, kind):
                    for facts in self.receipt_facts(court.register(), kind, member.claim.number):
                        court.act(matter, kind, facts)

    # What the line and the clock do.

    @rule(days=st.sampled_from([0, 1, 5, 16]))
    def time_passes(self, days):
        self.clock.now += days * DAY + 1

    @rule(name=st.sampled_from([*APPLICANTS, PRESIDING]))
    def lose_or_find_the_line(self, name):
        self.offline ^= {name}

    @rule(name=st.sampled_from([*APPLICANTS, PRESIDING]), pushed=st.integers(0, 6), fetched=st.integers(0, 8))
    def talk(self, name, pushed, fetched):
        if name not in self.offline:
            self.talk_on(self.courts[name], pushed, fetched)

    def talk_on(self, court, pushed, fetched):
        first = max(0, court.pushed - 1)
        for data in court.journal[first : court.pushed + pushed]:
            self.hub.push(data)
        court.pushed = min(court.pushed + pushed, len(court.journal))
        for item in self.hub.feeds.get(court.name, [])[max(0, court.cursor - 2) : court.cursor + fetched]:
            court.deliver(item)

    def everybody_meets(self):
        for court in self.courts.values():
            self.talk_on(court, len(court.journal), 0)
        for court in self.courts.values():
            self.talk_on(court, 0, len(self.hub.log) * 2)

    # What must always hold.

    @invariant()
    def no_share_is_lost_or_doubled(self):
        for entry in self.hub.log[self.judged :]:
            self.judged += 1
            header_bytes, ruling = decode_entry(entry)
            header = decode_header(header_bytes)
            if decode_ruling(ruling).accepted:
                self.judge_payment(header)
                self.history.setdefault(header.instruction, []).append(header)
                self.made[header.kind] += 1
                self.counted[header.kind] += 1
        self.sums_are_kept()

    def taking_part(self):
        admitted = {}
        for matter, headers in self.history.items():
            kinds = {header.kind for header in headers}
            if "ParticipationAdmitted" in kinds and not kinds & {"Withdrawn", "DistributionEnded"}:
                admitted[matter] = headers
        return admitted

    def settled(self, headers):
        """What a matter was told of the settlement in force: nothing where a plan or an objection came after it."""
        told = None
        for header in headers:
            if header.kind in ("PlanSettled", "UndisputedSettled"):
                told = header.facts
            if header.kind in ("PlanIssued", "ObjectionNotified"):
                told = None
        return told

    def judge_payment(self, header):
        if header.kind != "SharePaid":
            return
        told = [self.settled(headers) for headers in self.taking_part().values()]
        assert None not in told
        assert all(each["payments"] == told[0]["payments"] for each in told)
        mine = self.history[header.instruction]
        number = next(each.facts["claim"] for each in mine if each.kind == "ParticipationAdmitted")
        due = dict(told[0]["payments"])[number]
        for each in mine:
            if each.kind == "DepositReleased":
                due += dict(each.facts["payments"])[number]
        paid = sum(each.facts["paid"] for each in mine if each.kind == "SharePaid")
        assert paid + header.facts["paid"] == due

    def sums_are_kept(self):
        headers = [header for each in self.history.values() for header in each]
        paid = sum(header.facts["paid"] for header in headers if header.kind == "SharePaid")
        settlements = [
            told for each in self.taking_part().values() if (told := self.settled(each)) is not None
        ]
        if not paid:
            return
        total, costs = settlements[0]["total"], settlements[0]["costs"]
        payments = dict(settlements[0]["payments"])
        deposited, remainder = settlements[0].get("deposited", 0), settlements[0]["remainder"]
        released = next((header.facts for header in headers if header.kind == "DepositReleased"), None)
        if released is not None:
            assert sum(fen for _, fen in released["payments"]) + released["remainder"] == deposited
            for number, fen in released["payments"]:
                payments[number] += fen
            deposited, remainder = 0, remainder + released["remainder"]
        assert costs + sum(payments.values()) + deposited + remainder == total
        assert paid <= sum(fen for number, fen in payments.items() if number != OWN)

    def teardown(self):
        self.everybody_meets()
        self.no_share_is_lost_or_doubled()
        whole = self.presiding.register()
        for matter in self.matters:
            alone = register_of(
                Entry(header.id, matter, header.kind, header.facts) for header in self.history.get(matter, [])
            )
            # Each matter alone shows the plan in force and every objection that was notified.
            if matter in whole.taking_part and alone.plan is not None and whole.plan is not None:
                assert alone.plan.number <= whole.plan.number
                assert alone.members[matter].notified <= whole.objections.keys()


@pytest.mark.timeout(600)  # Hypothesis shrinks a failure for five minutes.
def test_one_distribution_over_many_matters():
    machine = type("Counted", (OneDistribution,), {"counted": Counter()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=20, deadline=None, derandomize=True, database=None
        ),
    )
    assert machine.counted.keys() >= {
        *("Withdrawn", "PlanIssued", "PlanObjected", "ObjectionNotified", "CounterObjected"),
        *("CounterObjectionTold", "PlanSettled", "SharePaid"),
    }


FEN = st.integers(1, 10**9)


@settings(deadline=None)
@given(
    amounts=st.lists(FEN, min_size=2, max_size=3),
    total=FEN,
    target=st.sampled_from([1, 2, OWN]),
    wanted=FEN,
    won=st.booleans(),
)
def test_a_suit_leaves_the_disputed_part_deposited_until_it_is_judged(amounts, total, target, wanted, won):
    play = OneDistribution()
    play.begin(amounts, total)
    objector, *others = play.matters
    play.object_in(objector, 1, Correction({target: wanted}, {}))
    play.everybody_meets()
    play.notify()
    play.everybody_meets()
    objection = play.presiding.register().objections_to_the_plan[0]
    for matter in others:
        play.oppose_in(matter, objection)
    play.everybody_meets()
    play.tell_counters()
    play.everybody_meets()
    play.sue_in(objector)
    play.all_goes_its_way()
    play.no_share_is_lost_or_doubled()
    assert play.made["UndisputedSettled"] == play.made["SharePaid"] == len(amounts)
    assert play.presiding.register().deposited >= 0
    play.release(won=[objection.correction] if won else [])
    play.everybody_meets()
    play.pay()
    play.everybody_meets()
    play.no_share_is_lost_or_doubled()
    assert play.made["DepositReleased"] == len(amounts)
    assert play.presiding.register().deposited == 0
    plan = play.presiding.register().plan
    final = corrected(plan, [objection.correction] if won else []).shares.of
    members = play.presiding.register().members.values()
    assert {member.claim.number: member.paid for member in members} == {
        number: fen for number, fen in final.items() if number != OWN
    }
