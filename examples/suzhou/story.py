"""Stories of 苏州, told by the public SDK, one after another.

Speaks to `demo.py` by lines of JSON on standard output and waits for an answer where it asks for something.
"""

import asyncio
import importlib
import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from players import Players
from stories import STORIES


async def main(endpoints: dict[str, Any], names: list[str]) -> None:
    """Play the stories *names* on the stage that *endpoints* describe."""
    async with AsyncExitStack() as stack:
        players = Players(endpoints, stack)
        await players.introduce()
        for name in names:
            await importlib.import_module(STORIES[name]).play(players)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text("utf-8")), sys.argv[2:]))
