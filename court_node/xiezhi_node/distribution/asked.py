"""What requests ask for, checked, as facts of headers."""

from collections.abc import Sequence
from dataclasses import dataclass

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi_domain.distribution.plan import Correction
from xiezhi_domain.distribution.register import Objection, Register
from xiezhi_domain.distribution.standing import Standing
from xiezhi_domain.errors import InvalidInput, NotFound, Reason, WrongState
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import EventKind
from xiezhi_domain.terms.distribution import DistributionWait
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.checks import CLOCK_TOLERANCE_MS, check_reason

_RECEIPTS = {
    pb.DISTRIBUTION_PAPER_PLAN: EventKind.PLAN_RECEIVED,
    pb.DISTRIBUTION_PAPER_OBJECTION: EventKind.OBJECTION_RECEIVED,
    pb.DISTRIBUTION_PAPER_COUNTER_OBJECTION: EventKind.COUNTER_OBJECTION_RECEIVED,
}
PAPERS = {kind: paper for paper, kind in _RECEIPTS.items()}
"""What a party was served with, by the event that records it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a distribution at `now` (ms), under *rules*."""

    register: Register
    rules: KindRules
    now: int

    def receipt(self, request: pb.RecordReceiptRequest, party: int) -> tuple[EventKind, JsonObject]:
        """Return the event that records the service of *party*, and its facts.

        :raises InvalidInput: with every wrong field.
        :raises NotFound: no such objection.
        :raises WrongState: there is no plan yet.
        """
        fields = Fields()
        kind = _RECEIPTS.get(request.paper)
        if kind is None:
            fields.add("paper", "请选择送达的文书")
        received = self.moment(fields, "received_at", request.received_at, "收到时间")
        check_reason(fields, "way", request.way, self.rules.reasons["service_way"])
        fields.limit_text("text", request.text, LONGEST_TEXT)
        fields.require_none()
        assert kind is not None, "require_none has raised"
        facts: JsonObject = {"party": party, "received": received, "way": request.way}
        if kind is EventKind.PLAN_RECEIVED:
            return kind, {**facts, "plan": self.plan_number()}
        return kind, {**facts, "objection": self.objection(request.objection_id).id}

    def objection_facts(
        self, party: int, handed_in: Timestamp, ground: str, rows: Sequence[pb.ClaimCorrection], text: str
    ) -> JsonObject:
        """Return the facts of an objection of *party*.

        :raises InvalidInput: with every wrong field.
        """
        fields = Fields()
        plan = self.plan_number()
        moment = self.moment(fields, "handed_in_at", handed_in, "提交异议的时间")
        check_reason(fields, "ground", ground, self.rules.reasons["objection"])
        correction = self.correction(fields, rows)
        if not rows:
            fields.add("corrections", "请写明应如何更正债权的数额或者顺位")
        fields.require_text("text", text, "异议的理由", LONGEST_TEXT)
        fields.require_none()
        return {
            "plan": plan,
            "party": party,
            "handed_in": moment,
            "ground": ground,
            **correction.facts(),
        }

    def correction(self, fields: Fields, rows: Sequence[pb.ClaimCorrection]) -> Correction:
        """Return what *rows* say otherwise than the plan; notes what is wrong with them."""
        plan = self.register.plan
        amounts: dict[int, int] = {}
        ranks: dict[int, int] = {}
        seen: set[int] = set()
        for at, row in enumerate(rows):
            field, claim = f"corrections[{at}]", plan.claim(row.claim) if plan else None
            if claim is None or row.claim in seen:
                fields.add(f"{field}.claim", "应为分配方案中的债权序号，且不能重复")
                continue
            seen.add(row.claim)
            fields.require_amount(f"{field}.amount_fen", row.amount_fen)
            if row.rank < 0:
                fields.add(f"{field}.rank", "顺位不能为负数，普通债权填 0")
            if (row.amount_fen, row.rank) == (claim.amount, claim.rank):
                fields.add(field, "与分配方案相同，请填写应有的数额或者顺位")
            amounts |= {row.claim: row.amount_fen} if row.amount_fen != claim.amount else {}
            ranks |= {row.claim: row.rank} if row.rank != claim.rank else {}
        return Correction(amounts, ranks)

    def moment(self, fields: Fields, field: str, at: Timestamp, what: str) -> int:
        """Return a moment in ms that has passed; notes one that is missing or lies ahead."""
        ms = at.ToMilliseconds()
        if ms <= 0:
            fields.add(field, f"请填写{what}")
        elif ms > self.now + CLOCK_TOLERANCE_MS:
            fields.add(field, f"{what}不能晚于现在")
        return max(ms, 0)

    def plan_number(self) -> int:
        """Return the number of the plan in force.

        :raises WrongState: there is none.
        """
        if self.register.plan is None:
            raise WrongState(Reason.WRONG_STATE, DistributionWait.NO_PLAN.zh)
        return self.register.plan.number

    def objection(self, id_: str) -> Objection:
        """Return an objection to the plan in force.

        :raises NotFound: UNKNOWN_INSTRUCTION, none of that id.
        """
        found = next((each for each in self.register.objections_to_the_plan if each.id == id_), None)
        if found is None:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION, "对现行分配方案没有这个异议，请核对异议编号")
        return found

    def own_party(self, party: int) -> int:
        """Return *party*, which no matter stands for.

        :raises InvalidInput: it is not a party of the plan, or its court records it in its own matter.
        """
        if party not in self.register.own_parties:
            raise InvalidInput.in_field(
                "party", "应为被执行人（0）或者本院债权的序号；其他法院的债权人由其执行法院登记"
            )
        return party


def require_in_time(standing: Standing, party: int, handed_in: int) -> None:
    """Let pass an objection of *party* that was handed in within the period, counted from his receipt.

    :raises WrongState: he has not been served yet, or it is too late.
    """
    receipt = standing.plan_receipt(party)
    if receipt is None:
        raise WrongState(Reason.WRONG_STATE, "请先登记分配方案的送达")
    if handed_in > standing.periods.objection(receipt.received):
        raise WrongState(Reason.TOO_LATE, "已超过收到分配方案之日起提出异议的期间（民诉法解释第509条）")
