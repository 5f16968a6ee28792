"""Proofs at the desk: passed on to the hub for those who may know of the matter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO

import grpc
import pytest
from prometheus_client import CollectorRegistry
from pypdf import PdfReader
from tests.integration.journal.scene import LOG_KEY, signing_key
from tests.integration.node.pair import SENDER, Pair, new_id

from xiezhi.v1 import evidence_service_pb2 as pb
from xiezhi.v1 import evidence_service_pb2_grpc, instruction_service_pb2
from xiezhi.v1.receipt_paper_service_pb2 import MakeReceiptPaperRequest
from xiezhi_client.sdk import EvidenceReceipt
from xiezhi_client.verify.files import parse_receipt
from xiezhi_client.verify.printed import attached_receipt
from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.ruling import entry_leaf
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.merkle import verify_inclusion
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_hub.evidence.service import EvidenceService as HubEvidenceService
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.translog import LogSigner
from xiezhi_node.evidence.paper_service import ReceiptPaperService
from xiezhi_node.evidence.service import EvidenceService
from xiezhi_node.sheets.printing import Press
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.call import Call
from xiezhi_wire.caller import AnyCaller, acting
from xiezhi_wire.credentials import Authenticator
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams

POLICY = '["xiezhi.v1.EvidenceService"]\n' + "\n".join(
    f'{name} = "node"' for name in ("GetCheckpoint", "GetInclusionProof", "GetConsistencyProof", "GetReceipt")
)


@dataclass
class Line:
    """The channel to the hub, as the services take it."""

    channel: grpc.aio.Channel


def node(court: str) -> Authenticator:
    async def authenticate(_call: Call) -> AnyCaller:
        return PeerCertificate(court, "01", 1 << 50)

    return authenticate


@asynccontextmanager
async def line_to(pair: Pair) -> AsyncIterator[Line]:
    """The hub's link listener, to which every caller is the sender's node."""
    parts = ChainParts(
        Accounting(CollectorRegistry()),
        (node(SENDER),),
        MethodPolicy.load(POLICY),
        RateLimiter(1_000, 1_000, pair.clock),
        LiveStreams(),
    )
    server = grpc.aio.server(interceptors=[standard_chain(parts)])
    evidence_service_pb2_grpc.add_EvidenceServiceServicer_to_server(
        HubEvidenceService(pair.hub.journal), server
    )
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    await server.start()
    options = [("grpc.use_local_subchannel_pool", 1)]
    try:
        async with grpc.aio.secure_channel(
            f"127.0.0.1:{port}", grpc.local_channel_credentials(), options=options
        ) as channel:
            yield Line(channel)
    finally:
        await server.stop(0)


@dataclass
class Desk:
    """The evidence service as one person of the sender calls it."""

    pair: Pair
    line: Line
    name: str

    async def ask(self, method: str, request: object) -> object:
        court = self.pair.sender
        service = EvidenceService(court.node.journal, court.node.seat, self.line)
        with acting(court.callers[self.name]):
            return await getattr(service, method)(request, None)


@pytest.fixture
async def line(pair: Pair) -> AsyncIterator[Line]:
    async with line_to(pair) as line:
        yield line


async def events_of(pair: Pair, identifier: str) -> list[tuple[str, int]]:
    request = instruction_service_pb2.GetTimelineRequest(instruction_id=identifier)
    entries = (await pair.sender.as_("centre").matters.GetTimeline(request)).entries
    return [(entry.event_id, entry.log_index) for entry in entries]


async def test_a_proof_holds_under_the_checkpoint_that_comes_with_it(pair: Pair, line: Line) -> None:
    identifier = await pair.issued()
    [(event_id, log_index), *_] = await events_of(pair, identifier)
    judge = Desk(pair, line, "judge")
    proof = await judge.ask("GetInclusionProof", pb.GetInclusionProofRequest(log_index=log_index))
    checkpoint = (
        TrustedLog(LOG_KEY.origin, (VerifierKey.parse(LOG_KEY.verifier_key.format()),))
        .open(proof.checkpoint, verify_signature)
        .checkpoint
    )
    verify_inclusion(proof.leaf_hash, log_index, checkpoint.size, proof.path, checkpoint.root)
    receipt = await judge.ask("GetReceipt", pb.GetReceiptRequest(event_id=event_id))
    assert receipt.record.log_index == log_index
    assert not receipt.record.HasField("body")
    head = await judge.ask("GetCheckpoint", pb.GetCheckpointRequest())
    assert head.checkpoint == proof.checkpoint


async def test_proofs_of_a_matter_are_for_those_who_may_know_of_it(pair: Pair, line: Line) -> None:
    identifier = await pair.issued()
    [(event_id, log_index), *_] = await events_of(pair, identifier)
    other = Desk(pair, line, "other_judge")
    with pytest.raises(DomainError, match="UNKNOWN_INSTRUCTION"):
        await other.ask("GetReceipt", pb.GetReceiptRequest(event_id=event_id))
    with pytest.raises(DomainError, match="FORBIDDEN"):
        await other.ask("GetInclusionProof", pb.GetInclusionProofRequest(log_index=log_index))


async def test_a_receipt_is_printed_with_the_proof_attached(
    pair: Pair, line: Line, workshop: Workshop
) -> None:
    identifier = await pair.issued()
    [(event_id, log_index), *_] = await events_of(pair, identifier)
    court = pair.sender.node
    vkey = LOG_KEY.verifier_key.format()
    seat = replace(court.seat, log_vkey=vkey)
    evidence = EvidenceService(court.journal, seat, line)
    papers = ReceiptPaperService(court.journal, seat, evidence, WitnessPolicy(), Press("", workshop))
    request = MakeReceiptPaperRequest(event_id=event_id)
    with acting(pair.sender.callers["judge"]):
        paper = await papers.MakeReceiptPaper(request, None)
    with acting(pair.sender.callers["other_judge"]), pytest.raises(DomainError, match="UNKNOWN_INSTRUCTION"):
        await papers.MakeReceiptPaper(request, None)

    attached = parse_receipt(attached_receipt(paper.content))
    receipt = await Desk(pair, line, "judge").ask("GetReceipt", pb.GetReceiptRequest(event_id=event_id))
    assert attached == EvidenceReceipt.from_proto(receipt)
    leaf = entry_leaf(receipt.record.header, receipt.record.ruling)
    [page] = PdfReader(BytesIO(paper.content)).pages
    shown = page.extract_text()
    for text in ("存证回执", "中心已确认", event_id, format_base64(leaf), str(log_index), "苏0505委"):
        assert text in shown
    assert "测试" not in shown, "nobody is named"


async def test_a_receipt_that_does_not_hold_is_not_printed(
    pair: Pair, line: Line, workshop: Workshop
) -> None:
    identifier = await pair.issued()
    [(event_id, _), *_] = await events_of(pair, identifier)
    court = pair.sender.node
    seat = replace(court.seat, log_vkey=LogSigner(LOG_KEY.origin, signing_key(8)).verifier_key.format())
    evidence = EvidenceService(court.journal, seat, line)
    papers = ReceiptPaperService(court.journal, seat, evidence, WitnessPolicy(), Press("", workshop))
    with acting(pair.sender.callers["judge"]), pytest.raises(DomainError, match="SIGNATURE_INVALID"):
        await papers.MakeReceiptPaper(MakeReceiptPaperRequest(event_id=event_id), None)


async def test_a_pending_event_has_no_receipt(pair: Pair, line: Line) -> None:
    identifier = await pair.issued()
    withdrawal = instruction_service_pb2.WithdrawInstructionRequest(
        request_id=new_id(pair.clock), instruction_id=identifier, reason="已履行"
    )
    receipt = (await pair.sender.as_("judge").matters.WithdrawInstruction(withdrawal)).receipt
    with pytest.raises(DomainError, match="WRONG_STATE"):
        await Desk(pair, line, "judge").ask("GetReceipt", pb.GetReceiptRequest(event_id=receipt.event_id))


async def test_what_the_hub_says_is_told_and_silence_too(pair: Pair, line: Line) -> None:
    judge = Desk(pair, line, "judge")
    with pytest.raises(DomainError, match="OFFSET_OUT_OF_RANGE"):
        await judge.ask("GetConsistencyProof", pb.GetConsistencyProofRequest(first_size=9, second_size=99))
    async with grpc.aio.insecure_channel("127.0.0.1:1") as nowhere:
        away = Desk(pair, Line(nowhere), "judge")
        with pytest.raises(DomainError, match="HUB_UNREACHABLE"):
            await away.ask("GetCheckpoint", pb.GetCheckpointRequest())
