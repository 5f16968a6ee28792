"""The people of the stories at their desks: signing in, waiting, checking; and what they ask of the stage."""

import asyncio
import json
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cast import (
    DISPATCHER,
    GUSU_JUDGE,
    JUDGE,
    PAPERS,
    PLAYERS,
    SUPERVISOR,
    Player,
    gusu_case,
    park_case,
)

from xiezhi_client.sdk import (
    Account,
    Client,
    Conflict,
    Document,
    InstructionSummary,
    InvalidInput,
    NotAllowed,
    NotFound,
    RetryPolicy,
    TimelineEntry,
    Unavailable,
    WrongState,
    connect,
)
from xiezhi_client.sdk.vocabulary import PaperType
from xiezhi_client.verify import compare_copies, verify_receipt
from xiezhi_domain.court_time import SHANGHAI

T = TypeVar("T")

PATIENCE_S = 60.0
LOOK_EVERY_S = 0.1
PATIENT = RetryPolicy(attempts=30, longest_wait=1.0)
"""For as long as a program takes to come back."""


class Done(NamedTuple):
    """What became of a command."""

    code: int
    out: str
    err: str


class Players:
    """Everybody in the stories, signed in. `folder` is where they keep files."""

    def __init__(self, endpoints: dict[str, Any], folder: Path, stack: AsyncExitStack) -> None:
        self._endpoints = endpoints
        self._stack = stack
        self._clients: dict[Player, Client] = {}
        self._accounts: dict[Player, str] = {}
        self._passwords: dict[Player, str] = {}
        self._ahead = timedelta()
        self._down: set[str] = set()
        self._signed_in: set[Path] = set()
        self.folder = folder
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def client(self, player: Player) -> Client:
        """Return the connection of *player*, who is in the cast of the story."""
        return self._clients[player]

    async def admin(self, place: str) -> Client:
        """Return a new connection of the administrator of a court's node, or of the hub."""
        credentials = self._endpoints["administrators"][place]
        return await self._sign_in(await self._connect(place), **credentials)

    def account(self, player: Player) -> str:
        """Return the account id of *player*."""
        return self._accounts[player]

    # --- Before the curtain ------------------------------------------------------------------------------------------

    async def introduce(self) -> None:
        """Accounts for everybody; the cases as loaded data."""
        admins = {place: await self.admin(place) for place in self._endpoints["administrators"]}
        for player in PLAYERS:
            self._passwords[player] = secrets.token_urlsafe(15)
            account = Account(login=player.login, officer=player.officer, roles=player.roles)
            made = await admins[player.place].accounts.create(account, self._passwords[player])
            self._accounts[player] = made.account_id
        told = {
            player.login: {
                "court": player.court,
                "place": player.place,
                "name": player.name,
                "password": password,
            }
            for player, password in self._passwords.items()
        }
        ask("accounts", accounts=told)
        await self.enter((JUDGE, GUSU_JUDGE))
        await self.client(JUDGE).cases.put(park_case())
        await self.client(GUSU_JUDGE).cases.put(gusu_case())

    async def enter(self, cast: Sequence[Player]) -> None:
        """Sign the people of a story in; those of the one before leave."""
        self._clients = {player: await self._connect(player.place) for player in cast}
        await self._sign_in_again(cast)

    async def _connect(self, place: str) -> Client:
        found = self.desk(place)
        connection = connect(found["desk"], Path(found["ca"]), retry=PATIENT)
        return await self._stack.enter_async_context(connection)

    async def _sign_in(self, client: Client, login: str, password: str) -> Client:
        await client.sign_in(login, password)
        return client

    async def _sign_in_again(self, players: Iterable[Player]) -> None:
        await asyncio.gather(
            *(self._sign_in(self.client(player), player.login, self._passwords[player]) for player in players)
        )

    def desk(self, place: str) -> dict[str, str]:
        """Return address, authority and pins of a desk."""
        found: dict[str, str] = self._endpoints["hub"] if place == "hub" else self._endpoints["nodes"][place]
        return found

    # --- Time --------------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the time on the stage."""
        return datetime.now(UTC) + self._ahead

    def today(self) -> date:
        """Return the day on the stage, in Suzhou."""
        return self.now().astimezone(SHANGHAI).date()

    async def pass_time(self, passed: timedelta) -> None:
        """Let time go by; people sign in again where they can, as sessions end without use."""
        ask("pass_time", ms=round(passed / timedelta(milliseconds=1)))
        self._ahead += passed
        self._signed_in.clear()
        await self._sign_in_again(player for player in self._clients if player.place not in self._down)

    async def pass_until(self, moment: datetime | None) -> None:
        """Let time go by until *moment* is over by a minute."""
        require(moment is not None, "没有到期时间")
        assert moment is not None, "just required"
        await self.pass_time(max(moment - self.now(), timedelta()) + timedelta(minutes=1))

    # --- Power cuts --------------------------------------------------------------------------------------------------

    def kill(self, place: str) -> None:
        """Pull the plug of the hub or of a court's node."""
        ask("kill", who=place)
        self._down.add(place)

    async def start(self, place: str) -> None:
        """Start it again; its people sign in."""
        ask("start", who=place)
        self._down.discard(place)
        await self._sign_in_again(player for player in self._clients if player.place == place)

    async def let_hub_look(self) -> None:
        """Let the hub look at its deadlines: it does so when it starts, and every half minute, which is long here."""
        ask("stop", who="hub")
        await self.start("hub")

    # --- Waiting -----------------------------------------------------------------------------------------------------

    async def until(
        self, player: Player, matter: str, state: str, *, settled: bool = False
    ) -> InstructionSummary:
        """Wait until the matter is in *state* for this player, and, if asked, ruled on."""

        async def look() -> InstructionSummary | None:
            try:
                seen = (await self.client(player).instructions.get(matter)).summary
            except (NotFound, Unavailable):
                return None
            if seen is None or seen.state != state or (settled and "PENDING" in seen.marks):
                return None
            return seen

        return await eventually(look, f"{player.name} 处 {matter} 应为 {state}")

    async def until_step(self, player: Player, matter: str, kind: str) -> TimelineEntry:
        """Wait until a step of *kind* that was ruled on stands in the timeline that this player sees."""

        async def look() -> TimelineEntry | None:
            timeline = await self.client(player).instructions.timeline(matter)
            return next((each for each in timeline if each.kind == kind and not each.pending), None)

        return await eventually(look, f"{player.name} 处 {matter} 应有 {kind}")

    # --- Papers ------------------------------------------------------------------------------------------------------

    async def upload(self, player: Player, matter: str, name: str, paper_type: PaperType) -> Document:
        """Bring a paper of the folder to a matter."""
        return await self.client(player).documents.upload(matter, PAPERS / name, paper_type)

    async def papers(self, player: Player, matter: str, *paper_types: PaperType) -> tuple[Document, ...]:
        """Bring one paper of each type to a matter; the stories do not read them, so they look alike."""
        template = (PAPERS / "委托函.pdf").read_bytes()
        return tuple(
            [
                await self.client(player).documents.upload(
                    matter,
                    template + f"%{paper_type} {matter} {player.login}\n".encode(),
                    paper_type,
                    name=f"{paper_type}.pdf",
                )
                for paper_type in paper_types
            ]
        )

    # --- At a terminal -----------------------------------------------------------------------------------------------

    def terminal(self, player: Player, *words: str | Path) -> Done:
        """Run the `xiezhi` command as *player*."""
        return self._run(player.place, player.login, self._passwords[player], *words)

    def admin_terminal(self, place: str, *words: str | Path) -> Done:
        """Run the `xiezhi` command as the administrator of a court's node, or of the hub."""
        credentials = self._endpoints["administrators"][place]
        return self._run(place, credentials["login"], credentials["password"], *words)

    def _run(self, place: str, login: str, password: str, *words: str | Path) -> Done:
        desk, profile = self.desk(place), self.folder / f"{login}-{place}.json"
        if profile not in self._signed_in:
            where = ("--address", desk["desk"], "--ca", desk["ca"], "--user", login, "--stdin")
            done = _xiezhi(password, "login", *where, "--profile", profile)
            require(done.code == 0, done)
            self._signed_in.add(profile)
        return _xiezhi("", *words, "--profile", profile)

    # --- Checking ----------------------------------------------------------------------------------------------------

    async def check_copies(self, matter: str, *holders: Player) -> int:
        """Compare what courts and the hub have of a matter, byte by byte; returns the number of events.

        The courts are those of *holders*, if none is named the two of the story.
        """
        copies = {
            holder.court: await self.client(holder).instructions.history(matter)
            for holder in holders or (JUDGE, DISPATCHER)
        }
        at_hub = self.client(SUPERVISOR).supervision.history(matter, purpose="核对演示事项")
        copies["枢纽"] = await at_hub
        differences = compare_copies(copies)
        require(not differences, differences)
        return len(copies["枢纽"])

    async def check_receipts(self, timeline: Sequence[TimelineEntry], player: Player = JUDGE) -> int:
        """Verify the receipt of each step offline; returns the length of the log."""
        pinned = self.desk(player.place)
        size = 0
        for entry in timeline:
            receipt = await self.client(player).evidence.receipt(entry.event_id)
            verified = verify_receipt(receipt, pinned["origin"], pinned["log_vkey"])
            require(verified.header.id == entry.event_id and verified.ruling.accepted, entry)
            size = max(size, verified.checkpoint_size)
        return size


