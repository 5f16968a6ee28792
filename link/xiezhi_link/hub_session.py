"""One stream of one court at the hub: what comes is read, ruled on and noted while the feed goes out."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from types import MappingProxyType

import structlog

from xiezhi.v1.link_service_pb2 import Ack, ConnectRequest, ConnectResponse, DirectoryUpdate, FeedCursor, Push
from xiezhi_domain.errors import Conflict, FormatError, Reason
from xiezhi_link.failures import first_error
from xiezhi_link.feed_pump import FeedPump
from xiezhi_link.frame_writer import FrameWriter
from xiezhi_link.greeting import Greeting
from xiezhi_link.notices import Notices
from xiezhi_link.ports import HubPort, WitnessPort
from xiezhi_link.push_ruling import PushRuling, reject_while_recovering
from xiezhi_link.recovery import Recovery
from xiezhi_link.settings import HubEndSettings
from xiezhi_link.signal import Wake

_log = structlog.get_logger(__name__)


class HubSession:
    """The hub's end of one stream, from Welcome on."""

    def __init__(
        self,
        court: str,
        greeting: Greeting,
        hub: HubPort,
        witnesses: WitnessPort | None,
        settings: HubEndSettings,
        send: FrameWriter[ConnectResponse],
        wake: Wake,
    ) -> None:
        self._court = court
        self._hub = hub
        self._witnesses = witnesses
        self._poll_s = settings.poll_s
        self._welcome = greeting.welcome
        self._acknowledged: dict[int, int] = {
            cursor.lane: cursor.feed_seq for cursor in greeting.hello.cursors
        }
        self._send = send
        self._wake = wake
        self._replaced = asyncio.Event()
        self._stored: dict[int, FeedCursor] = {}
        self._stored_changed = asyncio.Event()
        rule = reject_while_recovering if self._welcome.recovering else partial(hub.rule, court)
        self._ruling = PushRuling(settings.push_window_bytes, rule, send)
        self._feed = FeedPump(hub, court, greeting.hello, settings.lane_window_bytes, send)
        self._notices = Notices(court, witnesses, self._welcome.checkpoint, settings.notice_every_s, send)
        self._recovery = Recovery(hub, court, greeting.hello, send)

    @property
    def acknowledged(self) -> Mapping[int, int]:
        """Number of the last item that the node has stored, by lane, as it goes on."""
        return MappingProxyType(self._acknowledged)

    async def serve(self, requests: AsyncIterator[ConnectRequest]) -> None:
        """Say Welcome and serve until the node leaves.

        :raises DomainError: what ended the stream.
        """
        await self._send(ConnectResponse(welcome=self._welcome))
        with first_error():
            async with asyncio.TaskGroup() as tasks:
                ruling = tasks.create_task(self._ruling.run())
                others = [
                    tasks.create_task(self._recover() if self._welcome.recovering else self._give_out()),
                    tasks.create_task(self._note_stored()),
                    tasks.create_task(self._until_replaced()),
                ]
                await self._read(requests)
                await self._ruling.close()
                await ruling
                for task in others:
                    task.cancel()

    def replace(self) -> None:
        """End the stream: the court has connected again."""
        self._replaced.set()

    def announce(self, update: DirectoryUpdate) -> None:
        """Send what is another now as soon as the stream is free."""
        self._notices.add(update)
        self._wake.notify()

    async def _until_replaced(self) -> None:
        await self._replaced.wait()
        raise Conflict(Reason.LINK_REPLACED)

    async def _give_out(self) -> None:
        while True:
            await self._notices.send_updates()
            if not await self._feed.send_next():
                await self._notices.send_checkpoint()
                await self._wake.wait(self._poll_s)

    async def _recover(self) -> None:
        while True:
            await self._recovery.ask()
            await self._wake.wait(self._poll_s)

    async def _read(self, requests: AsyncIterator[ConnectRequest]) -> None:
        async for request in requests:
            match request.WhichOneof("frame"):
                case "push":
                    await self._take_push(request.push)
                case "ack":
                    self._take_ack(request.ack)
                case "cosignature":
                    if self._witnesses is not None:
                        await self._witnesses.cosigned(self._court, request.cosignature)
                case "recalled":
                    await self._recovery.take(request.recalled)
                case "hello":
                    raise FormatError("Hello 只能是首帧")
                case _:
                    _log.info("unknown_frame", court=self._court)  # from a newer minor version

    async def _take_push(self, push: Push) -> None:
        self._feed.note_pushed(push.records)
        await self._ruling.put(push)

    def _take_ack(self, ack: Ack) -> None:
        self._feed.acknowledge(ack.cursors)
        self._acknowledged.update((cursor.lane, cursor.feed_seq) for cursor in ack.cursors)
        self._stored.update((cursor.lane, cursor) for cursor in ack.cursors)
        self._stored_changed.set()
        self._wake.notify()

    async def _note_stored(self) -> None:
        """Tell the hub what was acknowledged; what comes meanwhile makes the next set."""
        while True:
            await self._stored_changed.wait()
            self._stored_changed.clear()
            stored, self._stored = self._stored, {}
            await self._hub.acknowledged(self._court, list(stored.values()))
