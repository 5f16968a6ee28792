"""Somebody at the receiver's desk looks at what has come in, by the bare call and at the workbench's page, and has it
proven."""

import ssl
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from itertools import cycle
from pathlib import Path
from typing import Self

import httpx
from tests.bench.load import Load
from tests.bench.product import orders
from tests.bench.program import Json

from xiezhi_client.sdk import Account, Client, connect

LIST, INBOX, PROOF = "list", "inbox", "proof"
CASES = (LIST, INBOX, PROOF)
ROWS = 50
"""What the page shows, and the call asks for."""
LOOKS = 200
MOST_SECONDS = 60
_LOGIN = "reader"
_OWN_PAGE = {"sec-fetch-site": "same-origin"}


async def enlist(desk: str, authority: Path, password: str) -> Json:
    """Make the account that looks; its password is that of the administrator."""
    async with connect(desk, authority) as client:
        await client.sign_in("admin", password)
        account = Account(login=_LOGIN, officer=orders.officer("顾专员"), roles=("CENTRE_OFFICER",))
        await client.accounts.create(account, password)
    return {}


class Looker:
    """The reader, signed in at the desk and at its workbench."""

    def __init__(
        self,
        connection: AbstractAsyncContextManager[Client],
        client: Client,
        browser: httpx.AsyncClient,
        entries: Sequence[int],
    ) -> None:
        self._connection = connection
        """Closed when nobody holds it any more."""
        self._client = client
        self._browser = browser
        self._entries = cycle(entries)
        """Places in the log, far from each other."""

    @classmethod
    async def begin(cls, at: Json) -> Self:
        """Sign in; for the life of the program."""
        connection = connect(at["desk"], Path(at["ca"]))
        client = await connection.__aenter__()
        await client.sign_in(_LOGIN, at["password"])
        trust = ssl.create_default_context(cafile=at["trust"])
        browser = httpx.AsyncClient(base_url=at["workbench"], verify=trust, headers=_OWN_PAGE, timeout=60)
        answer = await browser.post("/sign-in", data={"login": _LOGIN, "password": at["password"]})
        assert answer.status_code == httpx.codes.SEE_OTHER, f"not signed in: {answer.status_code}"
        receipts = [await client.evidence.receipt(event) for event in at["events"]]
        entries = [receipt.record.log_index for receipt in receipts if receipt.record]
        return cls(connection, client, browser, entries)

    async def measure(self, command: Json) -> Json:
        """Look again and again, one look at a time; enough looks for a p95, however short the window."""
        look = {LIST: self._call, INBOX: self._page, PROOF: self._proof}[command["case"]]
        load = Load(1, MOST_SECONDS, LOOKS)
        while load.admits():
            started = time.perf_counter()
            await look()
            load.finished(started)
        return load.answer()

    async def _call(self) -> None:
        found = await self._client.instructions.page("RECEIVED", page_size=ROWS)
        assert len(found.instructions) == ROWS, f"{len(found.instructions)} rows"

    async def _page(self) -> None:
        answer = await self._browser.get("/received")
        assert answer.status_code == httpx.codes.OK, f"/received: {answer.status_code}"
        assert answer.text.count("<tr data-row") == ROWS, "the page has other rows than the call"

    async def _proof(self) -> None:
        proof = await self._client.evidence.inclusion_proof(next(self._entries))
        assert proof.path, "no way to the root of the log"
