"""Live streams, so that whoever loses a right loses the stream that used it (protocol §13: within 5 s).

The chain registers every streaming call with its caller. Who keeps certificates closes those of nodes by
``close_where``; what nobody announces of people and programs (a session that runs out, a role taken away in another
process) is found by ``recheck``. All of it belongs to the event loop's thread.

What a look-up has found may be believed for `BELIEVED_SECONDS`; a stream may begin at the end of them, just after a
round. The next round begins `RECHECK_SECONDS` later and ends within `ROUND_SECONDS`: together `RIGHTS_GONE_SECONDS`.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from xiezhi_domain.errors import DomainError, LimitExceeded, NotAllowed, Reason, Unavailable
from xiezhi_wire.caller import AnyCaller, Caller

_log = structlog.get_logger(__name__)

RIGHTS_GONE_SECONDS: Final = 5.0
"""After this time at the latest nobody uses a right that is gone, however it went (protocol §13)."""
BELIEVED_SECONDS: Final = 2.0
"""How long whoever looks up a caller may believe what was found."""
RECHECK_SECONDS: Final = 2.0
"""From the beginning of one round of asking to that of the next."""
ROUND_SECONDS: Final = 1.0
"""How long a round may take; then those of whom nothing was heard are not sure."""

STREAMS_PER_ACCOUNT: Final = 100
_RETRY_MS: Final = 5_000

SignedOut = Callable[[Collection[Caller]], Awaitable[Collection[Caller]]]
"""Gives those people and programs who may not go on."""


@dataclass(slots=True, eq=False)
class _LiveStream:
    """``sure_until`` is when it is too late to go on without having heard of the caller, in seconds of the loop."""

    caller: AnyCaller | None
    task: asyncio.Task[object]
    sure_until: float
    refusal: DomainError | None = None

    def close(self, refusal: DomainError) -> None:
        if self.refusal is None:
            self.refusal = refusal
            self.task.cancel()


class LiveStreams:
    """The streams that are open in this process."""

    def __init__(self, of_one: int = STREAMS_PER_ACCOUNT) -> None:
        """``of_one`` is how many streams one account or court may have at once."""
        self._of_one = of_one
        self._streams: set[_LiveStream] = set()
        self._numbers: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._streams)

    @contextmanager
    def register(self, caller: AnyCaller | None) -> Iterator[None]:
        """Holds the present task's stream for the time of the block; closing it ends the block.

        Raises:
            LimitExceeded: `RATE_LIMITED`; the account or court has too many.
            DomainError: the refusal with which the stream was closed.

        """
        with self._one_of(caller), self._held(caller):
            yield

    @contextmanager
    def _one_of(self, caller: AnyCaller | None) -> Iterator[None]:
        """Counts a stream of the caller's account or court; those of nobody known are not counted."""
        if caller is None:
            yield
            return
        whose = caller.account_id if isinstance(caller, Caller) else caller.court
        if self._numbers[whose] >= self._of_one:
            told = f"同时打开的连接已达 {self._of_one} 个，请等上传、下载完成，或关闭不用的页面、程序后再试"
            raise LimitExceeded(Reason.RATE_LIMITED, told, retry_after_ms=_RETRY_MS)
        self._numbers[whose] += 1
        try:
            yield
        finally:
            self._numbers[whose] -= 1
            if not self._numbers[whose]:
                del self._numbers[whose]

    @contextmanager
    def _held(self, caller: AnyCaller | None) -> Iterator[None]:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a stream is registered by the task that serves it")
        cancelling = task.cancelling()
        stream = _LiveStream(caller, task, _now() + RIGHTS_GONE_SECONDS - BELIEVED_SECONDS)
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

    async def recheck(self, signed_out: SignedOut, every_s: float = RECHECK_SECONDS) -> None:
        """Asks about the people and programs that have streams again and again, until cancelled."""
        while True:
            begun = _now()
            await self.recheck_once(signed_out, every_s)
            await asyncio.sleep(max(0.0, begun + every_s - _now()))

    async def recheck_once(self, signed_out: SignedOut, every_s: float = RECHECK_SECONDS) -> None:
        """Asks about the people and programs that have streams, and closes those of whoever may not go on.

        Where no answer comes (the database is away, or slow), streams go on only as long as the answer of the next
        round, which begins ``every_s`` seconds after this one, is not too late for them.
        """
        begun = _now()
        asked = {stream: stream.caller for stream in self._streams if isinstance(stream.caller, Caller)}
        if not asked:
            return
        try:
            async with asyncio.timeout(ROUND_SECONDS):
                out = await signed_out(set(asked.values()))
        except Exception:  # noqa: BLE001  # whatever keeps the answer away, streams must not go on for ever
            _log.exception("streams_not_rechecked", streams=len(asked))
            self._close_unsure(begun + every_s + ROUND_SECONDS)
            return
        for stream in asked:
            stream.sure_until = begun + RIGHTS_GONE_SECONDS
        if closed := self.close_where(set(out).__contains__, NotAllowed(Reason.SIGNED_OUT)):
            _log.info("streams_closed", reason=Reason.SIGNED_OUT.value, streams=closed)

    def _close_unsure(self, next_answer: float) -> None:
        """Closes streams for which an answer at that time comes too late; their callers come again and are asked."""
        unsure = [
            each
            for each in self._streams
            if isinstance(each.caller, Caller) and each.sure_until < next_answer
        ]
        if unsure:
            refusal = Unavailable(Reason.TIMED_OUT, "暂时无法核对登录是否仍然有效，连接已断开，请稍后再试")
            _log.warning("streams_closed_unsure", streams=_close(unsure, refusal))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _close(streams: Iterable[_LiveStream], refusal: DomainError) -> int:
    closing = list(streams)
    for stream in closing:
        stream.close(refusal)
    return len(closing)
