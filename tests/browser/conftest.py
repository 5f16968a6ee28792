"""Real windows at real workbenches: one beside a node, one beside the hub."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import async_playwright, expect
from tests.browser.chromium import ARGUMENTS, PROGRAM
from tests.browser.window import Window
from tests.stage.company import PATIENCE_S
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

# Its own five seconds are a statement about time, which no test makes; what does not come at all is found all the same.
expect.set_options(timeout=PATIENCE_S * 1000)

OpenWindow = Callable[[str], Awaitable[Window]]


@pytest.fixture(scope="module")
def module_stage(shared_stage: Stage) -> Stage:
    """One stage for all modules here."""
    return shared_stage


@pytest.fixture
async def open_window(stage: Stage) -> AsyncIterator[OpenWindow]:
    """Give a window of a browser of its own at the workbench of a place, signed out."""
    # Playwright starts its driver as a plain child, for which CPython uses vfork: nothing of gRPC's goes with it.
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        stack.push_async_callback(browser.close)

        async def begin(place: str) -> Window:
            workbench = await stage.workbench(place)
            # The certificate was made for this run and vouches for itself.
            context = await browser.new_context(ignore_https_errors=True, locale="zh-CN")
            return await Window.open(context, workbench["workbench"])

        yield begin
