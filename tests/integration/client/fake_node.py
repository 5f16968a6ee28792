"""A node made of memory, behind a real TLS listener: what the client meets at its edge.

It keeps to the contract where a client can tell: sign-in, idempotency by request id, paging, cursors,
resumable documents, errors in the words of `xiezhi_wire.errors`. A test may order failures.
"""

import hashlib
import itertools
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.message import Message
from tests.integration.wire.pki import Pki

from xiezhi.v1 import account_service_pb2, case_pb2, court_pb2, find_service_pb2, instruction_pb2
from xiezhi.v1 import instruction_service_pb2 as matters_pb2
from xiezhi_domain.errors import Conflict, DomainError, NotAllowed, NotFound, Reason
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_wire.errors import status_code, to_status, to_trailers
from xiezhi_wire.tls import server_credentials
from xiezhi_wire.transport import SERVER_OPTIONS

COURT = "苏0591"
LOGIN = "zhang"
PASSWORD = "correct horse battery"

Effect = Callable[[Any], Any]


@dataclass
class Matter:
    """One matter: what the list shows, its order, its timeline."""

    summary: instruction_pb2.InstructionSummary
    order: find_service_pb2.FindOrder
    entries: list[Any] = field(default_factory=list)
    outcomes: list[Any] = field(default_factory=list)


@dataclass
class Fault:
    """A failure to come: before or after the effect of a call, or after some messages of a stream."""

    error: DomainError | grpc.StatusCode
    after_effect: bool = False
    after_messages: int = 0


class FakeNode:
    """The memory of the node and the rules that all services share."""

    def __init__(self) -> None:
        self.accounts: dict[str, account_service_pb2.Account] = {}
        self.tokens: set[str] = set()
        self.cases: dict[str, case_pb2.Case] = {}
        closed = case_pb2.CASE_STATUS_CHANGE_FULLY_ENFORCED
        self.case_changes = [case_pb2.CaseChange(change_id="closed", change=closed)]
        self.matters: dict[str, Matter] = {}
        self.changes: list[matters_pb2.WatchInstructionsResponse] = []
        self.documents: dict[tuple[str, bytes], Any] = {}
        self.bytes: dict[bytes, bytes] = {}
        self.uploads: dict[str, tuple[str, Any, bytearray]] = {}
        self.returned: list[instruction_pb2.ReturnedWork] = []
        self.answers: dict[tuple[str, str], tuple[bytes, Message]] = {}
        self.calls: dict[str, list[Message]] = defaultdict(list)
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.rulebooks = {shipped_rulebook().hash: shipped_rulebook()}
        self._numbers = itertools.count(1187)
        self.add_account(LOGIN, "张法官", court_pb2.ROLE_JUDGE)

    def sign_in(self) -> str:
        """A session token."""
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return token

    def add_account(self, login: str, name: str, *roles: Any) -> account_service_pb2.Account:
        account = account_service_pb2.Account(
            account_id=str(uuid.uuid4()), login=login, officer={"name": name}, roles=roles
        )
        self.accounts[account.account_id] = account
        return account

    def matter(self, instruction_id: str) -> Matter:
        for key, matter in self.matters.items():
            number = matter.summary.matter_number
            if instruction_id in {key, number} or instruction_id == f"0591 {number[-5:-1]}":
                return matter
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)

    def new_matter(self, order: find_service_pb2.FindOrder, instruction_id: str = "") -> Matter:
        identity = instruction_id or str(uuid.uuid4())
        summary = instruction_pb2.InstructionSummary(
            instruction_id=identity,
            matter_number=f"{COURT}委〔2026〕{next(self._numbers)}号",
            kind="FIND",
            sender=COURT,
            receiver=order.receiver,
            case_number=order.case_number,
            state=instruction_pb2.INSTRUCTION_STATE_DRAFT,
            item_count=len(order.items),
        )
        self.matters[identity] = Matter(summary, order)
        return self.matters[identity]

    def record(self, matter: Matter, kind: str, text: str = "", **parts: Any) -> str:
        """An event: in the timeline and as a change."""
        event_id = str(uuid.uuid4())
        matter.entries.append(
            {"event_id": event_id, "kind": kind, "words": kind, "court": COURT, "text": text, **parts}
        )
        matter.summary.last_event_id = event_id
        self.changes.append(
            matters_pb2.WatchInstructionsResponse(
                cursor=len(self.changes) + 1, entry=matter.entries[-1], instruction=matter.summary
            )
        )
        return event_id

    def receipt(self, matter: Matter, event_id: str = "") -> instruction_pb2.ActionReceipt:
        return instruction_pb2.ActionReceipt(
            instruction_id=matter.summary.instruction_id,
            event_id=event_id,
            state=matter.summary.state,
            pending=bool(event_id),
            matter_number=matter.summary.matter_number,
        )

    async def answer(self, method: str, request: Any, context: Any, effect: Effect) -> Any:
        """What every unary call goes through: sign-in, failures ordered, request ids, errors."""
        self.calls[method].append(request)
        fault = self.faults[method].pop(0) if self.faults[method] else None
        try:
            if method != "SignIn":
                self.check_token(context)
            if fault and not fault.after_effect:
                await _fail(context, fault.error)
            response = self._once(method, request, effect)
            if fault:
                await _fail(context, fault.error)
        except DomainError as error:
            await _fail(context, error)
        return response

    def check_token(self, context: Any) -> None:
        metadata = dict(context.invocation_metadata())
        if metadata.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            raise NotAllowed(Reason.SIGNED_OUT)

    def _once(self, method: str, request: Any, effect: Effect) -> Any:
        request_id = getattr(request, "request_id", "")
        # The rows of a batch have keys of their own.
        return (
            self.once(method, request_id, request, effect)
            if request_id and method != "IssueFinds"
            else effect(request)
        )

    def once(self, method: str, request_id: str, request: Any, effect: Effect) -> Any:
        """The effect of a request, or the answer that it had before."""
        digest = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
        seen = self.answers.get((method, request_id))
        if seen is None:
            seen = self.answers[method, request_id] = (digest, effect(request))
        if seen[0] != digest:
            raise Conflict(Reason.REQUEST_ID_REUSED)
        return seen[1]


