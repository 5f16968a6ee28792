"""A hub and two nodes in one process: real journals, real services over loopback gRPC with the whole chain.

What travels on the link is handed over by `Pair.exchange`; everything else is what the programs do.
"""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import grpc
from prometheus_client import CollectorRegistry
from tests.integration.journal.scene import HUB_COURT, RECEIVER, RULES, SENDER, Clock, Hub, Node

from xiezhi.v1 import (
    case_pb2,
    case_service_pb2,
    case_service_pb2_grpc,
    court_pb2,
    delegation_service_pb2_grpc,
    directory_service_pb2,
    directory_service_pb2_grpc,
    document_pb2,
    find_service_pb2,
    find_service_pb2_grpc,
    instruction_service_pb2,
    instruction_service_pb2_grpc,
    item_pb2,
    party_pb2,
)
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.documents import store as documents
from xiezhi_desk.documents.document import DocumentSpec, StoredDocument
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import PaperType, Role
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.reading import pending_after
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.signal import Signal
from xiezhi_node.cases.desk import CaseDesk
from xiezhi_node.cases.service import CaseService
from xiezhi_node.cases.source import CaseSource, SourceAddress
from xiezhi_node.delegation.service import DelegationService
from xiezhi_node.directory.service import DirectoryService
from xiezhi_node.finding.service import FindService
from xiezhi_node.instructions.service import InstructionService
from xiezhi_node.instructions.watching import WatchLimits
from xiezhi_node.taking.check import FeedChecker
from xiezhi_node.taking.take import TakeFeed
from xiezhi_node.traffic.fetch import DocumentArrived, read_wanted
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.call import Call
from xiezhi_wire.caller import Caller
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams
from xiezhi_wire.tls import ClientMaterial
from xiezhi_wire.transport import CHANNEL_OPTIONS, SERVER_OPTIONS

StubT = TypeVar("StubT")

LANES = (1, 2, 3)
_NO_LINE = HubChannel("127.0.0.1:1", ClientMaterial(Path("nowhere")))
CASE = "（2026）苏0505执1234号"
PEOPLE = {
    "judge": (Role.JUDGE,),
    "other_judge": (Role.JUDGE,),
    "assistant": (Role.ASSISTANT,),
    "chief": (Role.BUREAU_CHIEF,),
    "leader": (Role.COURT_LEADER,),
    "director": (Role.CENTRE_DIRECTOR,),
    "centre": (Role.CENTRE_OFFICER,),
    "field": (Role.FIELD_OFFICER,),
    "other_field": (Role.FIELD_OFFICER,),
    "auxiliary": (Role.AUXILIARY,),
    "administrator": (Role.ADMINISTRATOR,),
    "program": (Role.INTEGRATION,),
}


@dataclass(frozen=True)
class Stubs:
    """The services of a court as one of its people calls them."""

    cases: case_service_pb2_grpc.CaseServiceStub
    finds: find_service_pb2_grpc.FindServiceStub
    delegations: delegation_service_pb2_grpc.DelegationServiceStub
    matters: instruction_service_pb2_grpc.InstructionServiceStub
    directory: directory_service_pb2_grpc.DirectoryServiceStub


