"""A program's life: start the listeners and background tasks, run until a signal, drain in order.

The drain: health turns red; the listeners take no more calls and the live streams are told to go; calls under
way get the grace period; background tasks are cancelled; what was opened is closed, last opened first.
"""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import structlog

from xiezhi_domain.errors import Reason, Unavailable
from xiezhi_wire.startup import StartupError
from xiezhi_wire.streams import LiveStreams

_new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
with suppress(ImportError):  # A kind of machine that it has no wheel for, or whose libraries do not fit it.
    import uvloop

    _new_loop = uvloop.new_event_loop

_log = structlog.get_logger(__name__)

Outcome = TypeVar("Outcome")

STOPPED = 0
FAILED = 1
NOT_STARTED = 2

COLLECT_AFTER = (400_000, 20, 50)
"""Thresholds of the garbage collector. A full batch makes some 300,000 objects that live until its answer: looking
through them before, as Python's own thresholds (700, 10, 10) would again and again, finds nothing and costs a tenth of
the time."""


def run_to_end(main: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Runs a program's *main* on uvloop where it is installed, which takes a twentieth less CPU, else on asyncio."""
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        return runner.run(main)


class Listening(Protocol):
    """What a program starts and drains: a gRPC `Listener`, or one of another protocol."""

    @property
    def name(self) -> str:
        """The listener's name in logs and messages."""

    @property
    def address(self) -> str:
        """``host:port`` as it can be dialled, once started."""

    async def start(self) -> int:
        """Bind and serve; gives the bound port, or raises `StartupError`."""

    async def announce_stop(self) -> None:
        """Send new callers elsewhere; calls are still served."""

    async def stop(self, grace_s: float) -> None:
        """Take no more calls, give those under way ``grace_s`` seconds, then cancel them."""


BackgroundTask = Callable[[], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class Program:
    """What runs: listeners in the order of their start, tasks by name, and what to close at the end."""

    listeners: Sequence[Listening]
    streams: LiveStreams
    tasks: Mapping[str, BackgroundTask] = field(default_factory=dict)
    closing: Sequence[Callable[[], Awaitable[None]]] = ()
    grace_s: float = 10.0
    _stop: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _running: list[asyncio.Task[None]] = field(default_factory=list, init=False)

    async def run(self) -> int:
        """Runs until SIGTERM, SIGINT, `stop`, or the end of a background task; gives the exit code.

        `STOPPED` after a signal, `FAILED` when a background task ended by itself (it should not) or the drain
        failed, `NOT_STARTED` when a listener could not start.
        """
        self._watch_signals()
        gc.set_threshold(*COLLECT_AFTER)
        try:
            for listener in self.listeners:
                await listener.start()
        except StartupError as problem:
            _log.error("not_started", problem=str(problem))  # the message is for operators
            await self._drain()
            return NOT_STARTED
        self._start_tasks()
        _log.info("ready", listeners=[listener.name for listener in self.listeners])
        await self._stop.wait()
        failed = self._report_ended_tasks()
        return FAILED if await self._drain() or failed else STOPPED

    def stop(self) -> None:
        """Begins the drain, as a signal does."""
        self._stop.set()

    def _watch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    def _start_tasks(self) -> None:
        for name, run in self.tasks.items():
            task = asyncio.create_task(run(), name=name)
            task.add_done_callback(lambda _: self.stop())
            self._running.append(task)

    def _report_ended_tasks(self) -> bool:
        """Whether a task ended although nobody stopped it; logs which and why."""
        ended = [task for task in self._running if task.done()]
        for task in ended:
            _log.error("task_ended", task=task.get_name(), exc_info=task.exception())
        return bool(ended)

    async def _drain(self) -> bool:
        """Stops everything; whether something could not be closed."""
        _log.info("draining", grace_s=self.grace_s)
        for listener in self.listeners:
            await listener.announce_stop()
        stopping = [asyncio.ensure_future(listener.stop(self.grace_s)) for listener in self.listeners]
        # One turn of the loop: the listeners refuse new streams before the present ones are closed.
        await asyncio.sleep(0)
        self.streams.close_all(Unavailable(Reason.STOPPING))
        await asyncio.gather(*stopping)
        for task in self._running:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
        failed = [await _closed_badly(close) for close in reversed(self.closing)]
        _log.info("stopped")
        return any(failed)


async def _closed_badly(close: Callable[[], Awaitable[None]]) -> bool:
    try:
        await close()
    except Exception:  # noqa: BLE001  # one that fails must not keep the others open
        _log.exception("not_closed")
        return True
    return False
