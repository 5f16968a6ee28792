"""A share in a distribution (参与分配): the application, and what its steps ask for beside what all steps ask for."""

from typing import TYPE_CHECKING, Any

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import case_service_pb2, instruction_service_pb2
from xiezhi.v1 import distribution_service_pb2 as pb
from xiezhi.v1.distribution_service_pb2_grpc import DistributionServiceStub
from xiezhi_domain.court_time import to_date

if TYPE_CHECKING:
    from tests.integration.moves.play import Play

from tests.integration.moves.shares import OWN
from tests.integration.node.pair import a_case

TOTAL, COSTS, CLAIM = 12_000, 2_000, 10_000
"""Fen: two such claims get half of what is left each."""


def an_application(case: str, receiver: str, today: str, **changes: Any) -> pb.DistributionOrder:
    """A complete application, but for its papers."""
    stated = {
        "case_number": case,
        "receiver": receiver,
        "subject_numbers": [1],
        "request_text": "被执行人的财产不能清偿所有债权",
        "debtor": "NATURAL_PERSON",
        "property": "演示住房一套的变价款",
        "creditor": "测试债权人甲",
        "claim_fen": CLAIM,
        "effective_document": "（2026）苏0505民初1号",
        "insufficiency": "FINDINGS_BELOW_CLAIMS",
        "enforcement_began_on": today,
    }
    return pb.DistributionOrder(**{**stated, **changes})


def a_plan(**changes: Any) -> pb.DistributionPlan:
    """A plan of the matter's claim and of one of the presiding court."""
    stated = {
        "case_number": "（2026）苏0508执9号",
        "debtor_name": "测试被执行人",
        "property": "演示住房一套的变价款",
        "total_fen": TOTAL,
        "costs_fen": COSTS,
        "claims": [{"number": OWN, "creditor": "测试债权人乙", "amount_fen": CLAIM, "basis": "执行依据"}],
        "reasons": "财产不足清偿全部债权",
    }
    return pb.DistributionPlan(**{**stated, **changes})


async def draft_application(play: "Play") -> None:
    """Draft the application, hand it in, approve it."""
    stand, judge = play.stand, play.stand.sender.as_("judge")
    play.instruction = play.new_id()
    play.case = f"（2026）苏0505执{next(stand.cases)}号"
    put = case_service_pb2.PutCaseRequest(request_id=play.new_id(), case_file=a_case(case_number=play.case))
    await judge.cases.PutCase(put)
    order = an_application(play.case, stand.receiver.code, str(to_date(stand.clock.now)))
    papers = play.rules.missing_papers(frozenset(), frozenset())
    order.documents.extend([await play.document("sender", paper) for paper, _ in papers])
    await stand.sender.stub(DistributionServiceStub, "judge").DraftDistribution(
        pb.DraftDistributionRequest(request_id=play.new_id(), instruction_id=play.instruction, order=order)
    )
    submit = instruction_service_pb2.SubmitInstructionRequest
    await judge.matters.SubmitInstruction(submit(request_id=play.new_id(), instruction_id=play.instruction))
    approve = instruction_service_pb2.ApproveInstructionRequest
    await stand.sender.as_("chief").matters.ApproveInstruction(
        approve(request_id=play.new_id(), instruction_id=play.instruction, opinion="同意")
    )


def field_of_a_distribution(name: str, play: "Play") -> Any:
    """What goes into a field that only steps of a distribution have; None if it is no such field."""
    fields: dict[str, Any] = {
        "distribution_id": play.distribution,
        "objection_id": play.objection,
        "amount_fen": CLAIM,
        "plan": a_plan(),
        "corrections": [pb.ClaimCorrection(claim=OWN, amount_fen=CLAIM // 2)],
        "judgment_number": "（2026）苏0508民初1号",
        "way": "DIRECT",
    }
    if name in ("received_at", "handed_in_at", "filed_at", "paid_at", "judged_at"):
        return Timestamp(seconds=play.stand.clock.now // 1_000)
    return fields.get(name)
