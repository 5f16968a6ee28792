"""Stories of 苏州, told by the public SDK, one after another.

Speaks to `demo.py` by lines of JSON on standard output and waits for an answer where it asks for something.
"""

import asyncio
import importlib
import json
import sys
import traceback
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from players import Players
from stories import STORIES
from telling import say

from xiezhi_client.sdk import XiezhiError


async def main(endpoints: dict[str, Any], folder: Path, names: list[str]) -> None:
    """Play the stories *names* on the stage that *endpoints* describe; what people write to disk lies in *folder*."""
    async with AsyncExitStack() as stack:
        players = Players(endpoints, folder, stack)
        await players.introduce()
        for name in names:
            if len(names) > 1:
                say(f"—— {name} ——", "")
            story = importlib.import_module(STORIES[name].module)
            await players.enter(story.CAST)
            await story.play(players)


if __name__ == "__main__":
    ENDPOINTS = Path(sys.argv[1])
    try:
        asyncio.run(main(json.loads(ENDPOINTS.read_text("utf-8")), ENDPOINTS.parent / "desk", sys.argv[2:]))
    except XiezhiError as error:
        traceback.print_exc()
        sys.exit(f"演示未达到预期：{error}")
