from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.node.pair import Pair, open_pair

from xiezhi_node.instructions.watching import WatchLimits


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """A hub and two courts; the sender's node stands on the database under test."""
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", journal_url, f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_pair(urls, WatchLimits(poll_s=0.05, write_s=5)) as pair:
        yield pair
