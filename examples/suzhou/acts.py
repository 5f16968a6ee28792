"""What people do in many stories: a matter drafted, sent, taken on, finished, checked."""

from collections.abc import Sequence
from typing import Any

from cast import CHIEF, DISPATCHER, JUDGE, PARK_CASE, SEALER, SPECIALIST, Player
from courts import GUSU
from players import Players, require

from xiezhi_client.sdk import FindOrder, Item, ItemOutcome, Property, new_instruction_id
from xiezhi_client.sdk.vocabulary import PaperType

SEARCH = (
    Item(
        number=1,
        act="LOCATE_PERSON",
        subject_number=1,
        scope="查找被执行人下落",
        clue="邻居称其居住于姑苏区演示路一号",
    ),
    Item(
        number=2,
        act="SITE_CHECK",
        subject_number=1,
        property=Property(category="HOUSE", description="演示新村九幢房屋"),
        scope="现场勘查房屋占用情况",
        clue="卷宗中曾登记该地址",
    ),
)
"""Two items for which a letter of entrustment is paper enough."""
FOUND = (
    ItemOutcome(number=1, outcome="DONE", note="已当面核对身份"),
    ItemOutcome(number=2, outcome="NOT_DONE", reason="PERSON_LEFT", note="现场无人"),
)
"""What comes of them."""


async def draft_search(
    players: Players, papers: Sequence[PaperType] = ("ENTRUSTMENT_LETTER",), **changes: Any
) -> str:
    """Let the judge draft a search with *papers*; returns the matter."""
    matter = new_instruction_id()
    order: dict[str, Any] = {
        "case_number": PARK_CASE,
        "receiver": GUSU,
        "subject_numbers": (1,),
        "items": SEARCH,
        "documents": await players.papers(JUDGE, matter, *papers),
        "request_text": "请协助查找被执行人。",
        "limit_days": 7,
        "why_not_query": "总对总已查询，线索需现场核实",
    }
    draft = await players.client(JUDGE).find.draft(FindOrder(**order | changes), matter)
    require(not draft.missing_papers, draft)
    return matter


async def send(players: Players, matter: str, *approvers: Player) -> None:
    """Hand a draft in, let it be approved by each in turn, and send it."""
    await players.client(JUDGE).instructions.submit(matter)
    for approver in approvers:
        await players.client(approver).instructions.approve(matter, "同意委托")
    await players.client(SEALER).instructions.affix_seal(matter)


async def deliver_search(players: Players, receiver: Player = DISPATCHER, **changes: Any) -> str:
    """Draft, approve, seal, send; returns the matter when it awaits its signature at both courts."""
    matter = await draft_search(players, receiver=receiver.court, **changes)
    await send(players, matter, CHIEF)
    for player in (receiver, JUDGE):
        await players.until(player, matter, "AWAITING_SIGNATURE", settled=True)
    return matter


async def assign(players: Players, matter: str) -> None:
    """Let Gusu's command centre sign for a matter and give it to its specialist."""
    await players.until(DISPATCHER, matter, "AWAITING_SIGNATURE")
    await players.client(DISPATCHER).instructions.assign(matter, players.account(SPECIALIST))


async def search_under_way(players: Players, **changes: Any) -> str:
    """Deliver a search and assign it; returns the matter."""
    matter = await deliver_search(players, **changes)
    await assign(players, matter)
    await players.until(JUDGE, matter, "IN_PROGRESS", settled=True)
    return matter


async def report(players: Players, matter: str) -> None:
    """Let the specialist report the search as done, and the judge see it."""
    await players.client(SPECIALIST).instructions.complete(matter, "已上门核查，结果见各办理项", FOUND)
    await players.until(JUDGE, matter, "REPORTED", settled=True)


async def confirm(players: Players, matter: str) -> None:
    """Let the judge accept the result, and the receiver see it."""
    await players.client(JUDGE).instructions.confirm(matter, "结果已收悉")
    for player in (JUDGE, DISPATCHER):
        await players.until(player, matter, "CONFIRMED", settled=True)