async def _fail(context: Any, error: DomainError | grpc.StatusCode) -> None:
    if isinstance(error, grpc.StatusCode):
        await context.abort(error, "ordered by the test")
    status = to_status(error, "fake")
    await context.abort(status_code(status), status.message, to_trailers(status))


async def stream_faults(
    node: FakeNode, method: str, context: Any, messages: AsyncIterator[Any]
) -> AsyncIterator[Any]:
    """The messages of a stream, until the failure that a test ordered."""
    fault = node.faults[method].pop(0) if node.faults[method] else None
    try:
        node.check_token(context)
        if fault and not fault.after_messages:
            await _fail(context, fault.error)
        sent = 0
        async for message in messages:
            yield message
            sent += 1
            if fault and sent == fault.after_messages:
                await _fail(context, fault.error)
    except DomainError as error:
        await _fail(context, error)


@dataclass(frozen=True)
class Running:
    """A fake node that listens."""

    node: FakeNode
    pki: Pki
    address: str
    ca_file: Path
    stop: Callable[[], Awaitable[None]]


@asynccontextmanager
async def running(directory: Path, before: Running | None = None) -> AsyncIterator[Running]:
    """A new node, or the node `before` started again at its address."""
    from tests.integration.client.fake_services import add_services

    pki = before.pki if before else Pki(directory / "pki")
    node = before.node if before else FakeNode()
    server = grpc.aio.server(options=SERVER_OPTIONS)
    add_services(node, server)
    credentials = server_credentials(pki.server(uuid.uuid4().hex), require_client=False)
    bound = server.add_secure_port(before.address if before else "127.0.0.1:0", credentials)
    await server.start()

    async def stop() -> None:
        await server.stop(0)

    try:
        yield Running(node, pki, f"127.0.0.1:{bound}", pki.authority_file, stop)
    finally:
        await server.stop(0)
