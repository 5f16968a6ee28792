"""A distribution as a message."""

from collections.abc import Iterator

from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.distribution.plan import Correction, Plan
from xiezhi_domain.distribution.register import RECEIPTS, Objection
from xiezhi_domain.terms import EventKind
from xiezhi_node.distribution.asked import PAPERS
from xiezhi_node.distribution.plans import plan_in_force
from xiezhi_node.distribution.reading import Known


def to_distribution(known: Known) -> pb.Distribution:
    """Return the distribution as it stands."""
    register = known.register
    return pb.Distribution(
        distribution_id=known.id,
        plan=plan_in_force(known),
        shares=_shares(known),
        receipts=_receipts(known),
        objections=[_objection(known, each) for each in register.objections_to_the_plan],
        awaited=[] if register.is_settled else _awaited(known),
        is_settled=register.is_settled,
        deposited_fen=register.deposited,
    )


def corrections(plan: Plan, correction: Correction) -> list[pb.ClaimCorrection]:
    """Return how the claims that *correction* is about ought to count."""
    return [
        pb.ClaimCorrection(
            claim=claim.number,
            amount_fen=correction.amounts.get(claim.number, claim.amount),
            rank=correction.ranks.get(claim.number, claim.rank),
        )
        for claim in plan.claims
        if claim.number in correction.claims
    ]


def _shares(known: Known) -> Iterator[pb.DistributionShare]:
    for matter, member in known.register.members.items():
        yield pb.DistributionShare(
            instruction_id=matter,
            court=known.courts[matter],
            claim=member.claim.number,
            amount_fen=member.claim.amount,
            rank=member.claim.rank,
            due_fen=member.due,
            paid_fen=member.paid,
            left=member.left,
        )


def _receipts(known: Known) -> Iterator[pb.PartyReceipt]:
    in_force = str(known.register.plan.number) if known.register.plan else ""
    for (kind, what, party), receipt in sorted(known.register.receipts.items()):
        assert kind in RECEIPTS, "the keys of receipts"
        is_plan = kind == EventKind.PLAN_RECEIVED
        if not is_plan or what == in_force:
            yield pb.PartyReceipt(
                party=party,
                paper=PAPERS[EventKind(kind)],
                objection_id="" if is_plan else what,
                received_at=to_timestamp(receipt.received),
                way=receipt.way,
            )


def _objection(known: Known, objection: Objection) -> pb.PlanObjection:
    fate, plan = known.standing.fate(objection), known.register.plan
    assert plan is not None, "an objection to the plan in force"
    return pb.PlanObjection(
        objection_id=objection.id,
        party=objection.party,
        handed_in_at=to_timestamp(objection.handed_in),
        corrections=corrections(plan, objection.correction),
        fate=fate.zh,
        fate_code=fate,
        opponents=known.standing.opponents(objection),
    )


def _awaited(known: Known) -> Iterator[pb.AwaitedStep]:
    for each in known.standing.awaited():
        yield pb.AwaitedStep(
            code=each.wait,
            words=each.wait.zh,
            party=each.party,
            objection_id=each.objection,
            until=to_timestamp(each.until) if each.until else None,
        )
