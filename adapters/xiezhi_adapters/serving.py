"""An adapter as a program: one listener, its address told to scripts, the drain."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from xiezhi_wire.listener import Listener
from xiezhi_wire.program import Program
from xiezhi_wire.streams import LiveStreams


async def run_listener(
    make: Callable[[LiveStreams], Listener], authority: Path, announce: Path | None
) -> int:
    """Serve until a signal; returns the exit code. *announce* is a file that tells the address and the *authority*."""
    streams = LiveStreams()
    listener = make(streams)

    async def tell() -> None:
        if announce is not None:
            told = {"address": listener.address, "authority": str(authority)}
            await asyncio.to_thread(write_whole, announce, json.dumps(told, ensure_ascii=False))
        await asyncio.Event().wait()

    return await Program(listeners=[listener], streams=streams, tasks={"announce": tell}).run()


def write_whole(path: Path, text: str) -> None:
    """Write a file; readers see the whole of it or the one before."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
