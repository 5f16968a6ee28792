from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.cases.adapter import Adapter
from tests.integration.node.pair import Pair, open_pair
from tests.stage.plugin import StageServer, pytest_collection_finish, stage_server
from tests.unit.adapters.books import write_folder

__all__ = ["pytest_collection_finish", "stage_server"]


@pytest.fixture
async def adapter(stage_server: StageServer, tmp_path: Path) -> AsyncIterator[Adapter]:
    """The folder adapter as a process, over TLS on loopback, with one case."""
    root = tmp_path / "cases"
    write_folder(root)
    adapter = Adapter(stage_server, tmp_path / "adapter", "--folder", str(root))
    await adapter.start()
    yield adapter
    await adapter.kill()


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path, adapter: Adapter) -> AsyncIterator[Pair]:
    """A hub and two courts; the sender has the adapter as its case source and the database under test."""
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", journal_url, f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_pair(urls, source=adapter.place) as pair:
        yield pair
