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
    pytest_collection_finish,
    pytest_runtest_makereport,
    saved_stage,
    shared_stage,
    shared_stages,
    stage,
    stage_server,
)

__all__ = [
    "company",
    "module_stage",
    "pytest_collection_finish",
    "pytest_runtest_makereport",
    "saved_stage",
    "shared_stage",
    "shared_stages",
    "stage",
    "stage_server",
]


@pytest.fixture(scope="module")
def module_stage(shared_stage: Stage) -> Stage:
    """One stage for all modules here."""
    return shared_stage


@pytest.fixture
async def browse(stage: Stage) -> AsyncIterator[Callable[..., object]]:
    """Give a new browser at the workbench of a place, signed in as somebody or not."""
    async with AsyncExitStack() as stack:

        async def begin(place: str) -> Browser:
            workbench = await stage.workbench(place)
            trust = ssl.create_default_context(cafile=workbench["certificate"])
            client = httpx.AsyncClient(base_url=workbench["workbench"], verify=trust, timeout=60.0)
            return Browser(await stack.enter_async_context(client))

        yield begin
