"""Two ways of working a page: with the mouse, and with the keyboard alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from playwright.async_api import Locator, Page, expect

FARTHEST = 250
"""Presses of Tab after which a control counts as out of reach."""
_IS_FOCUSED = "element => element === document.activeElement"
_CHOSEN = "element => element.selectedOptions[0]?.label ?? ''"
_OFFERED = "element => Array.from(element.options, each => each.label)"


async def at_rest(page: Page) -> None:
    """Wait until nothing is fetched that a choice has asked for."""
    await expect(page.locator(".htmx-request")).to_have_count(0)


class Hands(Protocol):
    """What somebody does to controls of a page."""

    async def press(self, control: Locator) -> None:
        """Press a button, follow a link."""

    async def tick(self, control: Locator) -> None:
        """Tick a box."""

    async def write(self, control: Locator, text: str) -> None:
        """Write into an empty field."""

    async def choose(self, control: Locator, word: str) -> None:
        """Choose from a list what begins with *word*."""

    async def attach(self, control: Locator, file: Path) -> None:
        """Choose a file."""


class Mouse:
    """Points and clicks; the keyboard is for texts only."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def press(self, control: Locator) -> None:
        """Click it."""
        await control.click()

    async def tick(self, control: Locator) -> None:
        """Click it."""
        await control.click()

    async def write(self, control: Locator, text: str) -> None:
        """Click into it and write."""
        await control.click()
        await self._page.keyboard.insert_text(text)

    async def choose(self, control: Locator, word: str) -> None:
        """Choose it; what a list unfolds belongs to the system, not to the page."""
        offered = await control.evaluate(_OFFERED)
        await control.select_option(label=next(each for each in offered if each.startswith(word)))
        await at_rest(self._page)

    async def attach(self, control: Locator, file: Path) -> None:
        """Click, and choose in the system's dialog."""
        async with self._page.expect_file_chooser() as chooser:
            await control.click()
        await (await chooser.value).set_files(file)


class Keyboard:
    """Goes from control to control by Tab, as somebody does who sees where the focus is, or hears it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def _reach(self, control: Locator) -> None:
        await control.wait_for(state="attached")
        for _ in range(FARTHEST):
            if await control.evaluate(_IS_FOCUSED):
                return
            await self._page.keyboard.press("Tab")
        raise AssertionError(f"{control} is not reached by Tab on {self._page.url}")

    async def press(self, control: Locator) -> None:
        """Enter, on a button or a link."""
        await self._reach(control)
        await self._page.keyboard.press("Enter")

    async def tick(self, control: Locator) -> None:
        """Space."""
        await self._reach(control)
        await self._page.keyboard.press("Space")

    async def write(self, control: Locator, text: str) -> None:
        """Write; what an input method composed comes in one piece."""
        await self._reach(control)
        await self._page.keyboard.insert_text(text)

    async def choose(self, control: Locator, word: str) -> None:
        """Go down until it is chosen."""
        await self._reach(control)
        for _ in range(FARTHEST):
            if (await control.evaluate(_CHOSEN)).startswith(word):
                return
            await self._page.keyboard.press("ArrowDown")
            await at_rest(self._page)
        raise AssertionError(f"{control} does not offer {word}")

    async def attach(self, control: Locator, file: Path) -> None:
        """Space opens the system's dialog."""
        await self._reach(control)
        async with self._page.expect_file_chooser() as chooser:
            await self._page.keyboard.press("Space")
        await (await chooser.value).set_files(file)


BOTH: dict[str, Callable[[Page], Hands]] = {"mouse": Mouse, "keyboard": Keyboard}
