"""A helper process (`python -m`): a supervisor that does nothing itself, and a worker that does the jobs.

The worker is ended by the kernel when a job takes too long, whatever code it is in, and has bounded memory. When it
dies the supervisor says so in its place and forks another: it has loaded nothing and started no thread, so it may.
Both ignore the signals that end the program, and leave when the program closes the socket.
"""

import logging
import mmap
import os
import resource
import signal
import socket
import sys
import traceback
from typing import Final

from xiezhi_papers.workshop.messages import Answer, Call, Failure, do, receive_call, send

MEMORY_BYTES: Final = 4 * 1024**3
_IDLE, _BUSY = 0, 1


def main() -> None:
    """Serve the socket at standard input until it is closed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # What libraries say of a stranger's file may name people; what matters of it is in the answer.
    logging.basicConfig(handlers=[logging.NullHandler()])
    connection = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    busy = mmap.mmap(-1, 1)
    while (status := _run_worker(connection, busy)) != 0:
        if busy[0] == _BUSY:
            busy[0] = _IDLE
            timed_out = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
            send(connection, Failure(timed_out, f"status {status}"))


def _run_worker(connection: socket.socket, busy: mmap.mmap) -> int:
    """Fork a worker and return how it ended: 0 when the parent is gone."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        _work(connection, busy)
    except BaseException:  # noqa: BLE001  # the forked process must never return into the supervisor's loop
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _work(connection: socket.socket, busy: mmap.mmap) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (call := receive_call(connection)) is not None:
        busy[0] = _BUSY
        signal.setitimer(signal.ITIMER_REAL, call.limit_s)
        answer = _answer(call)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(connection, answer)
        busy[0] = _IDLE


def _answer(call: Call) -> Answer:
    try:
        return do(call)
    except Exception as error:  # noqa: BLE001  # whatever a stranger's file does to a library
        return Failure(timed_out=False, detail=type(error).__name__)


if __name__ == "__main__":
    main()
