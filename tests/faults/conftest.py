import pytest
from tests import databases
from tests.databases import journal_url
from tests.faults.children import POOL, Child, Children
from tests.stage import plugin
from tests.stage.plugin import (
    company,
    module_stage,
    pytest_runtest_makereport,
    saved_stage,
    stage,
    stage_server,
)

__all__ = [
    "company",
    "journal_url",
    "module_stage",
    "pytest_runtest_makereport",
    "saved_stage",
    "stage",
    "stage_server",
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "children(count): processes of its own that the test needs")


def pytest_collection_finish(session: pytest.Session) -> None:
    databases.pytest_collection_finish(session)
    plugin.pytest_collection_finish(session)
    wanted = sum(mark.args[0] for item in session.items for mark in item.iter_markers("children"))
    if wanted and not session.config.option.collectonly and POOL not in session.config.stash:
        session.config.stash[POOL] = Children(wanted)
        session.config.add_cleanup(session.config.stash[POOL].close)


@pytest.fixture
def child(request: pytest.FixtureRequest):
    """Gives out processes that wait for what they have to do; as many as the mark `children` says."""
    taken: list[Child] = []

    def take() -> Child:
        taken.append(request.config.stash[POOL].take())
        return taken[-1]

    yield take
    for process in taken:
        process.kill()
