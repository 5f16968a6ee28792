"""A hub and a node that has joined it, with their real services, and a workbench at each: all in this process."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.integration.workbench.administration.house import House, open_house

from xiezhi_papers.workshop import Workshop

WORKSHOP = pytest.StashKey[Workshop]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the helper processes before the first test runs gRPC."""
    wanted = any("house" in getattr(item, "fixturenames", ()) for item in session.items)
    if wanted and not session.config.option.collectonly and WORKSHOP not in session.config.stash:
        workshop = session.config.stash[WORKSHOP] = Workshop()
        workshop.start()
        session.config.add_cleanup(workshop.close)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """One for the module: its tests touch different things. `NODE_SETTINGS` of a module are its node's."""
    settings = getattr(request.module, "NODE_SETTINGS", {})
    directory = tmp_path_factory.mktemp("house")
    async with open_house(directory, request.config.stash[WORKSHOP], **settings) as house:
        yield house
