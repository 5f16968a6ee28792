"""The measured side of the conversation with the harness: one JSON line for each line asked.

A program ends when its standard input does, so that it never outlives the harness, however that ends.
"""

import asyncio
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

GRACE_SECONDS = 5
Json = dict[str, Any]


def settings() -> Json:
    """Return what the harness gave on the command line."""
    return json.loads(sys.argv[1])


def serve(handle: Callable[[Json], Json], ready: Json | None = None) -> None:
    """Say *ready*, then answer each command, until the harness is gone."""
    commands = _commands()
    _say(ready or {})
    while (command := commands.get()) is not None:
        _say(handle(command))


async def serve_async(handle: Callable[[Json], Awaitable[Json]], ready: Json | None = None) -> None:
    """Do the same on an event loop."""
    commands = _commands()
    _say(ready or {})
    while (command := await asyncio.to_thread(commands.get)) is not None:
        _say(await handle(command))


def background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Run *work* beside the conversation; its failure is shown and ends the program."""
    task = asyncio.create_task(work)
    task.add_done_callback(_end_on_failure)
    return task


def _end_on_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        traceback.print_exception(error)
        os._exit(1)


def _commands() -> "queue.SimpleQueue[Json | None]":
    commands: queue.SimpleQueue[Json | None] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            commands.put(json.loads(line))
        commands.put(None)
        time.sleep(GRACE_SECONDS)
        # Still here: something hangs, and nobody is left to notice.
        os._exit(1)

    threading.Thread(target=read, name="harness", daemon=True).start()
    return commands


def _say(answer: Json) -> None:
    print(json.dumps(answer), flush=True)