@dataclass
class Court:
    """A court with its node, its people and its desk."""

    node: Node
    commits: Signal = field(default_factory=Signal)
    streams: LiveStreams = field(default_factory=LiveStreams)
    limits: WatchLimits = field(default_factory=WatchLimits)
    cursors: dict[int, int] = field(default_factory=lambda: dict.fromkeys(LANES, 0))
    callers: dict[str, Caller] = field(default_factory=dict)
    channel: grpc.aio.Channel | None = None
    source: SourceAddress | None = None
    hub_channel: HubChannel = field(default_factory=lambda: HubChannel("", ClientMaterial(Path())))
    documents: Documents | None = None
    cases: CaseDesk | None = None
    more: Callable[["Court", grpc.aio.Server], None] | None = None
    """Adds services that only some stories need."""

    @property
    def code(self) -> str:
        return self.node.court

    def as_(self, name: str) -> Stubs:
        """The services as the person or program *name* calls them."""
        channel = _Named(self.channel, name)
        return Stubs(
            case_service_pb2_grpc.CaseServiceStub(channel),
            find_service_pb2_grpc.FindServiceStub(channel),
            delegation_service_pb2_grpc.DelegationServiceStub(channel),
            instruction_service_pb2_grpc.InstructionServiceStub(channel),
            directory_service_pb2_grpc.DirectoryServiceStub(channel),
        )

    def stub(self, make: Callable[[Any], StubT], name: str) -> StubT:
        """Another service as the person or program *name* calls it."""
        return make(_Named(self.channel, name))

    def account(self, name: str) -> str:
        return self.callers[name].account_id

    async def hire(self) -> None:
        """One person for each role that a story needs."""
        for name, roles in PEOPLE.items():
            account = f"{self.code}-{name}"
            officer = court_pb2.Officer(name=f"测试{name}", phone="0512-00000000")
            row = Account(account, account.casefold(), officer, frozenset(roles))
            await self.node.journal.write(lambda connection, row=row: accounts.add_account(connection, row))
            self.callers[name] = Caller(
                account, officer.name, self.code, frozenset(roles), session_id=f"s-{name}"
            )

    async def has_document(
        self, instruction: str, content: str, paper_type: PaperType = PaperType.ENTRUSTMENT_LETTER
    ) -> document_pb2.Document:
        """A document as it lies here after its upload."""
        data = content.encode()
        spec = DocumentSpec(
            instruction, hashlib.sha256(data).digest(), len(data), f"{content}.pdf", paper_type
        )
        stored = StoredDocument(spec, "application/pdf", self.node.clock.now)
        await self.node.journal.write(
            lambda connection: documents.add_document(connection, stored, self.code)
        )
        return document_pb2.Document(sha256=spec.sha256)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The desk of the court, on a port of its own."""
        journal = self.node.journal
        journal.writer.on_commit(self.commits.notify)
        journal.start()
        await self.hire()
        folder = tempfile.TemporaryDirectory(prefix="xiezhi-documents-")
        self.documents = Documents(journal, FileStorage(Path(folder.name)))
        source = CaseSource(self.source)
        seat = self.node.seat
        self.cases = CaseDesk.around(journal, seat, source, self.documents, self.hub_channel, self.commits)
        server = grpc.aio.server(interceptors=[self._chain()], options=SERVER_OPTIONS)
        self._add_services(server)
        port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
        await server.start()
        options = (*CHANNEL_OPTIONS, ("grpc.use_local_subchannel_pool", 1))
        credentials = grpc.local_channel_credentials()
        try:
            async with grpc.aio.secure_channel(f"127.0.0.1:{port}", credentials, options=options) as channel:
                self.channel = channel
                yield
        finally:
            await server.stop(0)
            await source.close()
            journal.close()
            folder.cleanup()

    def _chain(self) -> grpc.aio.ServerInterceptor:
        async def by_name(call: Call) -> Caller | None:
            return self.callers.get(call.metadata("x-caller") or "")

        policy = resources.files("xiezhi_node").joinpath("policy_desk.toml").read_text(encoding="utf-8")
        return standard_chain(
            ChainParts(
                Accounting(CollectorRegistry()),
                (by_name,),
                MethodPolicy.load(policy),
                RateLimiter(100_000, 100_000, self.node.clock),
                self.streams,
            )
        )

    def _add_services(self, server: grpc.aio.Server) -> None:
        journal, seat = self.node.journal, self.node.seat
        case_service_pb2_grpc.add_CaseServiceServicer_to_server(
            CaseService(journal, seat, self.cases), server
        )
        find_service_pb2_grpc.add_FindServiceServicer_to_server(FindService(journal, seat), server)
        delegation_service_pb2_grpc.add_DelegationServiceServicer_to_server(
            DelegationService(journal, seat), server
        )
        instruction_service_pb2_grpc.add_InstructionServiceServicer_to_server(
            InstructionService(journal, seat, self.commits, self.limits), server
        )
        directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server(
            DirectoryService(journal, seat, _NO_LINE), server
        )
        if self.more is not None:
            self.more(self, server)


class _Named:
    """A channel whose calls are all made by one person."""

    def __init__(self, channel: grpc.aio.Channel, name: str) -> None:
        self._channel = channel
        self._metadata = (("x-caller", name),)

    def __getattr__(self, shape: str) -> Any:
        def make(*args: Any, **options: Any) -> Any:
            callable_ = getattr(self._channel, shape)(*args, **options)
            return lambda request, **more: callable_(request, metadata=self._metadata, **more)

        return make


@dataclass
class Pair:
    """A hub, a court that sends and a court that receives."""

    hub: Hub
    sender: Court
    receiver: Court
    clock: Clock

    async def exchange(self) -> None:
        """Carry events and rulings until nothing moves any more; documents follow at once."""
        while await self._push() or await self._pull():
            self.clock.now += 1_000

    async def push(self, court: Court) -> int:
        """Send what waits at *court* to the hub; returns how many events that were."""
        node = court.node
        pending = node.journal.read_now(lambda connection: pending_after(connection, node.pushed, 1_024))
        if pending:
            node.pushed = pending[-1].journal_position
            await self.hub.push(court.code, [each.event for each in pending])
        return len(pending)

    async def pull(self, court: Court) -> int:
        """Take what the hub has for *court*; returns how many items that were."""
        node, taken = court.node, 0
        for lane in LANES:
            items = self.hub.feed(court.code, lane, court.cursors[lane], 1_024)
            if items:
                checker = FeedChecker(node.journal.read_now(read_keyring))
                checked = [checker.check(item) for item in items]
                await node.journal.submit(TakeFeed(node.seat, checked, None, b""))
                court.cursors[lane] = items[-1].feed_seq
                taken += len(items)
        await self._fetch_documents(court)
        return taken

    async def _push(self) -> int:
        return await self.push(self.sender) + await self.push(self.receiver)

    async def _pull(self) -> int:
        return await self.pull(self.sender) + await self.pull(self.receiver)

    async def _fetch_documents(self, court: Court) -> None:
        journal = court.node.journal
        for wanted in journal.read_now(read_wanted):
            document = wanted.document
            spec = DocumentSpec(
                wanted.instruction,
                document.sha256,
                document.size,
                document.name,
                PaperType.ENTRUSTMENT_LETTER,
            )
            stored = StoredDocument(spec, document.media_type, self.clock.now)
            await journal.write(
                lambda connection, stored=stored, wanted=wanted: documents.add_document(
                    connection, stored, wanted.court
                )
            )
            work = DocumentArrived(court.node.seat, wanted.instruction, document.sha256)
            await journal.submit(work)

    # --- The usual story ---------------------------------------------------------------------------------------------

    async def issued(self, *, instruction: str = "", items: int = 2) -> str:
        """A matter that the sender has drafted, approved, sealed and sent; returns its id."""
        identifier = instruction or new_id(self.clock)
        sender = self.sender
        await sender.as_("judge").cases.PutCase(
            case_service_pb2.PutCaseRequest(request_id=f"case-{identifier}", case_file=a_case())
        )
        document = await sender.has_document(identifier, f"委托函{identifier}")
        await sender.as_("judge").finds.DraftFind(
            find_service_pb2.DraftFindRequest(
                request_id=f"draft-{identifier}",
                instruction_id=identifier,
                order=an_order(document, items=items),
            )
        )
        await self.send(identifier)
        return identifier

    async def send(self, identifier: str) -> None:
        """Submit, approve and seal a complete draft, and let the hub rule on it."""
        sender, pb = self.sender, instruction_service_pb2
        await sender.as_("judge").matters.SubmitInstruction(
            pb.SubmitInstructionRequest(request_id=new_id(self.clock), instruction_id=identifier)
        )
        await sender.as_("chief").matters.ApproveInstruction(
            pb.ApproveInstructionRequest(
                request_id=new_id(self.clock), instruction_id=identifier, opinion="同意"
            )
        )
        await sender.as_("centre").matters.AffixSeal(
            pb.AffixSealRequest(request_id=new_id(self.clock), instruction_id=identifier)
        )
        await self.exchange()

    async def assigned(self, identifier: str, name: str = "field") -> None:
        """Let the receiver's command centre sign for a matter and give it to *name*."""
        await self.receiver.as_("centre").matters.AssignInstruction(
            instruction_service_pb2.AssignInstructionRequest(
                request_id=new_id(self.clock),
                instruction_id=identifier,
                assignee_account_id=self.receiver.account(name),
            )
        )
        await self.exchange()


