"""A workbench beside a node and one beside the hub, real programs all, and browsers without a window."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from tests.integration.workbench.browser import Browser
from tests.stage.plugin import (
    Stage,
    company,
    module_stage,
    pytest_collection_finish,
    pytest_runtest_makereport,
    saved_stage,
    stage,
    stage_server,
)

__all__ = [
    "company",
    "module_stage",
    "pytest_collection_finish",
    "pytest_runtest_makereport",
    "saved_stage",
    "stage",
    "stage_server",
]

Opened = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def opened() -> Opened:
    """The workbenches of the module, by the desk that they show."""
    return {}


@pytest.fixture
async def browse(stage: Stage, opened: Opened) -> AsyncIterator[Callable[..., object]]:
    """Give a new browser at the workbench of a place, signed in as somebody or not."""
    async with AsyncExitStack() as stack:

        async def begin(place: str) -> Browser:
            if place not in opened:
                opened[place] = await stage.open_workbench(place)
            trust = ssl.create_default_context(cafile=opened[place]["certificate"])
            client = httpx.AsyncClient(base_url=opened[place]["workbench"], verify=trust, timeout=60.0)
            return Browser(await stack.enter_async_context(client))

        yield begin
