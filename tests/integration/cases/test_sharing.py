"""Papers of the dossier that the other court reads while the matter is open, and not after it."""

from tests.integration.cases.test_dossier import import_case, picking
from tests.integration.desk.desk import refusal
from tests.integration.node.pair import Pair, new_id

from xiezhi.v1 import case_service_pb2 as pb
from xiezhi.v1 import instruction_service_pb2
from xiezhi_node.document_access import NodeDocumentAccess


async def test_shared_papers_are_read_until_the_matter_ends(pair: Pair) -> None:
    matter = await pair.issued()
    await import_case(pair)
    judge = pair.sender.as_("judge")
    [paper] = (await judge.cases.AttachDossier(picking(matter, "来信.pdf"))).documents
    request = pb.ShareDossierRequest(
        request_id="s", instruction_id=matter, documents=[paper.sha256], text="供参考"
    )
    receipt = (await judge.cases.ShareDossier(request)).receipt
    assert receipt == (await judge.cases.ShareDossier(request)).receipt
    await pair.exchange()
    receiver = pair.receiver
    access = NodeDocumentAccess(receiver.node.journal, receiver.node.seat)
    assert await access.may_read(receiver.callers["centre"], matter, paper.sha256)
    withdrawing = instruction_service_pb2.WithdrawInstructionRequest(
        request_id=new_id(pair.clock), instruction_id=matter, reason="不再需要"
    )
    await judge.matters.WithdrawInstruction(withdrawing)
    await pair.exchange()
    assert not await access.may_read(receiver.callers["centre"], matter, paper.sha256)
    own = NodeDocumentAccess(pair.sender.node.journal, pair.sender.node.seat)
    assert await own.may_read(pair.sender.callers["judge"], matter, paper.sha256)


async def test_papers_of_the_order_are_read_after_the_end(pair: Pair) -> None:
    matter = await pair.issued()
    await pair.sender.as_("judge").matters.WithdrawInstruction(
        instruction_service_pb2.WithdrawInstructionRequest(
            request_id=new_id(pair.clock), instruction_id=matter, reason="不再需要"
        )
    )
    await pair.exchange()
    receiver = pair.receiver
    access = NodeDocumentAccess(receiver.node.journal, receiver.node.seat)
    order = await pair.receiver.as_("centre").matters.GetInstruction(
        instruction_service_pb2.GetInstructionRequest(instruction_id=matter, purpose="核对")
    )
    [letter] = order.instruction.documents
    assert await access.may_read(receiver.callers["centre"], matter, letter.sha256)


async def test_only_what_lies_here_is_shared(pair: Pair) -> None:
    matter = await pair.issued()
    await import_case(pair)
    cases = pair.sender.as_("judge").cases
    for documents in ([], [bytes(32)]):
        request = pb.ShareDossierRequest(request_id="s", instruction_id=matter, documents=documents)
        assert (await refusal(cases.ShareDossier(request))).reason == "INVALID_FIELD"
    receiving = pair.receiver.as_("judge").cases
    request = pb.ShareDossierRequest(request_id="s", instruction_id=matter, documents=[bytes(32)])
    assert (await refusal(receiving.ShareDossier(request))).reason in {"UNKNOWN_INSTRUCTION", "INVALID_FIELD"}