@asynccontextmanager
async def open_pair(
    urls: Sequence[str],
    limits: WatchLimits | None = None,
    source: SourceAddress | None = None,
    more: Callable[[Court, grpc.aio.Server], None] | None = None,
    rulebook: Rulebook = RULES,
) -> AsyncIterator[Pair]:
    """The pair on three databases: hub, sender, receiver. *source* is the sender's case source."""
    clock = Clock()
    hub = Hub(urls[0], clock, rulebook)
    hub.journal.start()
    courts = [
        Court(Node(url, code, clock, rulebook=rulebook), limits=limits or WatchLimits(), more=more)
        for url, code in zip(urls[1:], (SENDER, RECEIVER), strict=True)
    ]
    courts[0].source = source
    async with AsyncExitStack() as stack:
        stack.callback(hub.journal.close)
        for court in courts:
            await stack.enter_async_context(court.serving())
        yield Pair(hub, *courts, clock)


def new_id(clock: Clock) -> str:
    """An id that sorts after those before it."""
    clock.now += 1
    return uuid7(clock.now, hashlib.sha256(str(clock.now).encode()).digest()[:10])


def a_case(**changes: Any) -> case_pb2.Case:
    """A case of the sender; the people in it are impossible."""
    person = party_pb2.Person(
        name="测试甲",
        identity_document=party_pb2.IDENTITY_DOCUMENT_CITIZEN_ID,
        identity_number="320500189901010016",
        phones=["13000000000"],
    )
    company = party_pb2.Organisation(name="测试乙有限公司", credit_code="91320500MA0000007J")
    case = case_pb2.Case(
        case_number=CASE,
        cause="民间借贷纠纷",
        stage="执行中",
        claimed_fen=1_000_000,
        outstanding_fen=1_000_000,
        judge=court_pb2.Officer(name="测试judge", phone="0512-00000000"),
        clerk=court_pb2.Officer(name="测试assistant"),
        subjects=[
            party_pb2.Subject(number=1, role=party_pb2.SUBJECT_ROLE_DEBTOR, person=person),
            party_pb2.Subject(number=2, role=party_pb2.SUBJECT_ROLE_DEBTOR, organisation=company),
            party_pb2.Subject(
                number=3, role=party_pb2.SUBJECT_ROLE_APPLICANT, person=party_pb2.Person(name="测试丁")
            ),
        ],
    )
    case.MergeFrom(case_pb2.Case(**changes))
    return case


def an_order(*documents: document_pb2.Document, items: int = 2, **changes: Any) -> find_service_pb2.FindOrder:
    """A complete order to find the first subject."""
    order = find_service_pb2.FindOrder(
        case_number=CASE,
        receiver=RECEIVER,
        subject_numbers=[1],
        items=[
            item_pb2.Item(
                number=number,
                act=item_pb2.ACT_LOCATE_PERSON,
                subject_number=1,
                scope=f"查找下落{number}",
                clue="常在平江路一带",
            )
            for number in range(1, items + 1)
        ],
        documents=documents,
        request_text="请协助查找被执行人下落",
    )
    order.MergeFrom(find_service_pb2.FindOrder(**changes))
    return order


__all__ = [
    "CASE",
    "HUB_COURT",
    "RECEIVER",
    "SENDER",
    "Court",
    "Pair",
    "a_case",
    "an_order",
    "directory_service_pb2",
    "new_id",
    "open_pair",
]
