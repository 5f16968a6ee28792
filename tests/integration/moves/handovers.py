"""A handover (处置权移交): its request, the decision on it, and what its steps ask for beside what all steps do."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.integration.journal.scene import RULES
from tests.integration.moves.ordered import draft_order
from tests.integration.node.pair import a_case

from xiezhi.v1 import case_service_pb2, document_pb2, handover_pb2, instruction_service_pb2, property_pb2
from xiezhi.v1 import disposal_decision_service_pb2 as decisions
from xiezhi.v1 import handover_service_pb2 as pb
from xiezhi.v1.disposal_decision_service_pb2_grpc import DisposalDecisionServiceStub
from xiezhi.v1.handover_service_pb2_grpc import HandoverServiceStub
from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import Kind, PaperType

if TYPE_CHECKING:
    from tests.integration.moves.play import Play

LETTERS: Final = {"HandedOver": PaperType.HANDOVER_LETTER}
"""The paper that a step has to bring."""
DISPOSED, COSTS, SHARE, RESERVED = 1_000_000_01, 20_000_00, 700_000_00, 280_000_00
"""Sums in fen; one fen is left."""


def seizures(asking: str, first: str, today: date) -> list[handover_pb2.HandoverSeizure]:
    """The first seizure, a year old and with two years left, and the one that waits behind it."""
    begun, ends = str(today - timedelta(400)), str(today + timedelta(730))
    waiting = str(today - timedelta(200))
    preserved, enforced = (
        handover_pb2.SEIZURE_PURPOSE_PRESERVATION,
        handover_pb2.SEIZURE_PURPOSE_ENFORCEMENT,
    )
    return [
        handover_pb2.HandoverSeizure(
            court=first,
            purpose=preserved,
            seized_on=begun,
            expires_on=ends,
            case_number="（2025）苏0591民初1号",
        ),
        handover_pb2.HandoverSeizure(court=asking, purpose=enforced, seized_on=waiting),
    ]


def a_handover(case: str, asking: str, first: str, today: date, **changes: Any) -> handover_pb2.HandoverOrder:
    """A complete request about a *case* of the *asking* court by the rule of Jiangsu, but for its papers."""
    week_ago = str(today - timedelta(7))
    stated = {
        "case_number": case,
        "receiver": first,
        "subject_numbers": [1],
        "property": {"category": property_pb2.PROPERTY_CATEGORY_HOUSE, "description": "演示住房一套"},
        "basis": "JIANGSU_WAITING",
        "dates": [
            {"code": code, "day": week_ago}
            for code in ("ENFORCEMENT_BEGUN", "NO_AUCTION_NOTICE", "SURPLUS_LEFT")
        ],
        "seizures": seizures(asking, first, today),
        "claim_fen": SHARE,
        "effective_document": "（2026）苏0505民初1号民事判决书",
        "request_text": "请移送处置权",
    }
    return handover_pb2.HandoverOrder(**{**stated, **changes})


PRESERVED: Final = {"basis": "PRESERVATION", "days": ("CLAIM_CONFIRMED", "ENFORCEMENT_BEGUN", "NOT_DISPUTED")}


async def draft_preserved(play: "Play") -> None:
    """The same on the ground of a preservation that is over a year old."""
    week_ago = str(to_date(play.stand.clock.now) - timedelta(7))
    dates = [{"code": code, "day": week_ago} for code in PRESERVED["days"]]
    await draft_handover(play, basis=PRESERVED["basis"], dates=dates)


async def draft_handover(play: "Play", **changes: Any) -> None:
    """Draft the request, hand it in, approve it."""
    stand, judge = play.stand, play.stand.sender.as_("judge")
    play.instruction = play.new_id()
    play.case = f"（2026）苏0505执{next(stand.cases)}号"
    put = case_service_pb2.PutCaseRequest(request_id=play.new_id(), case_file=a_case(case_number=play.case))
    await judge.cases.PutCase(put)
    today = to_date(stand.clock.now)
    order = a_handover(play.case, stand.sender.code, stand.receiver.code, today, **changes)
    papers = play.rules.missing_papers(frozenset(), frozenset())
    order.documents.extend([await play.document("sender", paper) for paper, _ in papers])
    await stand.sender.stub(HandoverServiceStub, "judge").DraftHandover(
        pb.DraftHandoverRequest(request_id=play.new_id(), instruction_id=play.instruction, order=order)
    )
    submit = instruction_service_pb2.SubmitInstructionRequest
    await judge.matters.SubmitInstruction(submit(request_id=play.new_id(), instruction_id=play.instruction))
    approve = instruction_service_pb2.ApproveInstructionRequest
    await stand.sender.as_("chief").matters.ApproveInstruction(
        approve(request_id=play.new_id(), instruction_id=play.instruction, opinion="同意")
    )


async def draft_decision(
    play: "Play",
    decision: int,
    days: int,
    court: str = "",
    draft_id: str = "",
    documents: Sequence[document_pb2.Document] = (),
) -> None:
    """The 督办员 drafts a decision with a limit of so many *days* (0: none), which may designate *court*.

    *documents* were uploaded under *draft_id*.
    """
    until = str(to_date(play.stand.clock.now) + timedelta(days)) if days else ""
    order = decisions.DecisionOrder(
        instruction_id=play.instruction,
        decision=decision,
        until_on=until,
        ground="首封法院逾期未答复",
        court=court,
        documents=documents,
    )
    request = decisions.DraftDecisionRequest(request_id=play.new_id(), order=order, draft_id=draft_id)
    stub = play.stand.desk.stub(DisposalDecisionServiceStub, "supervisor")
    draft = (await stub.DraftDecision(request)).draft
    play.draft, play.seen = draft.draft_id, draft.content_hash


async def designate_the_first(play: "Play") -> None:
    """The court that seized first is to dispose, within a limit."""
    first = play.stand.receiver.code
    await draft_decision(play, decisions.DISPOSAL_DECISION_DESIGNATE, 30, first)


async def designate_another(play: "Play") -> None:
    """A third court is to dispose whose seizure stands."""
    await draft_decision(play, decisions.DISPOSAL_DECISION_DESIGNATE, 0, play.stand.third.code)


async def draft_elevation(play: "Play") -> None:
    """The ruling by which the superior takes the first court's case itself."""
    await _draft_ruling(play, Kind.ORDER_ELEVATE)


