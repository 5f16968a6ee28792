"""A browser window as a test uses it: signed in, listening for complaints, looked over by axe."""

import os
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page
from tests.stage.company import PATIENCE_S
from tests.stage.people import PASSWORD, Player

LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
DESK = (1366, 768)
"""The smallest desk that is in use."""
ENLARGED = (1093, 614)
"""What is left of the smallest desk at a scaling of 125 %."""
PHONE = (390, 844)
EVERY_SIZE = (DESK, ENLARGED, PHONE)
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
"""Where pictures of every page go; empty: nowhere."""


class Window:
    """One window at one workbench. `complaints` is what the browser has put on its console."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("console", self._hear)
        page.on("dialog", self._refuse)
        # The browser is told to hand over its file dialogs once somebody listens; one that opens before that is lost.
        page.on("filechooser", lambda _: None)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    @classmethod
    async def open(cls, context: BrowserContext, address: str) -> "Window":
        return cls(await context.new_page(), address)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    async def _refuse(self, dialog: Dialog) -> None:
        """Take a dialog for what it is: a script that nobody here has written."""
        self.complaints.append(f"{self.page.url}: says {dialog.message}")
        await dialog.dismiss()

    async def go(self, path: str, size: tuple[int, int] = DESK) -> None:
        """Open a page, which has to be there."""
        await self.page.set_viewport_size({"width": size[0], "height": size[1]})
        answer = await self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    async def sign_in(self, player: Player, password: str = PASSWORD) -> None:
        await self.go("/sign-in")
        await self.enter(player, password)
        await self.page.wait_for_url(f"{self.address}/")

    async def enter(self, player: Player, password: str = PASSWORD) -> None:
        """Fill in the page for signing in, and send it."""
        await self.page.get_by_label("账号").fill(player.login)
        await self.page.get_by_label("密码").fill(password)
        await self.page.keyboard.press("Enter")

    async def findings(self) -> list[str]:
        """What axe finds against WCAG A and AA."""
        found = await Axe().run(self.page, options={"runOnly": {"type": "tag", "values": list(LEVELS)}})
        return [
            f"{self.page.url}: {each['id']}: {node['html']}"
            for each in found.response["violations"]
            for node in each["nodes"]
        ]

    async def too_wide(self) -> bool:
        """Whether the page has to be pushed sideways."""
        return await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    async def picture(self, name: str) -> None:
        """Take a picture, where pictures are wanted."""
        if SCREENSHOTS:
            await self.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)

    async def look_over(
        self, pages: Sequence[tuple[str, str]], sizes: Sequence[tuple[int, int]] = EVERY_SIZE
    ) -> list[str]:
        """Open pages, each given by a name and its path, at sizes of the window; say everything that is wrong."""
        wrong = []
        for name, path in pages:
            await self.go(path)
            for size in sizes:
                await self.page.set_viewport_size({"width": size[0], "height": size[1]})
                wrong += [f"{size[0]} px: {finding}" for finding in await self.findings()]
                if await self.too_wide():
                    wrong.append(f"{path}: wider than {size[0]} px")
                await self.picture(f"{name}-{size[0]}")
        return wrong + self.complaints
