"""A registry connector (`xiezhi.v1.RegistryConnector`) as the node calls it: over mTLS, in bounded time."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import grpc

from xiezhi.v1 import registry_connector_pb2 as pb
from xiezhi.v1.registry_connector_pb2_grpc import RegistryConnectorStub
from xiezhi_desk.settings import secret_of
from xiezhi_domain.errors import DomainError, Reason, Unavailable, WrongState
from xiezhi_node.answering import Answering
from xiezhi_node.registries.circuit import Circuit
from xiezhi_node.registries.settings import ConnectorTable
from xiezhi_wire.tls import channel_credentials
from xiezhi_wire.transport import CHANNEL_OPTIONS

LONGEST_MESSAGE: Final = 500
_Code = grpc.StatusCode
_REFUSED: Final = frozenset(
    {_Code.FAILED_PRECONDITION, _Code.NOT_FOUND, _Code.PERMISSION_DENIED, _Code.INVALID_ARGUMENT}
)
_DIALLING: Final = {
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.use_local_subchannel_pool": 1,
}


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a call is made before the registry counts as away, and the first pause; each next one is twice it.

    Together the pauses are longer than the channel waits before it dials again.
    """

    attempts: int = 4
    first_pause_s: float = 0.3


class Connector:
    """One registry: its channel, its circuit, and how much is asked of it at once."""

    def __init__(self, table: ConnectorTable, clock: Callable[[], int], tries: Tries | None = None) -> None:
        self.table = table
        self.circuit = Circuit()
        self.answering = Answering()
        self._clock = clock
        self._tries = tries or Tries()
        self._slots = asyncio.Semaphore(table.at_once)
        self._opened: grpc.aio.Channel | None = None

    @property
    def name(self) -> str:
        """What the configuration calls it."""
        return self.table.name

    async def close(self) -> None:
        """Close the channel."""
        if self._opened is not None:
            await self._opened.close()

    async def query(
        self, request: pb.RegistryConnectorQueryRequest, timeout_s: float
    ) -> AsyncGenerator[pb.RegistryConnectorQueryResponse, None]:
        """Give the parts of an answer, all within *timeout_s*; broken calls are begun again while nothing has come.

        :raises Unavailable: REGISTRY_AWAY; what came before it is all that came. At once while it is left in peace.
        :raises WrongState: REGISTRY_REFUSED with what the registry says.
        """
        async with self._slots:
            if not self.circuit.admit(self._clock()):
                raise Unavailable(Reason.REGISTRY_AWAY, "该登记机构连续未能返回，暂停查询，稍后自动再查")
            try:
                async with aclosing(self._tried(request, timeout_s)) as parts:
                    async for part in parts:
                        self.circuit.succeeded()
                        yield part
            except Unavailable:
                self.circuit.failed(self._clock())
                raise
            except WrongState:
                self.circuit.succeeded()
                raise

    async def _tried(
        self, request: pb.RegistryConnectorQueryRequest, timeout_s: float
    ) -> AsyncGenerator[pb.RegistryConnectorQueryResponse, None]:
        """Give the parts of an answer; begin again, as often as allowed, while nothing has come."""
        now = asyncio.get_running_loop().time
        deadline = now() + timeout_s
        pause, attempt, told = self._tries.first_pause_s, 1, False
        while True:
            try:
                async with aclosing(self._stream("Query", request, max(deadline - now(), 0.001))) as parts:
                    async for part in parts:
                        told = True
                        yield part
            except Unavailable:
                if told or attempt >= self._tries.attempts or deadline - now() <= pause:
                    raise
            else:
                return
            await asyncio.sleep(pause)
            pause, attempt = pause * 2, attempt + 1

    async def describe(self, timeout_s: float) -> pb.RegistryConnectorDescribeResponse:
        """Return what the registry serves.

        :raises DomainError: REGISTRY_AWAY, REGISTRY_REFUSED.
        """
        try:
            answer: pb.RegistryConnectorDescribeResponse = await self._stub().Describe(
                pb.RegistryConnectorDescribeRequest(), timeout=timeout_s, metadata=self._credentials()
            )
        except grpc.aio.AioRpcError as error:
            raise self._noted(error) from None
        self.answering.answered(self._clock())
        return answer

    async def control(
        self, request: pb.RegistryConnectorControlRequest
    ) -> pb.RegistryConnectorControlResponse:
        """Return what the registry did; a broken call is made again with the same number.

        :raises Unavailable: REGISTRY_AWAY; it may have acted, and the same request may be sent again.
        :raises WrongState: REGISTRY_REFUSED.
        """
        pause = self._tries.first_pause_s
        for attempt in range(self._tries.attempts):
            try:
                return await self._once(request)
            except Unavailable:
                if attempt == self._tries.attempts - 1:
                    raise
            await asyncio.sleep(pause)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def watch(self, after: str) -> AsyncGenerator[pb.RegistryConnectorWatchResponse, None]:
        """Give hits behind the cursor *after*, until the registry goes.

        :raises DomainError: REGISTRY_AWAY, REGISTRY_REFUSED.
        """
        return self._stream("Watch", pb.RegistryConnectorWatchRequest(after=after), None)

    async def _once(self, request: pb.RegistryConnectorControlRequest) -> pb.RegistryConnectorControlResponse:
        timeout_s = self.table.control_timeout_s
        try:
            answer: pb.RegistryConnectorControlResponse = await self._stub().Control(
                request, timeout=timeout_s, metadata=self._credentials()
            )
        except grpc.aio.AioRpcError as error:
            raise self._noted(error) from None
        self.answering.answered(self._clock())
        self.circuit.succeeded()
        return answer

    async def _stream(self, method: str, request: Any, timeout_s: float | None) -> AsyncGenerator[Any, None]:
        call = getattr(self._stub(), method)(request, timeout=timeout_s, metadata=self._credentials())
        try:
            async for message in call:
                self.answering.answered(self._clock())
                yield message
        except grpc.aio.AioRpcError as error:
            raise self._noted(error) from None
        finally:
            call.cancel()

    def _noted(self, error: grpc.aio.AioRpcError) -> DomainError:
        told = _told(error)
        self.answering.note(told, self._clock())
        return told

    def _stub(self) -> RegistryConnectorStub:
        if self._opened is None:
            options = (*(each for each in CHANNEL_OPTIONS if each[0] not in _DIALLING), *_DIALLING.items())
            credentials = channel_credentials(self.table.material)
            self._opened = grpc.aio.secure_channel(self.table.address, credentials, options=options)
        return RegistryConnectorStub(self._opened)

    def _credentials(self) -> tuple[tuple[str, str], ...]:
        file = self.table.token_file
        return (("authorization", f"Bearer {secret_of(file, 'token_file')}"),) if file else ()


def _told(error: grpc.aio.AioRpcError) -> DomainError:
    """Return what an error means; only a refusal is told in the registry's own words."""
    if error.code() in _REFUSED:
        return WrongState(Reason.REGISTRY_REFUSED, (error.details() or "")[:LONGEST_MESSAGE])
    return Unavailable(Reason.REGISTRY_AWAY)
