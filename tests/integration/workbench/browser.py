"""A browser without a window: keeps cookies, reads the token of forms, says where a request comes from."""

import asyncio
import html
import re

import httpx
from tests.stage.people import PASSWORD, Player

OWN = {"sec-fetch-site": "same-origin"}


class Browser:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **options: object) -> httpx.Response:
        return await self.client.get(path, **options)

    async def post(
        self, path: str, values: dict[str, object], headers: dict[str, str] = OWN
    ) -> httpx.Response:
        return await self.client.post(path, data=values, headers=headers)

    async def read(self, path: str, purpose: str = "跟踪落实情况") -> httpx.Response:
        """A page of the hub that asks what it is read for."""
        return await self.post(path, {"csrf": await self.token(path), "purpose": purpose})

    async def read_until(self, path: str, *wanted: str) -> str:
        """Such a page once it has all that is wanted."""
        async with asyncio.timeout(60):
            while True:
                text = (await self.read(path)).text
                if all(each in text for each in wanted):
                    return text
                await asyncio.sleep(0.1)

    async def sign_in(self, login: str, password: str = PASSWORD, onward: str = "") -> httpx.Response:
        return await self.post("/sign-in", {"login": login, "password": password, "next": onward})

    async def enter(self, player: Player) -> "Browser":
        """Sign in, and be sure of it."""
        answer = await self.sign_in(player.login)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        return self

    async def token(self, path: str = "/") -> str:
        """The token of the session, as the forms of a page have it."""
        return field(await self.get(path), "csrf")


def field(answer: httpx.Response, name: str) -> str:
    """The value of the first field *name* of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, f"no field {name}"
    return html.unescape(found[1])
