"""An identity provider as a process of its own, and a desk that trusts it."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.desk.desk import Clock, open_journal
from tests.integration.federation.provider import RunningProvider
from tests.integration.workbench.administration.conftest import WORKSHOP

from xiezhi_journal.journal import Journal
from xiezhi_papers.workshop import Workshop

_PROVIDER = pytest.StashKey[RunningProvider]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the provider, and the helpers of a node, before the first test runs gRPC."""
    config = session.config
    wanted = [set(getattr(item, "fixturenames", ())) for item in session.items]
    if config.option.collectonly:
        return
    if any("provider" in each for each in wanted) and _PROVIDER not in config.stash:
        directory = tempfile.TemporaryDirectory()
        config.add_cleanup(directory.cleanup)
        provider = config.stash[_PROVIDER] = RunningProvider(Path(directory.name))
        config.add_cleanup(provider.close)
    if any("federated_house" in each for each in wanted) and WORKSHOP not in config.stash:
        workshop = config.stash[WORKSHOP] = Workshop()
        workshop.start()
        config.add_cleanup(workshop.close)


@pytest.fixture
def provider(request: pytest.FixtureRequest) -> RunningProvider:
    """The provider, which does what it should until a test says otherwise."""
    provider = request.config.stash[_PROVIDER]
    provider.does()
    return provider


@pytest.fixture
def clock() -> Clock:
    """A clock that begins now: the provider's own is real."""
    clock = Clock()
    clock.now = int(time.time() * 1000)
    return clock


@pytest.fixture
def journal(journal_url: str, clock: Clock) -> Iterator[Journal]:
    with open_journal(journal_url, clock) as journal:
        yield journal
