"""A hub and its workbench in the test's own process: two courts that act by script, people of the hub with browsers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.workbench_at_hub.scene import Scene, open_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(tmp_path) as scene:
        yield scene
