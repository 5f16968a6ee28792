from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.registries.stand import Stand, open_stand, simulator


@pytest.fixture
def urls(journal_url: str, tmp_path: Path) -> list[str]:
    """Hub, sender, and the receiver on the database under test."""
    return [f"sqlite:///{tmp_path / 'hub.db'}", f"sqlite:///{tmp_path / 'sender.db'}", journal_url]


@pytest.fixture
async def stand(urls: list[str], tmp_path: Path) -> AsyncIterator[Stand]:
    """The receiver with a registry that answers at once."""
    async with simulator(tmp_path / "tls") as connector, open_stand(urls, connector) as stand:
        yield stand
