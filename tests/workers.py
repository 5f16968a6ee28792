"""Several workers (pytest-xdist): what they share, and which tests stay with one of them. A pytest plugin."""

import os
from typing import Any

import pytest
from tests import databases
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/e2e/": "e2e",
    "tests/browser/": "workbench",
    "tests/integration/workbench/": "workbench",
}
"""Folders whose tests share running programs: starting them takes longer than most tests."""


class Scopes(LoadScopeScheduling):
    """Gives each worker a file at a time, and of the folders that share programs all files."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((scope for folder, scope in TOGETHER.items() if path.startswith(folder)), path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Take the place of `--dist loadscope`."""
    return Scopes(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Start one PostgreSQL for all workers; to them it is one that was given."""
    if databases.URL_VARIABLE in os.environ:
        return
    url = databases.start_server(config).url
    if url is not None:
        os.environ[databases.URL_VARIABLE] = url.render_as_string(hide_password=False)
        config.add_cleanup(lambda: os.environ.pop(databases.URL_VARIABLE))
