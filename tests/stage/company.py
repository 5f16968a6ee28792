"""The people of the tests at their desks: connections, the usual steps up to a point, and waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.stage.people import (
    CHIEF,
    DISPATCHER,
    DONE,
    ELEVATED_CASE,
    GUSU,
    HUB_CHIEF,
    JUDGE,
    LETTER,
    PASSWORD,
    PLAYERS,
    RECORD,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    Player,
    case,
    order,
)

from xiezhi_client.sdk import (
    Account,
    ActionReceipt,
    Client,
    CourtOrder,
    InstructionSummary,
    NotSignedIn,
    OrderedCase,
    RetryPolicy,
    connect,
    new_instruction_id,
)
from xiezhi_client.verify import compare_copies, verify_receipt

PATIENCE_S = 90.0
PATIENT = RetryPolicy(attempts=60, longest_wait=2.0)
"""For as long as a program takes to come back on a busy machine."""

Endpoints = dict[str, dict[str, str]]
"""By place: address, authority and pins of a desk."""


async def enlist(endpoints: Endpoints, administrators: dict[str, dict[str, str]]) -> None:
    """Make everybody's account, and load the case."""
    async with AsyncExitStack() as stack:
        admins = {}
        for place, credentials in administrators.items():
            admins[place] = await stack.enter_async_context(_connection(endpoints[place]))
            await admins[place].sign_in(**credentials)
        for player in PLAYERS:
            account = Account(login=player.login, officer=player.officer, roles=player.roles)
            await admins[player.place].accounts.create(account, PASSWORD)
        judge = await Company(endpoints, {}, stack).client(JUDGE)
        await judge.cases.put(case())


def _connection(endpoints: dict[str, str], token: str = "") -> Any:
    return connect(endpoints["desk"], Path(endpoints["ca"]), token, retry=PATIENT)


async def _is_in(client: Client) -> bool:
    """Say whether a session lasts still: between two modules that share a stage may lie half an hour."""
    try:
        await client.accounts.me()
    except NotSignedIn:
        return False
    return True


