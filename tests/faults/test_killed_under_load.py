"""Plugs pulled at random while a program issues orders: what was acknowledged is there, once, everywhere."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.faults.books import check_books
from tests.stage.company import Company, eventually
from tests.stage.people import DISPATCHER, GUSU, JUDGE, LETTER, PARK, PROGRAM
from tests.stage.plugin import Stage
from tests.stage.program import approved_issue

from xiezhi_client.sdk import Client, FindIssue, FindIssueResult, new_instruction_id

pytestmark = pytest.mark.long

INSTRUCTIONS, BATCH, KILLS, RECEIPTS = 240, 20, 8, 60
"""Bounds of the load: long enough that a kill meets every part of it."""


@pytest.mark.parametrize("seed", [4711])
async def test_nothing_acknowledged_is_lost_or_doubled(stage: Stage, company: Company, seed: int) -> None:
    chance = random.Random(seed)
    program = await company.client(PROGRAM)
    issues = await _prepare(program)
    load = asyncio.create_task(_issue_all(program, issues))
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.05, 1.0))
        who = chance.choice(["hub", PARK, GUSU])
        await stage.kill(who)
        await asyncio.sleep(chance.uniform(0, 0.5))
        await stage.start(who)
    acknowledged = await load

    assert [result.reason for result in acknowledged if not result.receipt] == []
    wanted = {issue.instruction_id for issue in issues}
    assert {result.receipt.instruction_id for result in acknowledged} == wanted
    for player, box in ((JUDGE, "SENT"), (DISPATCHER, "RECEIVED")):
        client = await company.client(player)
        await eventually(lambda: _all_arrived(client, box, wanted))  # noqa: B023  awaited in the round
    assert set(await _by_eights(company.check_copies, sorted(wanted))) == {2}
    # The keys of hub and courts and the rulebook, then two entries for each matter.
    assert await check_books(stage, (PARK, GUSU)) == 6 + 2 * INSTRUCTIONS
    await _by_eights(company.check_receipts, chance.sample(sorted(wanted), RECEIPTS))


async def _prepare(program: Client) -> list[FindIssue]:
    async def prepare(number: int) -> FindIssue:
        matter = new_instruction_id()
        letter = await program.documents.upload(matter, LETTER, "ENTRUSTMENT_LETTER")
        return approved_issue(str(number), matter, (letter,), bulk=number % 3 == 0)

    issues: list[FindIssue] = []
    for first in range(0, INSTRUCTIONS, BATCH):
        issues += await asyncio.gather(*map(prepare, range(first, first + BATCH)))
    return issues


async def _issue_all(program: Client, issues: list[FindIssue]) -> list[FindIssueResult]:
    results = []
    for first in range(0, INSTRUCTIONS, BATCH):
        results += [result async for result in program.find.issue_many(issues[first : first + BATCH])]
        await asyncio.sleep(0.3)
    return results


async def _all_arrived(client: Client, box: str, wanted: set[str]) -> bool:
    rows = [row async for row in client.instructions.list(box, ["AWAITING_SIGNATURE"], page_size=500)]
    found = [row.instruction_id for row in rows if "PENDING" not in row.marks]
    assert len(found) == len(set(found))
    return set(found) == wanted


async def _by_eights(check: Callable[[str], Awaitable[Any]], matters: list[str]) -> list[Any]:
    results = []
    for first in range(0, len(matters), 8):
        results += await asyncio.gather(*map(check, matters[first : first + 8]))
    return results
