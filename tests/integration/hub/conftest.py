import asyncio
import copy
import shutil
from pathlib import Path

import pytest
from tests.integration.hub.story import HUB_DIR, Story


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Story:
    story = Story(tmp_path_factory.mktemp("played"))
    asyncio.run(story.play())
    return story


@pytest.fixture
def story(played: Story, tmp_path: Path) -> Story:
    """The story as it stands, for one test to spoil."""
    own = copy.copy(played)
    own.move_to(tmp_path)
    shutil.copytree(played.directory / HUB_DIR, tmp_path / HUB_DIR)
    shutil.copy(played.backup, own.backup)
    return own
