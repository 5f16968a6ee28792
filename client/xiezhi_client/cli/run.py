"""One run of the program: its profile and screen, its connection, the matter that is meant."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import typer

from xiezhi_client.cli.profile import Profile
from xiezhi_client.cli.screen import Screen
from xiezhi_client.sdk import ActionReceipt, Client, XiezhiError, connect
from xiezhi_client.sdk.rows import Rows
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action, Mark, State

Answer = TypeVar("Answer")
Row = TypeVar("Row")
_LARGEST_PAGE: Final = 500
CODE: Final = "动态口令"


@dataclass(frozen=True, slots=True)
class Run:
    """What the common options say."""

    profile_path: Path
    screen: Screen
    code: str = field(default="", repr=False)
    """A one-time code that was given, for the sign-in or the approval that asks for one."""

    @property
    def profile(self) -> Profile:
        """The profile as it stands in its file."""
        return Profile.load(self.profile_path)

    def online(self, work: Callable[[Client], Awaitable[Answer]]) -> Answer:
        """Do `work` with a connection as the profile's user, and close it."""
        return asyncio.run(self._connected(self.profile, work))

    async def _connected(self, profile: Profile, work: Callable[[Client], Awaitable[Answer]]) -> Answer:
        profile.require()
        async with connect(profile.address, profile.ca_certificate, profile.token) as client:
            client.ask_for_code(self.asked_code)
            return await work(client)

    async def asked_code(self, wrong: XiezhiError | None = None) -> str:
        """Give the one-time code that was given or is typed now; empty where nobody is there to type another one."""
        if self.code or not sys.stdin.isatty():
            return "" if wrong else self.code
        if wrong is not None:
            typer.echo(wrong.message, err=True)
        return str(await asyncio.to_thread(typer.prompt, CODE, err=True))


def run_of(ctx: typer.Context) -> Run:
    """Give the run that a command belongs to."""
    run = ctx.find_root().obj
    assert isinstance(run, Run)
    return run


async def instruction_id(client: Client, matter: list[str]) -> str:
    """Give the id of a matter named by id or by number, whose words the shell may have split."""
    text = " ".join(matter)
    if is_id(text):
        return text
    instruction = await client.instructions.get(text)
    return instruction.summary.instruction_id if instruction.summary else text


def is_id(text: str) -> bool:
    """Say whether this is an id as the node gives them, not a number or name for people."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


async def up_to(limit: int, asked: Callable[[int], AsyncIterable[Row]]) -> list[Row]:
    """Give the first *limit* rows of a list that is *asked* for in pages of a size."""
    rows = []
    async for row in asked(min(limit, _LARGEST_PAGE)):
        rows.append(row)
        if len(rows) == limit:
            break
    return rows


async def known_up_to(limit: int, asked: Callable[[int], Rows[Row]]) -> tuple[list[Row], int]:
    """Give the first *limit* rows of a list of the hub, and how many matters more it leaves out."""
    rows = asked(min(limit, _LARGEST_PAGE))
    return await up_to(limit, lambda _size: rows), rows.withheld


def tell_withheld(run: Run, count: int) -> None:
    """Say how many matters more a list of the hub has of which its reader may not know."""
    if count:
        words = f"另有 {count} 件{Mark.CONFIDENTIAL.zh}或者限制查阅的事项，您的岗位不能查看，不予列明"
        run.screen.say(words)


def take_step(
    ctx: typer.Context,
    matter: list[str],
    action: Action,
    step: Callable[[Client, str], Awaitable[ActionReceipt]],
) -> None:
    """Take one step on a matter and print its receipt."""
    run = run_of(ctx)

    async def work(client: Client) -> ActionReceipt:
        return await step(client, await instruction_id(client, matter))

    receipt = run.online(work)
    run.screen.data(receipt)
    say_receipt(run.screen, action, receipt)


def say_receipt(screen: Screen, action: Action, receipt: ActionReceipt) -> None:
    """Say to people what an action did."""
    name = receipt.matter_number or receipt.instruction_id
    pending = f"（{Mark.PENDING.zh}）" if receipt.pending else ""
    screen.say(f"{action.zh}：{name}，现为“{word(State, receipt.state)}”{pending}")
