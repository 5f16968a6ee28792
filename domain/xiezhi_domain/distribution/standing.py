"""What is still awaited before a plan is settled, and what became of each objection (民诉法解释 509, 510).

Periods run from the receipt by each party, not from the day on which a court writes it down: an objection that was
handed in in time stays so, however late it reaches the presiding court.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xiezhi_domain.distribution.disputes import Settlement, settle
from xiezhi_domain.distribution.register import Objection, Receipt, Register
from xiezhi_domain.terms import EventKind
from xiezhi_domain.terms.distribution import DistributionWait, ObjectionFate


@dataclass(frozen=True, slots=True)
class Periods:
    """The last moments (ms) of the periods that a receipt at some time (ms) begins."""

    objection: Callable[[int], int]
    counter: Callable[[int], int]
    suit: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something awaited of a party (0: the debtor), of an objection (empty: of the plan), until a time (ms, or 0)."""

    wait: DistributionWait
    party: int = 0
    objection: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A distribution at the time `now` (ms) under `periods`."""

    register: Register
    periods: Periods
    now: int

    def awaited(self) -> Iterator[Awaited]:
        """Give everything that a settlement waits for; nothing if it may be made."""
        plan = self.register.plan
        if plan is None:
            yield Awaited(DistributionWait.NO_PLAN)
            return
        if self._claims_changed():
            yield Awaited(DistributionWait.CLAIMS_CHANGED)
        for party in self.register.parties:
            receipt = self.plan_receipt(party)
            yield from self._period(
                receipt,
                Awaited(DistributionWait.PLAN_RECEIPT, party),
                DistributionWait.OBJECTION_PERIOD,
                self.periods.objection,
            )
        for objection in self.register.objections_to_the_plan:
            if not self._is_late(objection):
                yield from self._of_objection(objection)

    def fate(self, objection: Objection) -> ObjectionFate:
        """Return what became of *objection* until now."""
        if self._is_late(objection):
            return ObjectionFate.LATE
        if any(True for _ in self._of_objection(objection)):
            return ObjectionFate.OPEN
        if not self.opponents(objection):
            return ObjectionFate.UPHELD
        return ObjectionFate.SUED if self._suit_in_time(objection) else ObjectionFate.DROPPED

    def settlement(self) -> Settlement | None:
        """Return what is paid and what is deposited; None while something is awaited.

        :raises LimitExceeded: too many suits.
        """
        plan = self.register.plan
        if plan is None or any(True for _ in self.awaited()):
            return None
        by_fate = {fate: [each.correction for each in self.with_fate(fate)] for fate in ObjectionFate}
        return settle(plan, by_fate[ObjectionFate.UPHELD], by_fate[ObjectionFate.SUED])

    def with_fate(self, fate: ObjectionFate) -> list[Objection]:
        """Return the objections to the plan of which *fate* became."""
        return [each for each in self.register.objections_to_the_plan if self.fate(each) is fate]

    def plan_receipt(self, party: int) -> Receipt | None:
        """Return when and how *party* was served with the plan in force."""
        number = self.register.plan.number if self.register.plan else 0
        return self.register.receipts.get((EventKind.PLAN_RECEIVED, str(number), party))

    def opponents(self, objection: Objection) -> list[int]:
        """Return the parties who opposed *objection* in time."""
        found = []
        for (known, party), handed_in in self.register.counters.items():
            receipt = self._receipt(EventKind.OBJECTION_RECEIVED, objection.id, party)
            if known == objection.id and (
                receipt is None or handed_in <= self.periods.counter(receipt.received)
            ):
                found.append(party)
        return sorted(found)

    def _claims_changed(self) -> bool:
        """Return whether the plan is not that of the claims that take part: then a new one has to be made."""
        assert self.register.plan is not None, "checked by awaited"
        plan = self.register.plan
        taking_part = self.register.taking_part.values()
        gone = {member.claim.number for member in self.register.members.values() if member.left}
        return any(member.plan != plan.number for member in taking_part) or any(
            claim.number in gone for claim in plan.claims
        )

    def _of_objection(self, objection: Objection) -> Iterator[Awaited]:
        members = self.register.taking_part.values()
        if any(objection.id not in member.notified for member in members):
            yield Awaited(DistributionWait.NOTICE, objection.party, objection.id)
            return
        if not self.opponents(objection):
            for party in self.register.parties:
                if party != objection.party:
                    receipt = self._receipt(EventKind.OBJECTION_RECEIVED, objection.id, party)
                    awaited = Awaited(DistributionWait.NOTICE_RECEIPT, party, objection.id)
                    yield from self._period(
                        receipt, awaited, DistributionWait.COUNTER_PERIOD, self.periods.counter
                    )
            return
        if self._suit_in_time(objection):
            return
        if any(objection.id not in member.told for member in members):
            yield Awaited(DistributionWait.TELLING, objection.party, objection.id)
            return
        receipt = self._receipt(EventKind.COUNTER_OBJECTION_RECEIVED, objection.id, objection.party)
        awaited = Awaited(DistributionWait.TELLING_RECEIPT, objection.party, objection.id)
        yield from self._period(receipt, awaited, DistributionWait.SUIT_PERIOD, self.periods.suit)

    def _period(
        self, receipt: Receipt | None, awaited: Awaited, wait: DistributionWait, end: Callable[[int], int]
    ) -> Iterator[Awaited]:
        if receipt is None:
            yield awaited
        elif self.now <= (until := end(receipt.received)):
            yield Awaited(wait, awaited.party, awaited.objection, until)

    def _is_late(self, objection: Objection) -> bool:
        receipt = self.plan_receipt(objection.party)
        return receipt is not None and objection.handed_in > self.periods.objection(receipt.received)

    def _suit_in_time(self, objection: Objection) -> bool:
        filed = self.register.suits.get(objection.id)
        receipt = self._receipt(EventKind.COUNTER_OBJECTION_RECEIVED, objection.id, objection.party)
        return filed is not None and (receipt is None or filed <= self.periods.suit(receipt.received))

    def _receipt(self, kind: EventKind, objection: str, party: int) -> Receipt | None:
        return self.register.receipts.get((kind, objection, party))