async def draft_designation(play: "Play") -> None:
    """The ruling by which the first court's case goes to the third one."""
    await _draft_ruling(play, Kind.ORDER_DESIGNATE)


async def _draft_ruling(play: "Play", kind: Kind) -> None:
    ruling = type(play)(play.stand, RULES.kind(kind))
    await draft_order(ruling, handovers=(play.instruction,))
    play.draft, play.seen = ruling.draft, ruling.seen


def field_of_a_handover(play: "Play", name: str) -> Any:
    """What goes into the field *name* of a step; None where it is no field of one, or the kind is another."""
    if play.rules.ladder != "handover":
        return None
    today = to_date(play.stand.clock.now)
    stated = {
        "seizure": 1,
        "seizures": [
            handover_pb2.HandoverSeizure(
                court=play.stand.third.code,
                purpose=handover_pb2.SEIZURE_PURPOSE_ENFORCEMENT,
                seized_on=str(today - timedelta(50)),
            )
        ],
        "first_claim": {"case_number": "（2025）苏0591民初1号", "stage": "审理", "amount_fen": RESERVED},
        "expires_on": str(today + timedelta(1_000)),
        "disposed_fen": DISPOSED,
        "costs_fen": COSTS,
        "shares": [{"amount_fen": SHARE, "claimant": "演示银行"}],
        "reserved_fen": RESERVED,
        "remainder_fen": DISPOSED - COSTS - SHARE - RESERVED,
        "released_fen": RESERVED - 1,
        "returned_fen": 1,
    }
    return stated.get(name) or (str(today) if name.endswith("_on") else None)
