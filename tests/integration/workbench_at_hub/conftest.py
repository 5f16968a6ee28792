"""A hub and its workbench in the test's own process: two courts that act by script, people of the hub with browsers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.node.conftest import pytest_collection_finish, workshop
from tests.integration.workbench_at_hub.scene import Scene, open_scene

from xiezhi_papers.workshop import Workshop

__all__ = ["pytest_collection_finish", "workshop"]


@pytest.fixture
async def scene(tmp_path: Path, workshop: Workshop) -> AsyncIterator[Scene]:
    async with open_scene(tmp_path, workshop) as scene:
        yield scene
