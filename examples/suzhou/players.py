"""The players' connections, and what they do in every story: sign in, bring papers, wait, check."""

import asyncio
import json
import secrets
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from cast import (
    DISPATCHER,
    GUSU_JUDGE,
    JUDGE,
    PAPERS,
    PLAYERS,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    Player,
    gusu_case,
    park_case,
)
from courts import GUSU, HUB, PARK

from xiezhi_client.sdk import Account, Client, Document, TimelineEntry, connect
from xiezhi_client.verify import compare_copies, verify_receipt

PATIENCE_S = 60.0


class Players:
    """Everybody in the stories, signed in."""

    def __init__(self, endpoints: dict[str, Any], stack: AsyncExitStack) -> None:
        self._endpoints = endpoints
        self._stack = stack
        self._clients: dict[str, Client] = {}
        self._accounts: dict[str, str] = {}

    def client(self, player: Player) -> Client:
        """Return the connection of *player*."""
        return self._clients[player.login]

    def account(self, player: Player) -> str:
        """Return the account id of *player*."""
        return self._accounts[player.login]

    # --- Before the curtain ------------------------------------------------------------------------------------------

    async def introduce(self) -> None:
        """Accounts for the players, the cases as loaded data."""
        passwords = {}
        for place in (HUB, PARK, GUSU, "hub"):
            admin = await self._connect(place, self._endpoints["administrators"][place])
            for player in (SUPERVISOR,) if place == "hub" else PLAYERS:
                if place in (player.court, "hub"):
                    passwords[player.login] = await self._make_account(admin, place, player)
        ask({"do": "accounts", "accounts": passwords})
        await self.client(JUDGE).cases.put(park_case())
        await self.client(GUSU_JUDGE).cases.put(gusu_case())

    async def _make_account(self, admin: Client, place: str, player: Player) -> dict[str, str]:
        password = secrets.token_urlsafe(15)
        account = Account(login=player.login, officer=player.officer, roles=player.roles)  # type: ignore[arg-type]  # role names of the contract
        made = await admin.accounts.create(account, password)
        self._accounts[player.login] = made.account_id
        credentials = {"login": player.login, "password": password}
        self._clients[player.login] = await self._connect(place, credentials)
        return {"court": player.court, "place": place, "name": player.name, "password": password}

    async def _connect(self, place: str, credentials: dict[str, str]) -> Client:
        found = self._endpoints["hub"] if place == "hub" else self._endpoints["nodes"][place]
        client = await self._stack.enter_async_context(connect(found["desk"], Path(found["ca"])))
        await client.sign_in(credentials["login"], credentials["password"])
        return client

    # --- In every story ----------------------------------------------------------------------------------------------

    async def upload(self, player: Player, matter: str, name: str, paper_type: Any) -> Document:
        """Bring a paper of the folder to a matter."""
        return await self.client(player).documents.upload(matter, PAPERS / name, paper_type)

    async def papers(self, player: Player, matter: str, *paper_types: Any) -> tuple[Document, ...]:
        """Bring one paper of each type to a matter; the stories do not read them, so they look alike."""
        template = (PAPERS / "委托函.pdf").read_bytes()
        return tuple(
            [
                await self.client(player).documents.upload(
                    matter,
                    template + f"%{paper_type} {matter}\n".encode(),
                    paper_type,
                    name=f"{paper_type}.pdf",
                )
                for paper_type in paper_types
            ]
        )

    async def until(self, player: Player, matter: str, state: str, *, settled: bool = False) -> None:
        """Wait until the matter is in *state* for this player, and, if asked, ruled on."""
        async with asyncio.timeout(PATIENCE_S):
            async for change in self.client(player).instructions.watch(0):
                seen = change.instruction
                if seen is None or seen.instruction_id != matter or seen.state != state:
                    continue
                if not settled or "PENDING" not in seen.marks:
                    return

    async def send(self, matter: str, *approvers: Player) -> None:
        """Hand a draft in, let it be approved by each in turn, and send it."""
        await self.client(JUDGE).instructions.submit(matter)
        for approver in approvers:
            await self.client(approver).instructions.approve(matter, "同意委托")
        await self.client(SEALER).instructions.affix_seal(matter)

    async def assign(self, matter: str) -> None:
        """Let Gusu's command centre sign for a matter and give it to its specialist."""
        await self.until(DISPATCHER, matter, "AWAITING_SIGNATURE")
        await self.client(DISPATCHER).instructions.assign(matter, self.account(SPECIALIST))

    async def check_copies(self, matter: str) -> int:
        """Compare what both courts and the hub have of a matter, byte by byte; returns the number of events."""
        purpose = "核对演示事项"
        copies = {
            "园区法院": await self.client(JUDGE).instructions.history(matter),
            "姑苏法院": await self.client(DISPATCHER).instructions.history(matter),
            "枢纽": await self.client(SUPERVISOR).supervision.history(matter, purpose=purpose),
        }
        differences = compare_copies(copies)
        require(not differences, differences)
        return len(copies["枢纽"])

    async def check_receipts(self, timeline: Sequence[TimelineEntry]) -> int:
        """Verify the receipt of each step offline; returns the length of the log."""
        pinned = self._endpoints["nodes"][PARK]
        size = 0
        for entry in timeline:
            receipt = await self.client(JUDGE).evidence.receipt(entry.event_id)
            verified = verify_receipt(receipt, pinned["origin"], pinned["log_vkey"])
            require(verified.header.id == entry.event_id and verified.ruling.accepted, entry)
            size = max(size, verified.checkpoint_size)
        return size


def require(holds: bool, found: object) -> None:
    """Stop the story if something is not as it has to be; the demo is a test as well."""
    if not holds:
        raise SystemExit(f"演示未达到预期：{found}")


def ask(wish: dict[str, Any]) -> None:
    """Ask the stage for something and wait until it is done."""
    print(json.dumps(wish, ensure_ascii=False), flush=True)
    sys.stdin.readline()
