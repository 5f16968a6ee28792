"""Systems of the court that follow what happens: over restarts, each change once."""

import asyncio
import csv
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import DISPATCHER, GUSU, JUDGE, PARK, RECEIVING_PROGRAM
from tests.stage.plugin import ROOT, Stage

from xiezhi_client.sdk import Change, Client, connect

pytestmark = pytest.mark.long


async def test_a_watch_tells_each_change_once_over_restarts(stage: Stage, company: Company) -> None:
    judge = await company.client(JUDGE)
    changes: list[Change] = []
    watching = asyncio.create_task(_collect(judge, 0, changes))
    first = await company.deliver()
    await stage.kill(PARK)
    await company.assign(first)
    await stage.start(PARK)
    await company.until(JUDGE, first, "IN_PROGRESS", settled=True)
    await stage.stop(PARK)
    await stage.start(PARK)
    second = await company.deliver()
    await eventually(lambda: _has(changes, second, "Delivered"))
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching

    cursors = [change.cursor for change in changes]
    assert cursors == sorted(set(cursors))
    for matter in (first, second):
        # An own step changes twice: when it is stored, and when the hub has ruled.
        steps = {
            change.entry.event_id: change.entry.kind
            for change in changes
            if change.instruction.instruction_id == matter
        }
        assert list(steps.values()) == await company.kinds(JUDGE, matter)

    later: list[Change] = []
    watching = asyncio.create_task(_collect(judge, cursors[-1], later))
    await company.assign(second)
    await eventually(lambda: _has(later, second, "Assigned"))
    watching.cancel()
    assert {change.entry.kind for change in later} == {"Signed", "Assigned"}
    assert min(change.cursor for change in later) > cursors[-1]


async def _collect(client: Client, after: int, changes: list[Change]) -> None:
    async with aclosing(client.instructions.watch(after)) as told:
        async for change in told:
            changes.append(change)


async def _has(changes: list[Change], matter: str, kind: str) -> bool:
    return any(
        change.instruction.instruction_id == matter and change.entry.kind == kind and not change.entry.pending
        for change in changes
    )


async def test_the_example_mirrors_received_matters_and_returns_results(
    stage: Stage, company: Company, tmp_path: Path
) -> None:
    """A program that is killed and started again loses nothing and sends no result twice."""
    node = stage.endpoints[GUSU]
    token = tmp_path / "token.txt"
    token.write_text(await _api_token(stage), "utf-8")
    command = ("python", ROOT / "examples" / "sync_received.py", node["desk"], node["ca"], token, tmp_path)
    mirror = tmp_path / "received.csv"

    pid = await stage.launch(*command, out=tmp_path / "sync.log")
    first = await company.deliver()
    await eventually(lambda: _mirrored(mirror, first, "AWAITING_SIGNATURE"))
    await stage.end(pid, kill=True)

    await company.assign(first)
    second = await company.deliver()
    results = tmp_path / "results.csv"
    results.write_text(
        f"instruction_id,text,outcomes\n{first},已办结,1=DONE;2=NOT_DONE:PERSON_LEFT\n", "utf-8"
    )
    pid = await stage.launch(*command, out=tmp_path / "sync.log")
    await eventually(lambda: _mirrored(mirror, first, "REPORTED"))
    await eventually(lambda: _mirrored(mirror, second, "AWAITING_SIGNATURE"))
    await stage.kill(GUSU)
    await stage.start(GUSU)
    await (await company.client(DISPATCHER)).instructions.sign(second)
    await eventually(lambda: _mirrored(mirror, second, "SIGNED"))
    await stage.end(pid)

    await company.until(JUDGE, first, "REPORTED", settled=True)
    assert (await company.kinds(JUDGE, first)).count("Completed") == 1
    assert [row["state"] for row in _rows(tmp_path / "results-sent.csv")] == ["REPORTED"]


async def _mirrored(path: Path, matter: str, state: str) -> bool:
    return any(row["instruction_id"] == matter and row["state"] == state for row in _rows(path))


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def _api_token(stage: Stage) -> str:
    node = stage.endpoints[GUSU]
    async with connect(node["desk"], Path(node["ca"])) as admin:
        await admin.sign_in(**stage.administrators[GUSU])
        accounts = await admin.accounts.list()
        program = next(account for account in accounts if account.login == RECEIVING_PROGRAM.login)
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        made = await admin.accounts.create_token(program.account_id, program.roles, tomorrow, "同步")
        return made.token
