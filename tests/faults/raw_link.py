"""A client of the link that says what it likes, with a node's real certificate: for what no honest node sends."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import grpc
from sqlalchemy import create_engine
from tests.stage.plugin import Stage

from xiezhi.v1.event_pb2 import EventRecord
from xiezhi.v1.link_service_pb2 import ConnectRequest, Hello, Push, Rejected, Welcome
from xiezhi.v1.link_service_pb2_grpc import LinkServiceStub
from xiezhi_journal.proofs import stored_event
from xiezhi_node.state import read_cursors
from xiezhi_wire.tls import ClientMaterial, channel_credentials
from xiezhi_wire.transport import CHANNEL_OPTIONS


def certificate(stage: Stage, court: str) -> ClientMaterial:
    """The certificate that the court's node got when it joined."""
    tls = stage.data(court) / "tls"
    return ClientMaterial(tls / "hub-ca.pem", tls / "chain.pem", tls / "key.pem")


@asynccontextmanager
async def dialled(
    stage: Stage, material: ClientMaterial, listener: str = "link"
) -> AsyncIterator[grpc.aio.Channel]:
    address = stage.endpoints["hub"][listener]
    credentials = channel_credentials(material)
    # What a client of ours would not send has to be tried as well.
    options = {**dict(CHANNEL_OPTIONS), "grpc.max_send_message_length": -1}
    async with grpc.aio.secure_channel(address, credentials, options=list(options.items())) as channel:
        yield channel


class RawLink:
    """One stream to the hub."""

    def __init__(self, call: Any, hello: Hello) -> None:
        self._call = call
        self._hello = hello

    async def greet(self) -> Welcome:
        """Say Hello; the hub's answer."""
        # Where the hub has refused already the write fails with no reason; reading tells the hub's.
        with suppress(grpc.aio.AioRpcError):
            await self._call.write(ConnectRequest(hello=self._hello))
        frame = await self._call.read()
        assert frame.HasField("welcome")
        return frame.welcome

    async def push(self, *records: EventRecord) -> None:
        await self._call.write(ConnectRequest(push=Push(records=map(stored_event, records))))

    async def rejections(self, count: int) -> Sequence[Rejected]:
        """The next rejections, in order; other frames are passed over."""
        found: list[Rejected] = []
        while len(found) < count:
            frame = await self._call.read()
            assert frame is not grpc.aio.EOF
            if frame.HasField("rejected"):
                found.append(frame.rejected)
        return found


@asynccontextmanager
async def raw_link(
    stage: Stage, court: str, material: ClientMaterial | None = None, *, clock_offset_ms: int = 0
) -> AsyncIterator[RawLink]:
    """A stream in the place of the court's node, which must not run."""
    async with dialled(stage, material or certificate(stage, court)) as channel:
        call = LinkServiceStub(channel).Connect()
        yield RawLink(call, _hello(stage.data(court), clock_offset_ms))
        call.cancel()


def _hello(data: Path, clock_offset_ms: int) -> Hello:
    with create_engine(f"sqlite:///{data / 'journal.db'}").connect() as connection:
        return Hello(
            protocol_version=1,
            program_version="raw",
            cursors=read_cursors(connection),
            clock_ms=time.time_ns() // 1_000_000 + clock_offset_ms,
        )
