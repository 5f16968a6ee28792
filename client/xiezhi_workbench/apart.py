"""Files of strangers are looked into in a process of their own, which has so much memory and so long and no more.

The desk does so with helpers that it has from its start (ADR 0004). The workbench is a client and has none of them;
here somebody opens a paper now and then, so a process is started for each, by vfork: nothing of gRPC's goes with it.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from xiezhi_client.sdk import InvalidInput

MOST_AT_ONCE: Final = 2
"""Processes at the same time; more wait, because each may take its memory."""
_GRACE_S: Final = 5
_TOO_HEAVY: Final = "文件过于复杂，处理超时或者超出内存，请拆分或者降低分辨率后再试"
_WORKER: Final = "xiezhi_workbench.apart_worker"
_at_once: Final = asyncio.Semaphore(MOST_AT_ONCE)


class TooHeavyError(InvalidInput):
    """The files took more time or memory than there is for them."""


async def do(job: str, files: Sequence[bytes], plan: Any = None, seconds: int = 30) -> list[bytes]:
    """Have a job of `apart_worker` done with *files* by a *plan* of plain values, and give what it makes.

    Raise `InvalidInput` with what is wrong with the files; `TooHeavyError` where they take too much.
    """
    head = json.dumps({"job": job, "plan": plan, "sizes": list(map(len, files))}).encode()
    async with _at_once:
        answer = await _run(b"".join((head, b"\n", *files)), seconds)
    told, _, rest = answer.partition(b"\n")
    said: dict[str, Any] = json.loads(told) if told else {"heavy": True}
    if said.get("heavy"):
        raise TooHeavyError("INVALID_FIELD", _TOO_HEAVY)
    if said.get("wrong"):
        raise InvalidInput.in_field("file", said["wrong"])
    return list(_cut(rest, said["sizes"]))


async def _run(sent: bytes, seconds: int) -> bytes:
    """Give what the process answers; nothing where it is ended, by its own limits or by ours."""
    process = await asyncio.create_subprocess_exec(
        # -P: nothing is imported from where the program happens to stand.
        *(sys.executable, "-P", "-m", _WORKER, str(seconds)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ},
        cwd="/",
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds + _GRACE_S):
            answer, _ = await process.communicate(sent)
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return answer if process.returncode == 0 else b""


def _cut(content: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield content[at : at + size]
        at += size
