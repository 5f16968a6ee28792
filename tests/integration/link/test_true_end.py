"""A hub that refuses a stream while the node's first frame is on its way: the node hears the hub's own words."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import grpc
import pytest
from tests.integration.link.events import A
from tests.integration.link.house import QUICK
from tests.integration.link.memory_node import MemoryNode
from tests.integration.wire.pki import now_ms

from xiezhi.v1.link_service_pb2 import Hello
from xiezhi.v1.link_service_pb2_grpc import LinkServiceStub
from xiezhi_domain.errors import Reason
from xiezhi_link.failures import explain
from xiezhi_link.node_session import NodeSession


class Refusing(grpc.GenericRpcHandler):
    """A hub that lets nobody in, on threads of its own: it refuses while the node's loop stands still."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        return grpc.stream_stream_rpc_method_handler(self._refuse)

    def _refuse(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        context.send_initial_metadata(())
        context.abort(grpc.StatusCode.UNAUTHENTICATED, "refused")
        yield from requests


class Slow(MemoryNode):
    """A node whose loop is busy between the beginning of the call and its first frame."""

    connected: Callable[[], Any]

    async def hello(self) -> Hello:
        await self.connected()
        time.sleep(0.1)  # the loop has to stand still
        return await super().hello()


@asynccontextmanager
async def refusing() -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((Refusing(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield channel
    finally:
        await asyncio.to_thread(server.stop(None).wait)


async def test_the_status_of_the_hub_is_told_and_not_the_failed_write() -> None:
    async with refusing() as channel:
        for _ in range(5):
            call = LinkServiceStub(channel).Connect()
            node = Slow(A)
            node.connected = call.wait_for_connection
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await NodeSession(node, call, QUICK, now_ms).run()
            assert (refused.value.code(), refused.value.details()) == (
                grpc.StatusCode.UNAUTHENTICATED,
                "refused",
            )
            assert explain(refused.value) == Reason.CERTIFICATE_INVALID.zh
            call.cancel()
