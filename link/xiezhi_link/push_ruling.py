"""Has the hub rule on what a node pushes, in order; batches form by themselves while the hub is busy."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256

from xiezhi.v1.link_service_pb2 import ConnectResponse, Push, Rejected, StoredEvent
from xiezhi_domain.errors import Reason
from xiezhi_link.push_queue import Pushed, PushQueue
from xiezhi_link.settings import BATCH_EVENTS

Rule = Callable[[Sequence[StoredEvent]], Awaitable[Sequence[Rejected | None]]]
Send = Callable[[ConnectResponse], Awaitable[None]]


class PushRuling:
    """The pushes of one stream on their way to the ruling."""

    def __init__(self, window_bytes: int, rule: Rule, send: Send) -> None:
        self._queue = PushQueue(window_bytes)
        self._rule = rule
        self._send = send

    async def put(self, push: Push) -> None:
        """Add a frame; waits while the window is full."""
        await self._queue.put(push)

    async def close(self) -> None:
        """Let `run` end after what has been put."""
        await self._queue.close()

    async def run(self) -> None:
        """Have everything ruled on, until closed; the node is told what never comes into the log."""
        while batch := await self._queue.take(BATCH_EVENTS):
            answers = await self._rule([pushed.record for pushed in batch])
            for pushed, answer in zip(batch, answers, strict=True):
                if answer is not None:
                    await self._send(_rejected(pushed, answer))
            await self._queue.ruled(batch)


async def reject_while_recovering(records: Sequence[StoredEvent]) -> Sequence[Rejected]:
    """Answer as a hub does that must not rule yet (ADR 0002)."""
    reason = Reason.RECOVERING
    return [Rejected(reason=reason.value, message=reason.zh, retry=True) for _ in records]


def _rejected(pushed: Pushed, answer: Rejected) -> ConnectResponse:
    answer.index = pushed.index
    answer.header_sha256 = sha256(pushed.record.header).digest()
    return ConnectResponse(rejected=answer)
