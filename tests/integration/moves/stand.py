"""The hub, three basic courts, and the node of the hub's own court: everybody whom a move may need, in one process."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import grpc
from tests.integration.journal.scene import HUB_COURT, Node
from tests.integration.node.pair import Court
from tests.integration.node.trio import Trio, open_trio

from xiezhi.v1 import (
    coordination_service_pb2_grpc,
    distribution_service_pb2_grpc,
    handover_service_pb2_grpc,
    leave_service_pb2_grpc,
    ordered_service_pb2_grpc,
    urged_service_pb2_grpc,
)
from xiezhi_hub.deadlines.scheduler import Scheduler
from xiezhi_hub.recovery.gate import Gate
from xiezhi_node.coordination.service import CoordinationService
from xiezhi_node.distribution.service import DistributionService
from xiezhi_node.handover.service import HandoverService
from xiezhi_node.leave.service import LeaveService
from xiezhi_node.ordered.service import OrderedService
from xiezhi_node.sheets.printing import Press
from xiezhi_node.urged.service import UrgedService
from xiezhi_papers.workshop import Workshop


@dataclass
class Stand(Trio):
    """A hub with its desk and the node of its court, and three courts; lines can be cut."""

    own: Court
    cut: set[str] = field(default_factory=set)
    cases: Iterator[int] = field(default_factory=lambda: count(1))
    """Numbers of cases that no matter is about yet."""

    @property
    def courts(self) -> dict[str, Court]:
        """All courts by their codes."""
        return {court.code: court for court in (self.sender, self.receiver, self.third, self.own)}

    async def push(self, court: Court) -> int:
        return 0 if court.code in self.cut else await super().push(court)

    async def pull(self, court: Court) -> int:
        return 0 if court.code in self.cut else await super().pull(court)

    async def let_limits_run_out(self) -> None:
        """Let the hub's scheduler look at every deadline whose time has come."""
        gate = Gate()
        gate.open()
        scheduler = Scheduler(self.hub.journal, self.hub.seat, gate)
        while await scheduler.tick():
            pass

    async def _push(self) -> int:
        return await super()._push() + await self.push(self.own)

    async def _pull(self) -> int:
        return await super()._pull() + await self.pull(self.own)


def _add_services(court: Court, server: grpc.aio.Server) -> None:
    journal, seat = court.node.journal, court.node.seat
    urged_service_pb2_grpc.add_UrgedServiceServicer_to_server(UrgedService(journal, seat), server)
    handover_service_pb2_grpc.add_HandoverServiceServicer_to_server(HandoverService(journal, seat), server)
    distributions = DistributionService(journal, seat, Press("", Workshop()))
    distribution_service_pb2_grpc.add_DistributionServiceServicer_to_server(distributions, server)
    ordered_service_pb2_grpc.add_OrderedServiceServicer_to_server(OrderedService(journal, seat), server)
    coordination = CoordinationService(journal, seat)
    coordination_service_pb2_grpc.add_CoordinationServiceServicer_to_server(coordination, server)
    leave = LeaveService(journal, seat, lambda _account: None)
    leave_service_pb2_grpc.add_LeaveServiceServicer_to_server(leave, server)


@asynccontextmanager
async def open_stand(urls: Sequence[str], directory: Path) -> AsyncIterator[Stand]:
    """The stand: hub, sender, receiver on *urls*, the others in *directory*."""
    async with AsyncExitStack() as stack:
        trio = await stack.enter_async_context(open_trio(urls, directory, _add_services))
        node = Node(f"sqlite:///{directory / 'own.db'}", HUB_COURT, trio.clock)
        own = Court(node, more=_add_services)
        await stack.enter_async_context(own.serving())
        yield Stand(trio.hub, trio.sender, trio.receiver, trio.clock, trio.third, trio.desk, own)
