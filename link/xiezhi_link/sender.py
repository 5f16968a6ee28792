"""Pushes what is pending at the node, in the order of its journal, within the window that the hub gave."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter

from xiezhi.v1.link_service_pb2 import ConnectRequest, Rejected
from xiezhi_link.batches import frames_of
from xiezhi_link.held_back import HeldBack
from xiezhi_link.inbox import Received
from xiezhi_link.ports import NodePort
from xiezhi_link.settings import FRAME_ROOM_BYTES, NodeEndSettings
from xiezhi_link.signal import Wake
from xiezhi_link.under_way import Outgoing, UnderWay

Send = Callable[[ConnectRequest], Awaitable[None]]


class Sender:
    """The sending side of one stream. It remembers what was pushed and pushes it again only where told to."""

    def __init__(
        self, node: NodePort, window_bytes: int, settings: NodeEndSettings, send: Send, wake: Wake
    ) -> None:
        self._node = node
        self._window_bytes = window_bytes
        self._poll_s = min(settings.poll_s, settings.retry_after_s)
        self._send = send
        self._wake = wake
        self._after = 0
        self._held_back = HeldBack(settings.retry_after_s)
        self.under_way = UnderWay()

    async def run(self, leaving: asyncio.Event) -> None:
        """Push until *leaving*; the frame under way is finished."""
        while not leaving.is_set():
            if not await self._push_next():
                await self._wake.wait(self._poll_s)

    def taken(self, received: Received) -> None:
        """Count the answers in feed items that the node has stored."""
        self.under_way.all_answered(item.record.header for item in received.items)
        self._wake.notify()

    def rejected(self, rejected: Rejected) -> None:
        """Count a rejection; what may be tried again is, after a pause."""
        outgoing = self.under_way.answered(rejected.header_sha256)
        if outgoing is not None and rejected.retry:
            self._held_back.hold(outgoing)
        self._wake.notify()

    async def _push_next(self) -> bool:
        """Push the next events; whether there were any."""
        first = self._held_back.release()
        if first is not None:
            self._after = min(self._after, first - 1)
        room = self._window_bytes - self.under_way.size
        if room <= 0:
            return False
        with self.under_way.reading():
            pending = await self._node.outgoing(self._after, min(room, FRAME_ROOM_BYTES))
            await self._push(await self._ready([each for each in pending if self.under_way.wants(each)]))
        if pending:
            self._after = pending[-1].position
        return bool(pending)

    async def _ready(self, pending: Sequence[Outgoing]) -> list[Outgoing]:
        """Return what may go now; the rest is held back, and what follows it in its instruction."""
        asked = [each.record for each in pending if not self._held_back.holds(each.instruction)]
        brought = {record.header for record in await self._node.bring_documents(asked)} if asked else set()
        ready = []
        for each in pending:
            if each.record.header in brought and not self._held_back.holds(each.instruction):
                ready.append(each)
            else:
                self._held_back.hold(each)
        return ready

    async def _push(self, ready: Sequence[Outgoing]) -> None:
        wanted: list[Outgoing] = []
        for each in ready:
            if self.under_way.wants(each):
                self.under_way.add(each)
                wanted.append(each)
        for frame in frames_of(wanted, attrgetter("size")):
            # Filled in place: a message given to another one is copied.
            request = ConnectRequest()
            request.push.records.extend(each.record for each in frame)
            await self._send(request)
