"""协助执行(法院间): a debtor held and a house looked at; detention is approved by two, and every finding is a field."""

from dataclasses import replace
from datetime import UTC, datetime

from acts import assign, send
from cast import (
    CHIEF,
    DISPATCHER,
    JUDGE,
    LEADER,
    PARK_CASE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
)
from courts import GUSU
from players import Players, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    DelegationOrder,
    Finding,
    InvalidInput,
    Item,
    ItemOutcome,
    PersonFinding,
    Property,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import PaperType

_PAPERS: tuple[PaperType, ...] = ("ASSISTANCE_LETTER", "DETENTION_DECISION")
_PROOF: tuple[PaperType, ...] = ("ENFORCEMENT_RECORD", "SITE_RECORD")

CAST = (JUDGE, CHIEF, LEADER, SEALER, DISPATCHER, SPECIALIST, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    matter = new_instruction_id()
    await _judge_asks(players, matter)
    await _gusu_helps(players, matter)
    await _judge_confirms(players, matter)


async def _judge_asks(players: Players, matter: str) -> None:
    """Two items; control of a person needs the 执行局长 and the 院领导."""
    documents = await players.papers(JUDGE, matter, *_PAPERS)
    draft = await players.client(JUDGE).delegation.draft(replace(_order(), documents=documents), matter)
    require(not draft.missing_papers and not draft.warnings, draft)
    await send(players, matter, CHIEF, LEADER)
    approval = (await players.client(JUDGE).instructions.get(matter)).approval
    require(approval is not None and len(approval.earlier_approvals) == 1, approval)
    say(
        "一、园区法院请求协助",
        f"{JUDGE.name} 请求协助控制被执行人、勘查房屋；{CHIEF.name}、{LEADER.name} 先后审批",
    )


async def _gusu_helps(players: Players, matter: str) -> None:
    """What was done is told in fields; a bare 办结 is refused, naming all that is missing."""
    await assign(players, matter)
    specialist = players.client(SPECIALIST).delegation
    bare = tuple(ItemOutcome(number=number, outcome="DONE") for number in (1, 2))
    try:
        await specialist.complete(matter, "已办理", bare)
    except InvalidInput as refused:
        say(
            "二、姑苏法院办理",
            f"只填“已办”的反馈被退回：{refused.fields[0].message}等 {len(refused.fields)} 处",
        )
    else:
        require(holds=False, found="a bare completion was taken")
    proof = await players.papers(SPECIALIST, matter, *_PROOF)
    await specialist.complete(matter, "已控制被执行人并移交，房屋已勘查", _outcomes(), proof)
    say("", f"{SPECIALIST.name} 填报见面时间、地点、身份核对和所采取的措施，附执行笔录和现场笔录")


async def _judge_confirms(players: Players, matter: str) -> None:
    """Confirmed, and checked at all three."""
    judge = players.client(JUDGE)
    await players.until(JUDGE, matter, "REPORTED", settled=True)
    await judge.instructions.confirm(matter, "感谢协助")
    for player in (JUDGE, DISPATCHER):
        await players.until(player, matter, "CONFIRMED", settled=True)
    say("三、办理轨迹与核验", "")
    timeline = await judge.instructions.timeline(matter)
    tell_timeline(timeline)
    count = await players.check_copies(matter)
    await players.check_receipts(timeline)
    say("", f"三方所存 {count} 项记录逐字节一致，存证回执离线核验通过")


def _order() -> DelegationOrder:
    person = Item(
        number=1,
        act="CONTROL_PERSON",
        subject_number=1,
        scope="依拘留决定书控制被执行人并通知我院到场",
        clue="申请执行人称其每日傍晚回到姑苏区演示路一号",
    )
    house = Item(
        number=2,
        act="SITE_CHECK",
        subject_number=1,
        property=Property(category="HOUSE", description="演示新村九幢房屋"),
        scope="勘查房屋占用情况",
        clue="卷宗中曾登记该地址",
    )
    return DelegationOrder(
        kind="COURT_ASSISTANCE",
        case_number=PARK_CASE,
        receiver=GUSU,
        subject_numbers=(1,),
        items=(person, house),
        request_text="请协助控制被执行人并勘查房屋。",
    )


def _outcomes() -> tuple[ItemOutcome, ...]:
    now = datetime.now(UTC)
    seen = PersonFinding(
        subject_number=1,
        seen=True,
        seen_at=now,
        place="苏州市姑苏区演示路一号",
        identity_check="核对居民身份证",
        measure="依园区法院拘留决定书控制",
    )
    return (
        ItemOutcome(
            number=1,
            outcome="DONE",
            done_at=now,
            officers=(SPECIALIST.officer,),
            findings=(Finding(person=seen, source="现场"),),
        ),
        ItemOutcome(
            number=2,
            outcome="DONE",
            done_at=now,
            officers=(SPECIALIST.officer,),
            note="房屋由被执行人一家居住",
            findings=(Finding(site="两居室，无出租迹象", source="现场"),),
        ),
    )
