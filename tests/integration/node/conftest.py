from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.integration.node.pair import Pair, open_pair

from xiezhi_node.instructions.watching import WatchLimits
from xiezhi_papers.workshop import Workshop


@pytest.fixture
async def pair(journal_url: str, tmp_path: Path) -> AsyncIterator[Pair]:
    """A hub and two courts; the sender's node stands on the database under test."""
    urls = [f"sqlite:///{tmp_path / 'hub.db'}", journal_url, f"sqlite:///{tmp_path / 'receiver.db'}"]
    async with open_pair(urls, WatchLimits(poll_s=0.05, write_s=5)) as pair:
        yield pair


WORKSHOP = pytest.StashKey[Workshop]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the helper processes before the first test runs gRPC."""
    wanted = any("workshop" in getattr(item, "fixturenames", ()) for item in session.items)
    if wanted and not session.config.option.collectonly and WORKSHOP not in session.config.stash:
        workshop = session.config.stash[WORKSHOP] = Workshop()
        workshop.start()
        session.config.add_cleanup(workshop.close)


@pytest.fixture
def workshop(request: pytest.FixtureRequest) -> Workshop:
    return request.config.stash[WORKSHOP]
