"""A workbench over services in this process: the pages alone, for what needs no programs and no network of theirs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from tests.integration.node.pair import Court
from tests.integration.workbench.browser import Browser

from xiezhi_client.sdk import Account, Client, Me, Officer, RetryPolicy
from xiezhi_client.sdk.calls import Calls
from xiezhi_workbench.app import build
from xiezhi_workbench.config import WorkbenchSettings
from xiezhi_workbench.sessions import COOKIE


class _Named(Calls):
    """Calls that are made by one person of a court."""

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("x-caller", self.token),)


@asynccontextmanager
async def workbench(court: Court, name: str) -> AsyncIterator[Browser]:
    """A browser at the workbench of *court*, whose person *name* is signed in."""
    caller = court.callers[name]
    nowhere = Path("nowhere.pem")
    app = build(
        WorkbenchSettings(
            serves="node",
            server="127.0.0.1:1",
            server_authority=nowhere,
            certificate=nowhere,
            certificate_key=nowhere,
        )
    )
    account = Account(
        account_id=caller.account_id,
        login=caller.account_id,
        officer=Officer(name=caller.name),
        roles=tuple(sorted(caller.roles)),
    )
    client = Client(_Named(court.channel, RetryPolicy(attempts=1), name))
    token = app.state.sessions.begin(client, Me(account=account, court=caller.court))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://workbench.example", cookies={COOKIE: token}
    ) as visitor:
        yield Browser(visitor)
    app.state.imports.close()
