"""One stream at the node: pending events go out, feed items are stored and acknowledged side by side."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

import grpc
import structlog

from xiezhi.v1.link_service_pb2 import (
    Ack,
    CheckpointNotice,
    ConnectRequest,
    ConnectResponse,
    Hello,
    Recall,
    Recalled,
    StoredEvent,
    Welcome,
)
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_link.batches import frames_of
from xiezhi_link.failures import HubLeft, first_error
from xiezhi_link.frame_writer import FrameWriter
from xiezhi_link.inbox import Inbox
from xiezhi_link.ports import NodePort
from xiezhi_link.sender import Sender
from xiezhi_link.settings import PROTOCOL_VERSION, NodeEndSettings
from xiezhi_link.signal import Wake
from xiezhi_link.true_end import TrueEnd

_log = structlog.get_logger(__name__)

# In quotes, because the class is generic for the type checker only.
LinkCall: TypeAlias = "grpc.aio.StreamStreamCall[ConnectRequest, ConnectResponse]"


class NodeSession:
    """The node's end of one stream."""

    def __init__(
        self, node: NodePort, call: LinkCall, settings: NodeEndSettings, clock_ms: Callable[[], int]
    ) -> None:
        self.connected_since_ms: int | None = None
        """When the node accepted the hub's Welcome."""
        self.clock_offset_ms = 0
        """How much the hub's clock is ahead of the node's, to half a round trip."""
        self.hub_version = ""
        self.recovering = False
        self._node = node
        self._call = call
        self._end = TrueEnd(call)
        self._settings = settings
        self._clock_ms = clock_ms
        self._send = FrameWriter(self._write)
        self._leaving = asyncio.Event()
        self._inbox = Inbox(settings.inbox_bytes)
        self._asked: asyncio.Queue[ConnectResponse] = asyncio.Queue()
        self._sender: Sender | None = None

    @property
    def lag_ms(self) -> int:
        """How long the oldest pushed event has waited for the hub's answer."""
        return 0 if self._sender is None else round(self._sender.under_way.oldest_s * 1000)

    def leave(self) -> None:
        """End the stream in order: what is under way is finished, nothing new is begun."""
        self._leaving.set()

    async def run(self) -> None:
        """Say Hello and serve until `leave`.

        :raises Exception: what ended the stream.
        """
        welcome = await self._greet()
        with first_error(), self._node.commits.subscribe() as wake:
            sender = Sender(self._node, welcome.push_window_bytes, self._settings, self._send, wake)
            self._sender = sender
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(self._read(sender))
                working = [tasks.create_task(self._take(sender))]
                # A hub that recovers would reject every push; it ends the stream when it has opened.
                if not welcome.recovering:
                    working.append(tasks.create_task(sender.run(self._leaving)))
                answering = tasks.create_task(self._answer())
                await self._leaving.wait()
                await self._finish(working, reading, wake)
                for task in (*working, reading, answering):
                    task.cancel()

    # --- Beginning and end -------------------------------------------------------------------------------------------

    async def _greet(self) -> Welcome:
        hello = await self._node.hello()
        hello.protocol_version = PROTOCOL_VERSION
        async with asyncio.timeout(self._settings.welcome_timeout_s):
            welcome = await self._exchange(hello)
        if welcome.protocol_version != PROTOCOL_VERSION:
            raise WrongState(Reason.PROTOCOL_UNSUPPORTED)
        await self._node.welcomed(welcome)
        self.connected_since_ms = self._clock_ms()
        self.hub_version = welcome.program_version
        self.recovering = welcome.recovering
        _log.info("link_opened", version=welcome.program_version, recovering=welcome.recovering)
        return welcome

    async def _exchange(self, hello: Hello) -> Welcome:
        said_ms = self._clock_ms()
        await self._send(ConnectRequest(hello=hello))
        first = await self._receive()
        if first is None or not first.HasField("welcome"):
            raise HubLeft
        self.clock_offset_ms = first.welcome.clock_ms - (said_ms + self._clock_ms()) // 2
        return first.welcome

    async def _finish(
        self, working: list[asyncio.Task[None]], reading: asyncio.Task[None], wake: Wake
    ) -> None:
        """Let what is under way come to its end and tell the hub; not for ever."""
        wake.notify()
        await self._inbox.close()
        try:
            async with asyncio.timeout(self._settings.drain_s):
                await asyncio.wait(working)
                await self._call.done_writing()
                await asyncio.wait([reading])
        except TimeoutError:
            _log.warning("link_not_drained", after_s=self._settings.drain_s)

    # --- From the hub ------------------------------------------------------------------------------------------------

    async def _read(self, sender: Sender) -> None:
        while (response := await self._receive()) is not None:
            match response.WhichOneof("frame"):
                case "deliver":
                    await self._inbox.put(response.deliver)
                case "rejected":
                    await self._node.rejected(response.rejected)
                    sender.rejected(response.rejected)
                case "directory":
                    await self._node.directory(response.directory)
                case "checkpoint" | "recall":
                    # Answered by frames of our own; a reader that waits to write could block both ends.
                    self._asked.put_nowait(response)
                case other:
                    _log.info("unknown_frame", frame=other)  # from a newer minor version
        if not self._leaving.is_set():
            raise HubLeft

    async def _take(self, sender: Sender) -> None:
        while (received := await self._inbox.take()) is not None:
            cursors = await self._node.take(received)
            sender.taken(received)
            if cursors:
                await self._send(ConnectRequest(ack=Ack(cursors=cursors)))

    async def _answer(self) -> None:
        while True:
            asked = await self._asked.get()
            if asked.HasField("recall"):
                await self._give_back(asked.recall)
            else:
                await self._vouch(asked.checkpoint)

    async def _give_back(self, recall: Recall) -> None:
        async for records in self._node.recall(recall.from_index, recall.to_index):
            for frame in frames_of(records, StoredEvent.ByteSize):
                await self._send(ConnectRequest(recalled=Recalled(records=frame)))
        await self._send(ConnectRequest(recalled=Recalled(done=True)))

    async def _vouch(self, notice: CheckpointNotice) -> None:
        cosignature = await self._node.checkpoint(notice)
        if cosignature is not None:
            await self._send(ConnectRequest(cosignature=cosignature))

    # --- The call ----------------------------------------------------------------------------------------------------

    async def _receive(self) -> ConnectResponse | None:
        """Return the next frame; None at the hub's end of the stream."""
        try:
            response: Any = await self._call.read()
        except grpc.aio.AioRpcError as error:
            raise self._end.of(error) from None
        return None if response is grpc.aio.EOF else response

    async def _write(self, frame: ConnectRequest) -> None:
        try:
            await self._call.write(frame)
        except asyncio.InvalidStateError:
            # The call is over; reading tells how.
            await self._receive()
            raise HubLeft from None
        except grpc.aio.AioRpcError as error:
            raise self._end.of(error) from None
