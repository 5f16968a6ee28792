"""What the hub tells a node beside its feed: what is another now, and checkpoints for those who cosign them."""

from collections.abc import Awaitable, Callable
from time import monotonic

from xiezhi.v1.court_pb2 import Court
from xiezhi.v1.link_service_pb2 import ConnectResponse, DirectoryUpdate
from xiezhi_link.batches import frames_of
from xiezhi_link.ports import WitnessPort

Send = Callable[[ConnectResponse], Awaitable[None]]


class Notices:
    """The notices of one stream. *checkpoint* is that of Welcome; without *witnesses* no checkpoints go out."""

    def __init__(
        self, court: str, witnesses: WitnessPort | None, checkpoint: bytes, every_s: float, send: Send
    ) -> None:
        self._court = court
        self._witnesses = witnesses
        self._checkpoint = checkpoint
        self._every_s = every_s
        self._send = send
        self._next_at = monotonic()
        self._updates: list[DirectoryUpdate] = []

    def add(self, update: DirectoryUpdate) -> None:
        """Keep what is another now for the next time."""
        self._updates.append(update)

    async def send_updates(self) -> None:
        """Send what was added: the courts together, and once that the node should ask again."""
        updates, self._updates = self._updates, []
        for courts in frames_of((court for update in updates for court in update.courts), Court.ByteSize):
            await self._send(ConnectResponse(directory=DirectoryUpdate(courts=courts)))
        if any(update.ask_again for update in updates):
            await self._send(ConnectResponse(directory=DirectoryUpdate(ask_again=True)))

    async def send_checkpoint(self) -> None:
        """Send the newest checkpoint, unless it is known or one was sent a moment ago."""
        # A commit of any court makes a checkpoint; each node needs one now and then.
        if self._witnesses is None or monotonic() < self._next_at:
            return
        self._next_at = monotonic() + self._every_s
        notice = await self._witnesses.notice(self._court, self._checkpoint)
        if notice is not None:
            self._checkpoint = notice.checkpoint
            await self._send(ConnectResponse(checkpoint=notice))
