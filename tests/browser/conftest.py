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
    StageServer,
    company,
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

# Its own five seconds are a statement about time, which no test makes; what does not come at all is found all the same.
expect.set_options(timeout=PATIENCE_S * 1000)

OpenWindow = Callable[[str], Awaitable[Window]]


@pytest.fixture(scope="session")
def opened() -> dict[str, str]:
    """The addresses of the workbenches, by the desk that they show."""
    return {}


@pytest.fixture(scope="session")
def shared() -> dict[int, Stage]:
    """The stages of the modules here, by how often the stage had been put back with them."""
    return {}


@pytest.fixture(scope="module")
def module_stage(saved_stage: StageServer, shared: dict[int, Stage], opened: dict[str, str]) -> Stage:
    """One stage for the modules here, anew where others had it in between: making one takes longer than most tests."""
    if saved_stage.restored not in shared:
        opened.clear()
        made = Stage(saved_stage, saved_stage.restore())
        shared[saved_stage.restored] = made
    return shared[saved_stage.restored]


@pytest.fixture
async def open_window(stage: Stage, opened: dict[str, str]) -> AsyncIterator[OpenWindow]:
    """Give a window of a browser of its own at the workbench of a place, signed out."""
    # Playwright starts its driver as a plain child, for which CPython uses vfork: nothing of gRPC's goes with it.
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        stack.push_async_callback(browser.close)

        async def begin(place: str) -> Window:
            if place not in opened:
                opened[place] = (await stage.open_workbench(place))["workbench"]
            # The certificate was made for this run and vouches for itself.
            context = await browser.new_context(ignore_https_errors=True, locale="zh-CN")
            return await Window.open(context, opened[place])

        yield begin
