"""A stream to the hub without the node's end: for what a node of ours never does."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from tests.integration.link.house import House

from xiezhi.v1.link_service_pb2 import ConnectRequest, ConnectResponse, FeedItem, Hello, Welcome
from xiezhi.v1.link_service_pb2_grpc import LinkServiceStub
from xiezhi_wire.tls import ClientMaterial


class RawLink:
    """One stream."""

    def __init__(self, call: Any) -> None:
        self._call = call

    async def send(self, frame: ConnectRequest) -> None:
        await self._call.write(frame)

    async def leave(self) -> None:
        await self._call.done_writing()

    async def receive(self) -> ConnectResponse:
        response = await self._call.read()
        assert isinstance(response, ConnectResponse)
        return response

    async def greet(self) -> Welcome:
        await self.send(ConnectRequest(hello=Hello(protocol_version=1)))
        return (await self.receive()).welcome

    async def items_until(self, enough: Callable[[list[FeedItem]], bool]) -> list[FeedItem]:
        """The next feed items, as many frames as it takes."""
        items: list[FeedItem] = []
        while not enough(items):
            items.extend((await self.receive()).deliver.items)
        return items

    async def end(self) -> tuple[grpc.StatusCode, str]:
        """Reads until the hub ends the stream; how it ended, and the reason it gave."""
        try:
            while await self._call.read() is not grpc.aio.EOF:
                pass
        except grpc.aio.AioRpcError as error:
            return error.code(), _reason(error)
        return await self._call.code(), ""


def _reason(error: grpc.aio.AioRpcError) -> str:
    trailers = dict(error.trailing_metadata() or ())
    status = Status.FromString(trailers["grpc-status-details-bin"])
    info = ErrorInfo()
    return str(info.reason) if any(packed.Unpack(info) for packed in status.details) else ""


@asynccontextmanager
async def raw_link(house: House, material: ClientMaterial) -> AsyncIterator[RawLink]:
    channel = house.channel(material)
    call = LinkServiceStub(channel.channel).Connect()
    try:
        yield RawLink(call)
    finally:
        call.cancel()
        await channel.close()
