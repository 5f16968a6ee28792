"""查人找物: the Industrial Park judge asks Gusu to find a person and property; hub and node fall on the way."""

import asyncio
from datetime import UTC, datetime

from cast import (
    CHIEF,
    DISPATCHER,
    JUDGE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    gusu_case,
    order,
    park_case,
)
from courts import GUSU
from players import PATIENCE_S, Players, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    Client,
    Document,
    Finding,
    ItemOutcome,
    PersonFinding,
    Property,
    Vehicle,
    new_instruction_id,
)
from xiezhi_domain.terms import Mark, Outcome

CAST = (JUDGE, CHIEF, SEALER, DISPATCHER, SPECIALIST, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    say("一、备案", f"园区法院 {park_case().case_number} 与姑苏法院 {gusu_case().case_number} 为关联案件")
    await story.judge_asks()
    await story.gusu_takes_it()
    await story.hub_falls_while_the_specialist_works()
    await story.judge_confirms_while_gusu_is_down()
    await story.everything_is_checked()


class Story:
    """One matter on its way."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self.matter = new_instruction_id()

    # --- 园区 --------------------------------------------------------------------------------------------------------

    async def judge_asks(self) -> None:
        """The judge drafts with two papers; the chief approves; the command centre checks, seals and sends."""
        judge = self._players.client(JUDGE)
        papers = (
            await self._players.upload(JUDGE, self.matter, "委托函.pdf", "ENTRUSTMENT_LETTER"),
            await self._players.upload(JUDGE, self.matter, "协助查询通知书.pdf", "QUERY_NOTICE"),
        )
        draft = await judge.find.draft(order(papers), self.matter)
        assert draft.receipt is not None, "a draft has one"
        require(not draft.missing_papers, draft)
        say(
            "二、园区法院发起",
            f"{JUDGE.name} 发起查人找物 {draft.receipt.matter_number}，三个办理项，附文书两份",
        )
        await judge.instructions.submit(self.matter)
        await self._players.client(CHIEF).instructions.approve(self.matter, "同意委托")
        sent = await self._players.client(SEALER).instructions.affix_seal(self.matter)
        say(
            "",
            f"{CHIEF.name} 审批同意；{SEALER.name} 核验签章并推送（{Mark.PENDING.zh if sent.pending else '已受理'}）",
        )

    # --- 姑苏 --------------------------------------------------------------------------------------------------------

    async def gusu_takes_it(self) -> None:
        """Gusu's command centre signs for it and assigns it in one step."""
        dispatcher = self._players.client(DISPATCHER)
        await self._players.until(DISPATCHER, self.matter, "AWAITING_SIGNATURE")
        say("三、姑苏法院签收分派", "事项及两份文书已到达姑苏法院系统")
        await dispatcher.instructions.assign(self.matter, self._players.account(SPECIALIST), "请今日上门")
        await self._players.until(JUDGE, self.matter, "IN_PROGRESS")
        say("", f"{DISPATCHER.name} 签收并分派给 {SPECIALIST.name}，园区法院同步可见")

    async def hub_falls_while_the_specialist_works(self) -> None:
        """The hub is killed; the specialist goes on; everything goes through when it is back."""
        specialist, judge = self._players.client(SPECIALIST), self._players.client(JUDGE)
        watching = asyncio.create_task(self._wait_for_prompt(judge))
        self._players.kill("hub")
        say("四、枢纽被强行断电（kill -9）", "姑苏法院继续办理，园区法院继续办公")
        record = await self._players.upload(SPECIALIST, self.matter, "执行笔录.pdf", "ENFORCEMENT_RECORD")
        car = await self._players.upload(SPECIALIST, self.matter, "现场照片-车辆.jpg", "PHOTO")
        machine = await self._players.upload(SPECIALIST, self.matter, "现场照片-机床.jpg", "PHOTO")
        await specialist.find.record_findings(
            self.matter, _findings(record, car, machine), "已上门核查，当面谈话", (record, car, machine)
        )
        done = await specialist.instructions.complete(self.matter, _RESULT, (_not_done(),))
        require(done.pending, "the hub is down")
        say("", f"{SPECIALIST.name} 上传笔录和照片、填报查找结果并办结反馈：已存本院，待中心确认")
        await self._players.start("hub")
        say("", "枢纽重新启动 ……")
        async with asyncio.timeout(PATIENCE_S):
            await watching
        say("", f"{JUDGE.name} 收到办结提示")

    async def _wait_for_prompt(self, judge: Client) -> None:
        async for change in judge.instructions.watch(0):
            if change.entry is not None and change.entry.kind == "Completed":
                return

    async def judge_confirms_while_gusu_is_down(self) -> None:
        """Gusu's node is killed; the judge confirms; Gusu learns of it when it is back."""
        self._players.kill(GUSU)
        say("五、姑苏节点被强行断电（kill -9）", f"{JUDGE.name} 查看结果并确认办结")
        judge = self._players.client(JUDGE)
        result = await judge.instructions.get(self.matter)
        for outcome in result.outcomes:
            say("", f"办理项 {outcome.number}：{Outcome(outcome.outcome).zh}　{outcome.note}")
        assert result.summary is not None, "a matter has one"
        await judge.instructions.confirm(
            self.matter, "结果已收悉", base_event_id=result.summary.last_event_id
        )
        await self._players.until(JUDGE, self.matter, "CONFIRMED", settled=True)
        await self._players.start(GUSU)
        await self._players.until(DISPATCHER, self.matter, "CONFIRMED", settled=True)
        say("", "姑苏节点恢复后自动补齐：事项已确认办结")

    # --- Afterwards --------------------------------------------------------------------------------------------------

    async def everything_is_checked(self) -> None:
        """The timeline; receipts checked offline; three copies against each other; nothing lost."""
        judge = self._players.client(JUDGE)
        timeline = await judge.instructions.timeline(self.matter)
        say("六、办理轨迹", "")
        tell_timeline(timeline)
        count = await self._players.check_copies(self.matter)
        say("七、核验", f"三方所存 {count} 项记录逐字节一致，序号连续、首尾相接")
        size = await self._players.check_receipts(timeline)
        say("", f"存证回执全部离线核验通过（平台日志长度 {size}）")
        require([entry.kind for entry in timeline] == [*_EXPECTED], timeline)
        documents = (await judge.instructions.get(self.matter)).documents
        require(len(documents) == _DOCUMENTS, documents)
        say("", f"两次断电，没有丢失：{len(_EXPECTED)} 个步骤、{_DOCUMENTS} 份文书俱在")


_RESULT = "已找到被执行人并制作笔录；查明车辆一辆、数控机床一台；演示新村九幢房屋因无人在场未能勘查。"
_EXPECTED = ("Issued", "Delivered", "Signed", "Assigned", "ProgressReported", "Completed", "Confirmed")
_DOCUMENTS = 5


def _findings(record: Document, car: Document, machine: Document) -> tuple[ItemOutcome, ...]:
    """A person seen, two assets."""
    now = datetime.now(UTC)
    seen = PersonFinding(
        subject_number=1,
        seen=True,
        seen_at=now,
        place="苏州市姑苏区演示路一号",
        identity_check="核对居民身份证并当面拍照",
        statement="承认债务，愿意分期履行",
    )
    vehicle = Property(
        category="VEHICLE",
        description="小型轿车一辆",
        place="演示路一号院内",
        vehicle=Vehicle(plate="演示A00000", plate_kind="小型汽车", model="演示牌"),
    )
    lathe = Property(
        category="OTHER_MOVABLE", description="数控机床一台", place="演示机械加工厂", value_fen=6_000_000
    )
    return (
        ItemOutcome(
            number=1,
            outcome="DONE",
            done_at=now,
            officers=(SPECIALIST.officer,),
            note="已当面核对身份，制作执行笔录",
            findings=(Finding(person=seen, source="现场"),),
            document_sha256s=(record.sha256,),
        ),
        ItemOutcome(
            number=2,
            outcome="DONE",
            done_at=now,
            officers=(SPECIALIST.officer,),
            note="查明车辆一辆、机床一台",
            findings=(Finding(property=vehicle, source="现场"), Finding(property=lathe, source="现场")),
            document_sha256s=(car.sha256, machine.sha256),
        ),
    )


def _not_done() -> ItemOutcome:
    return ItemOutcome(number=3, outcome="NOT_DONE", reason="PERSON_LEFT", note="现场无人，未能进入勘查")
