"""Live streams, so that whoever loses a right loses the stream that used it (protocol §13: within 5 s).

The chain registers every streaming call with its caller. A revocation closes streams by ``close_where``; what
nobody announces (a certificate or session that runs out, a role taken away in another process) is found by
``recheck``. All of it belongs to the event loop's thread.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from operator import eq

import structlog

from xiezhi_domain.errors import DomainError
from xiezhi_wire.caller import AnyCaller

_log = structlog.get_logger(__name__)

RECHECK_SECONDS = 5.0


@dataclass(slots=True, eq=False)
class _LiveStream:
    caller: AnyCaller | None
    task: asyncio.Task[object]
    refusal: DomainError | None = None

    def close(self, refusal: DomainError) -> None:
        if self.refusal is None:
            self.refusal = refusal
            self.task.cancel()


class LiveStreams:
    """The streams that are open in this process."""

    def __init__(self) -> None:
        self._streams: set[_LiveStream] = set()

    def __len__(self) -> int:
        return len(self._streams)

    @contextmanager
    def register(self, caller: AnyCaller | None) -> Iterator[None]:
        """Holds the present task's stream for the time of the block; closing it ends the block.

        Raises:
            DomainError: the refusal with which the stream was closed.

        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a stream is registered by the task that serves it")
        cancelling = task.cancelling()
        stream = _LiveStream(caller, task)
        self._streams.add(stream)
        try:
            yield
        except asyncio.CancelledError:
            # Cancelled by us and by nobody else: an error of the call, as asyncio.timeout does it.
            if stream.refusal is not None and task.uncancel() <= cancelling:
                raise stream.refusal from None
            raise
        finally:
            self._streams.discard(stream)

    def close_where(self, matches: Callable[[AnyCaller], bool], refusal: DomainError) -> int:
        """Closes the streams whose caller ``matches``; they end with ``refusal``. Gives their number."""
        return _close(
            (stream for stream in self._streams if stream.caller is not None and matches(stream.caller)),
            refusal,
        )

    def close_all(self, refusal: DomainError) -> int:
        """Closes every stream, those of nobody known too. Gives their number."""
        return _close(self._streams, refusal)

    async def recheck(
        self, still_admitted: Callable[[AnyCaller], Awaitable[None]], every_s: float = RECHECK_SECONDS
    ) -> None:
        """Asks about the caller of every stream again and again, until cancelled.

        ``still_admitted`` raises the `DomainError` that a caller's streams shall end with.
        """
        while True:
            await asyncio.sleep(every_s)
            for caller in {stream.caller for stream in self._streams if stream.caller is not None}:
                await self._recheck_one(caller, still_admitted)

    async def _recheck_one(
        self, caller: AnyCaller, still_admitted: Callable[[AnyCaller], Awaitable[None]]
    ) -> None:
        try:
            await still_admitted(caller)
        except DomainError as refusal:
            closed = self.close_where(partial(eq, caller), refusal)
            _log.info("streams_closed", court=caller.court, reason=refusal.reason.value, streams=closed)
        except Exception:  # noqa: BLE001  # what is away for a moment is asked again in the next round
            _log.exception("stream_not_rechecked", court=caller.court)


def _close(streams: Iterable[_LiveStream], refusal: DomainError) -> int:
    closing = list(streams)
    for stream in closing:
        stream.close(refusal)
    return len(closing)