async def eventually(look: Callable[[], Awaitable[T | None]], wanted: str) -> T:
    """Look again and again until there is something to see; what was *wanted* is told if it does not come."""
    deadline = time.monotonic() + PATIENCE_S
    while not (seen := await look()):
        require(time.monotonic() < deadline, f"等了 {PATIENCE_S:.0f} 秒，{wanted}")
        await asyncio.sleep(LOOK_EVERY_S)
    return seen


async def refused(step: Awaitable[object]) -> str:
    """Expect that a step is refused; returns what the user reads."""
    try:
        await step
    except (WrongState, InvalidInput, NotAllowed, NotFound, Conflict) as error:
        return "；".join(each.message for each in error.fields) or error.message
    raise SystemExit("演示未达到预期：不允许的操作没有被拒绝")


def _xiezhi(text: str, *words: str | Path) -> Done:
    return Done(**ask("run", words=[str(word) for word in words], text=text))


def require(holds: bool, found: object) -> None:
    """Stop the story if something is not as it has to be; the demo is a test as well."""
    if not holds:
        raise SystemExit(f"演示未达到预期：{found}")


def ask(do: str, **wish: Any) -> Any:
    """Ask the stage for something and wait for its answer."""
    print(json.dumps({"do": do, **wish}, ensure_ascii=False), flush=True)
    return json.loads(sys.stdin.readline())