class Company:
    """Everybody, as far as a test needs them."""

    def __init__(self, endpoints: Endpoints, tokens: dict[Player, str], stack: AsyncExitStack) -> None:
        self._endpoints = endpoints
        self._tokens = tokens
        self._stack = stack
        self._clients: dict[Player, Client] = {}
        self._one_at_a_time = asyncio.Lock()

    async def client(self, player: Player) -> Client:
        """The player's connection; signed in once for the life of the stage."""
        async with self._one_at_a_time:
            if player not in self._clients:
                self._clients[player] = await self._connected(player)
        return self._clients[player]

    async def _connected(self, player: Player) -> Client:
        place, token = self._endpoints[player.place], self._tokens.get(player, "")
        client = await self._stack.enter_async_context(_connection(place, token))
        if not token or not await _is_in(client):
            self._tokens[player] = (await client.sign_in(player.login, PASSWORD)).session_token
        return client

    def sign_out(self, place: str) -> None:
        """Forget the sessions at a place: everybody there signs in anew."""
        for sessions in (self._clients, self._tokens):
            for player in [player for player in sessions if player.place == place]:
                del sessions[player]

    async def account_id(self, player: Player) -> str:
        me = await (await self.client(player)).accounts.me()
        return me.account.account_id

    # --- A matter, up to a point -------------------------------------------------------------------------------------

    async def draft(self, **changes: object) -> str:
        """A complete draft of the judge."""
        judge, matter = await self.client(JUDGE), new_instruction_id()
        letter = await judge.documents.upload(matter, LETTER, "ENTRUSTMENT_LETTER")
        draft = await judge.find.draft(order((letter,), **changes), matter)
        assert not draft.missing_papers
        return matter

    async def send(self, **changes: object) -> str:
        """Draft, approval, seal: sent, though perhaps not accepted yet."""
        matter = await self.draft(**changes)
        await (await self.client(JUDGE)).instructions.submit(matter)
        await (await self.client(CHIEF)).instructions.approve(matter, "同意")
        await (await self.client(SEALER)).instructions.affix_seal(matter)
        return matter

    async def deliver(self, **changes: object) -> str:
        """Sent, and waiting for a signature at both courts."""
        matter = await self.send(**changes)
        for player in (DISPATCHER, JUDGE):
            await self.until(player, matter, "AWAITING_SIGNATURE", settled=True)
        return matter

    async def assign(self, matter: str, to: Player = SPECIALIST) -> ActionReceipt:
        assignee = await self.account_id(to)
        return await (await self.client(DISPATCHER)).instructions.assign(matter, assignee, "请今日上门")

    async def complete(self, matter: str) -> ActionReceipt:
        specialist = await self.client(SPECIALIST)
        return await specialist.instructions.complete(matter, "已找到被执行人", DONE)

    async def report(self) -> str:
        """A matter that both courts see as reported."""
        matter = await self.deliver()
        await self.assign(matter)
        await self.complete(matter)
        for player in (DISPATCHER, JUDGE):
            await self.until(player, matter, "REPORTED", settled=True)
        return matter

    async def elevate(self) -> str:
        """An order of the superior that takes a case away from a court, with 1,199.99 yuan left to enforce."""
        supervisor, draft_id = await self.client(SUPERVISOR), new_instruction_id()
        case = OrderedCase(court=GUSU, case_number=ELEVATED_CASE, claim_fen=1_200_00, recovered_fen=1)
        order = CourtOrder(
            kind="ORDER_ELEVATE",
            subject="关于提级执行的裁定",
            about="INTERFERENCE",
            requirement="原案销案，由本院立案执行",
            ground="长期受到干扰",
            cases=(case,),
            new_court="苏05",
            documents=(
                await supervisor.documents.upload(draft_id, LETTER, "ORDER_RULING"),
                await supervisor.documents.upload(draft_id, RECORD, "HEARING_RECORD"),
            ),
        )
        draft = await supervisor.orders.draft(order, draft_id)
        chief = await self.client(HUB_CHIEF)
        [receipt] = await chief.orders.approve(draft_id, "同意", seen=draft.content_hash)
        return receipt.instruction_id

    # --- Looking -----------------------------------------------------------------------------------------------------

    async def summary(self, player: Player, matter: str) -> InstructionSummary:
        client = await self.client(player)
        return (await client.instructions.get(matter)).summary

    async def until(
        self, player: Player, matter: str, state: str, *, settled: bool = False
    ) -> InstructionSummary:
        """Wait until the player sees the matter in a state, and, if asked, with nothing pending."""
        client = await self.client(player)

        async def look() -> InstructionSummary | None:
            rows = [row async for row in client.instructions.list(page_size=500)]
            found = next((row for row in rows if row.instruction_id == matter), None)
            if found is None or found.state != state or (settled and "PENDING" in found.marks):
                return None
            return found

        return await eventually(look)

    async def kinds(self, player: Player, matter: str) -> list[str]:
        """The steps of the timeline that were not refused."""
        timeline = await (await self.client(player)).instructions.timeline(matter)
        return [entry.kind for entry in timeline if not entry.refusal_reason]

    async def check_copies(self, matter: str) -> int:
        """All three copies are whole and equal; the number of events in them."""
        supervisor = await self.client(SUPERVISOR)
        copies = {
            "hub": await supervisor.supervision.history(matter, purpose="核对测试事项"),
            "sender": await (await self.client(JUDGE)).instructions.history(matter),
            "receiver": await (await self.client(DISPATCHER)).instructions.history(matter),
        }
        assert compare_copies(copies) == []
        return len(copies["receiver"])

    async def check_receipts(self, matter: str) -> None:
        """Every step has a receipt that verifies offline under what the node has pinned."""
        pins = self._endpoints[JUDGE.place]
        judge = await self.client(JUDGE)
        for entry in await judge.instructions.timeline(matter):
            receipt = await judge.evidence.receipt(entry.event_id)
            verified = verify_receipt(receipt, pins["origin"], pins["log_vkey"])
            assert verified.header.id == entry.event_id
            assert verified.ruling.accepted == (not entry.refusal_reason)


async def eventually(look: Callable[[], Awaitable[Any]], patience_s: float = PATIENCE_S) -> Any:
    """Look again and again until there is something to see; give it."""
    async with asyncio.timeout(patience_s):
        while not (seen := await look()):
            await asyncio.sleep(0.1)
    return seen
