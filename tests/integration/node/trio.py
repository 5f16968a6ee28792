"""The pair with a third court, and with the people of the intermediate court at the hub's desk."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import grpc
from prometheus_client import CollectorRegistry
from tests.integration.journal.scene import HUB_COURT, THIRD, Clock, Hub, Node
from tests.integration.node.pair import Court, Pair, _Named, open_pair

from xiezhi.v1 import (
    court_pb2,
    disposal_decision_service_pb2_grpc,
    document_service_pb2_grpc,
    order_service_pb2_grpc,
    request_desk_service_pb2_grpc,
    superior_service_pb2_grpc,
    urge_service_pb2_grpc,
)
from xiezhi_desk.accounts import store as accounts
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_desk.documents.service import DocumentService
from xiezhi_domain.terms import Role
from xiezhi_hub.disposal.service import DisposalDecisionService
from xiezhi_hub.document_access import HubDocumentAccess
from xiezhi_hub.orders.request_desk import RequestDesk
from xiezhi_hub.orders.service import OrderService
from xiezhi_hub.policies import load_policy
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.superior.service import SuperiorService
from xiezhi_hub.urging.service import UrgeService
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.call import Call
from xiezhi_wire.caller import Caller
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.streams import LiveStreams

StubT = TypeVar("StubT")
SUPERIORS = {
    "supervisor": Role.SUPERVISOR,
    "leader": Role.COURT_LEADER,
    "officer": Role.CENTRE_OFFICER,
    "director": Role.CENTRE_DIRECTOR,
    "chief": Role.BUREAU_CHIEF,
    "other_chief": Role.BUREAU_CHIEF,
    "statistician": Role.STATISTICIAN,
}


@dataclass
class HubDesk:
    """The hub's desk with its people."""

    hub: Hub
    folder: Path
    callers: dict[str, Caller] = field(default_factory=dict)
    channel: grpc.aio.Channel | None = None

    def stub(self, make: Callable[[Any], StubT], name: str) -> StubT:
        """A service as the person *name* calls it."""
        return make(_Named(self.channel, name))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The desk, on a port of its own."""
        for name, role in SUPERIORS.items():
            officer = court_pb2.Officer(name=f"中院{name}", phone="0512-00000001")
            account = Account(f"hub-{name}", f"hub-{name}", officer, frozenset({role}))
            await self.hub.journal.write(
                lambda connection, row=account: accounts.add_account(connection, row)
            )
            self.callers[name] = Caller(
                account.account_id, officer.name, HUB_COURT, frozenset({role}), session_id=f"h-{name}"
            )
        server = grpc.aio.server(interceptors=[self._chain()])
        gate = Gate()
        gate.open()
        journal, seat = self.hub.journal, self.hub.seat
        superior_service_pb2_grpc.add_SuperiorServiceServicer_to_server(
            SuperiorService(journal, seat, gate), server
        )
        order_service_pb2_grpc.add_OrderServiceServicer_to_server(OrderService(journal, seat, gate), server)
        request_desk_service_pb2_grpc.add_RequestDeskServiceServicer_to_server(
            RequestDesk(journal, seat, gate), server
        )
        urge_service_pb2_grpc.add_UrgeServiceServicer_to_server(UrgeService(journal, seat, gate), server)
        disposal_decision_service_pb2_grpc.add_DisposalDecisionServiceServicer_to_server(
            DisposalDecisionService(journal, seat, gate, load_policy("desk")), server
        )
        documents = Documents(journal, FileStorage(self.folder))
        document_service_pb2_grpc.add_DocumentServiceServicer_to_server(
            DocumentService(journal, documents, HubDocumentAccess(journal, gate)), server
        )
        port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
        await server.start()
        try:
            async with grpc.aio.secure_channel(
                f"127.0.0.1:{port}", grpc.local_channel_credentials()
            ) as channel:
                self.channel = channel
                yield
        finally:
            await server.stop(0)

    def _chain(self) -> grpc.aio.ServerInterceptor:
        async def by_name(call: Call) -> Caller | None:
            return self.callers.get(call.metadata("x-caller") or "")

        policy = resources.files("xiezhi_hub").joinpath("policy_desk.toml").read_text(encoding="utf-8")
        return standard_chain(
            ChainParts(
                Accounting(CollectorRegistry()),
                (by_name,),
                MethodPolicy.load(policy),
                RateLimiter(100_000, 100_000, self.hub.journal.clock),
                LiveStreams(),
            )
        )


@dataclass
class Trio(Pair):
    """A hub with its desk, and three courts."""

    third: Court
    desk: HubDesk

    async def _push(self) -> int:
        return await super()._push() + await self.push(self.third)

    async def _pull(self) -> int:
        return await super()._pull() + await self.pull(self.third)


@asynccontextmanager
async def open_trio(urls: Sequence[str], directory: Path, more: Any = None) -> AsyncIterator[Trio]:
    """The trio: hub, sender, receiver on *urls*, the third court in *directory*."""
    async with AsyncExitStack() as stack:
        pair = await stack.enter_async_context(open_pair(urls, more=more))
        third = Court(Node(f"sqlite:///{directory / 'third.db'}", THIRD, pair.clock), more=more)
        await stack.enter_async_context(third.serving())
        desk = HubDesk(pair.hub, directory / "hub-documents")
        await stack.enter_async_context(desk.serving())
        yield Trio(pair.hub, pair.sender, pair.receiver, pair.clock, third, desk)


__all__ = ["Clock", "HubDesk", "Trio", "open_trio"]
