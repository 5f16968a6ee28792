"""A whole case that is delegated (委托执行): its order, and what its steps ask for beside what all steps ask for."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1 import case_service_pb2, instruction_service_pb2, property_pb2
from xiezhi_domain.court_time import to_date
from xiezhi_domain.terms import EventKind, PaperType

if TYPE_CHECKING:
    from tests.integration.moves.play import Play

from tests.integration.node.pair import a_case

OFFICER: Final = {"name": "测试field", "phone": "0512-00000002"}
PAPERS: Final = {
    EventKind.CASE_FILED: PaperType.FILING_NOTICE,
    EventKind.RETURN_APPLIED: PaperType.CASE_RETURN_APPLICATION,
    EventKind.RETURN_PERMITTED: PaperType.HIGH_COURT_OPINION,
    EventKind.RETURN_DENIED: PaperType.HIGH_COURT_OPINION,
    EventKind.CASE_RETURNED: PaperType.CASE_RETURN_LETTER,
    EventKind.CASE_CLOSED: PaperType.CASE_CLOSING,
    EventKind.HIGHER_COURT_ASKED: PaperType.HIGHER_COURT_APPLICATION,
}
"""The paper that a step has to bring."""


def house(place: str = "昆山市演示路 1 号") -> property_pb2.Property:
    """A house that is not."""
    return property_pb2.Property(
        category=property_pb2.PROPERTY_CATEGORY_HOUSE, description="演示住房一套", place=place
    )


def seizure(today: date, **changes: Any) -> pb.HandedSeizure:
    """The seizure of that house, second in rank, with a year left."""
    stated = {
        "property": house(),
        "rank": 2,
        "seized_on": str(today - timedelta(days=100)),
        "expires_on": str(today + timedelta(days=365)),
        "document_number": "（2026）苏0505执1号之一",
    }
    return pb.HandedSeizure(**{**stated, **changes})


def a_case_order(case: str, receiver: str, today: date, **changes: Any) -> pb.CaseDelegationOrder:
    """A complete order of a *case*, but for its papers."""
    stated = {
        "case_number": case,
        "receiver": receiver,
        "subject_numbers": [1, 3],
        "investigation": {"queried_on": str(today), "result": "本地无可供执行财产", "none_here": True},
        "properties": [house()],
        "seizures": [seizure(today)],
        "recovered_fen": 200_000,
        "request_text": "请立案执行",
    }
    return pb.CaseDelegationOrder(**{**stated, **changes})


async def draft_case(play: "Play") -> None:
    """Draft the order, hand it in, approve it."""
    stand, judge = play.stand, play.stand.sender.as_("judge")
    play.instruction = play.new_id()
    play.case = f"（2026）苏0505执{next(stand.cases)}号"
    put = case_service_pb2.PutCaseRequest(request_id=play.new_id(), case_file=a_case(case_number=play.case))
    await judge.cases.PutCase(put)
    order = a_case_order(play.case, stand.receiver.code, to_date(stand.clock.now))
    papers = play.rules.missing_papers(frozenset(), frozenset())
    order.documents.extend([await play.document("sender", paper) for paper, _ in papers])
    await judge.delegations.DraftCaseDelegation(
        pb.DraftCaseDelegationRequest(request_id=play.new_id(), instruction_id=play.instruction, order=order)
    )
    submit = instruction_service_pb2.SubmitInstructionRequest
    await judge.matters.SubmitInstruction(submit(request_id=play.new_id(), instruction_id=play.instruction))
    approve = instruction_service_pb2.ApproveInstructionRequest
    await stand.sender.as_("chief").matters.ApproveInstruction(
        approve(request_id=play.new_id(), instruction_id=play.instruction, opinion="同意")
    )


def field_of_a_case(name: str, today: date) -> Any:
    """What goes into the field *name* of such a step; None where it is no field of one."""
    document = {"number": "苏高法执〔2026〕12号", "dated_on": str(today)}
    return {
        "filing": {"case_number": "（2026）苏0591执1号", "filed_on": str(today), "officer": OFFICER},
        "application": document,
        "decision": document,
        "report": document,
        "properties": [house("演示市演示路 2 号")],
        "renewals": [
            {"number": 1, "expires_on": str(today + timedelta(days=900)), "document_number": "之二"}
        ],
        **dict.fromkeys(("cancelled_on", "told_on", "closed_on", "asked_on"), str(today)),
    }.get(name)
