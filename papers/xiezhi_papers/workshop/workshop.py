"""The parent's side: a bounded queue in front of a few helper processes."""

import asyncio
import os
import queue
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from xiezhi_domain.errors import LimitExceeded, Reason, Unavailable
from xiezhi_papers.workshop.job import Job
from xiezhi_papers.workshop.messages import call_of, receive_answer, result_of, send

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")

_log = structlog.get_logger(__name__)

HELPERS: Final = 2
MOST_WAITING: Final = 32
LIMIT_S: Final = 30.0
_GRACE_S: Final = 10.0
_RETRY_MS: Final = 2_000
# A template that asks for a package from the network must not get one, whatever the machine's own proxy is.
_NO_NETWORK: Final = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")


@dataclass(frozen=True, slots=True)
class _Helper:
    process: subprocess.Popen[bytes]
    connection: socket.socket


class Workshop:
    """Has jobs done in helper processes. `start` comes before the first channel or server of gRPC is made."""

    def __init__(self, helpers: int = HELPERS, most_waiting: int = MOST_WAITING) -> None:
        self._count = helpers
        self._most_waiting = most_waiting
        self._helpers: list[_Helper] = []
        self._idle: queue.SimpleQueue[_Helper] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(helpers, thread_name_prefix="workshop")
        self._waiting = 0

    def start(self) -> None:
        """Start the helpers."""
        for _ in range(self._count):
            helper = _start_helper()
            self._helpers.append(helper)
            self._idle.put(helper)

    def close(self) -> None:
        """Wait for the jobs under way, and for the helpers to leave."""
        self._threads.shutdown()
        for helper in self._helpers:
            helper.connection.close()
        for helper in self._helpers:
            helper.process.wait()

    async def run(
        self, job: Job[ArgumentT, ResultT], argument: ArgumentT, limit_s: float = LIMIT_S
    ) -> ResultT:
        """Return what *job* makes of *argument*.

        :raises DomainError: what the job raises.
        :raises LimitExceeded: RATE_LIMITED; too many wait already.
        :raises Unavailable: TIMED_OUT after *limit_s* seconds; INTERNAL where its process died.
        """
        if self._waiting >= self._most_waiting:
            raise LimitExceeded(Reason.RATE_LIMITED, retry_after_ms=_RETRY_MS)
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, self._do, job, argument, limit_s)
        # Counted until the thread is done, also where nobody waits for it any more.
        future.add_done_callback(self._one_less)
        return await asyncio.shield(future)

    def _do(self, job: Job[ArgumentT, ResultT], argument: ArgumentT, limit_s: float) -> ResultT:
        try:
            helper = self._idle.get(timeout=_GRACE_S)
        except queue.Empty:
            raise Unavailable(Reason.INTERNAL) from None
        try:
            helper.connection.settimeout(limit_s + _GRACE_S)
            send(helper.connection, call_of(job, argument, limit_s))
            answer = receive_answer(helper.connection)
        except OSError as error:
            # It cannot be started again: gRPC runs. The others go on.
            _log.error("helper_lost", error=str(error))
            raise Unavailable(Reason.INTERNAL) from error
        self._idle.put(helper)
        return result_of(answer, job)

    def _one_less(self, _done: object) -> None:
        self._waiting -= 1


def _start_helper() -> _Helper:
    here, there = socket.socketpair()
    with there:
        process = subprocess.Popen(
            # -P: nothing is imported from where the program happens to stand.
            [sys.executable, "-P", "-m", "xiezhi_papers.workshop.helper"],
            stdin=there.fileno(),
            stdout=subprocess.DEVNULL,
            env=_environment(),
            cwd="/",
            start_new_session=True,
        )
    return _Helper(process, here)


def _environment() -> dict[str, str]:
    """Return what a helper has to know: where Python is, and nothing of the program's configuration."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
    return kept | _NO_NETWORK
