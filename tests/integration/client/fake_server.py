"""Fake nodes in a process of their own: `python -m tests.integration.client.fake_server DIRECTORY`.

Each line on standard input starts a new, empty node and is answered with a line of JSON: where it listens,
the file of its authority, a session token. Ends with its standard input.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import xiezhi_wire  # noqa: F401  settles TLS before grpc is loaded


async def main() -> None:
    from tests.integration.client.fake_node import running

    async with AsyncExitStack() as nodes:
        count = 0
        while await asyncio.to_thread(sys.stdin.readline):
            directory = Path(sys.argv[1]) / str(count)
            directory.mkdir()
            count += 1
            started = await nodes.enter_async_context(running(directory))
            told = {
                "address": started.address,
                "ca": str(started.ca_file),
                "token": started.node.sign_in(),
            }
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
