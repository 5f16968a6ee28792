"""督办: a court lets a matter lie, the intermediate court calls, then urges it; the reply needs the bureau chief."""

from datetime import timedelta

from acts import assign, confirm, deliver_search, report
from cast import (
    CHIEF,
    DISPATCHER,
    GUSU_CHIEF,
    GUSU_DIRECTOR,
    GUSU_LEADER,
    HUB_CHIEF,
    JUDGE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    Player,
)
from courts import GUSU
from players import Players, eventually, require
from telling import say, tell_timeline

from xiezhi_client.sdk import Deadline, UrgeOrder, UrgeTarget
from xiezhi_domain.court_time import to_ms, to_text
from xiezhi_domain.terms import EventKind

CAST = (
    JUDGE,
    CHIEF,
    SEALER,
    DISPATCHER,
    SPECIALIST,
    GUSU_DIRECTOR,
    GUSU_CHIEF,
    GUSU_LEADER,
    HUB_CHIEF,
    SUPERVISOR,
)


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    await story.gusu_lets_a_matter_lie()
    await story.the_superior_calls()
    await story.the_superior_urges()
    await story.gusu_replies()
    await story.the_reply_is_returned_and_time_granted()
    await story.it_is_done()
    await story.everything_is_checked()


class Story:
    """A matter that lies, and the 督办 about it."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._superior = players.client(SUPERVISOR)
        self.matter = ""
        self.urge = ""

    async def gusu_lets_a_matter_lie(self) -> None:
        """Nobody signs; the period ends."""
        self.matter = await deliver_search(self._players)
        due = next(each.due_at for each in await self._of_hub() if each.clock == "sign")
        assert due is not None, "it runs"
        await self._players.pass_until(due)
        late = next(each for each in await self._of_hub() if each.clock == "sign")
        require(late.state == "BREACHED", late)
        say("一、姑苏法院逾期未签收", f"签收期限 {to_text(to_ms(due))} 已过，中院看到该期限已超期")

    async def the_superior_calls(self) -> None:
        """A call comes first, with what was promised; the promise is not kept."""
        now = self._players.now()
        promised = now + timedelta(hours=4)
        await self._superior.superior.log_call(
            self.matter,
            "电话催办，顾专员承诺今日签收",
            now,
            counterpart=DISPATCHER.officer,
            promise_at=promised,
        )
        for player in (JUDGE, DISPATCHER):
            await self._players.until_step(player, self.matter, "CallLogged")
        say("二、电话催办在先", f"{SUPERVISOR.name} 致电 {DISPATCHER.name}，登记承诺；两院均可见")
        await self._players.pass_until(promised)
        await self._players.until(DISPATCHER, self.matter, "AWAITING_SIGNATURE")

    async def the_superior_urges(self) -> None:
        """Drafted by one, approved by another; command centre and court leader see it alike."""
        order = UrgeOrder(
            subject="关于尽快签收并办理查人找物事项的督办",
            about="SIGNING",
            requirement="请即签收并安排人员上门，报告办理情况",
            ground="逾期未签收，电话催办后仍未签收",
            targets=(UrgeTarget(court=GUSU, instruction_ids=(self.matter,)),),
        )
        draft = await self._superior.urges.draft(order)
        [receipt] = await self._players.client(HUB_CHIEF).urges.approve(
            draft.draft_id, "同意督办", seen=draft.content_hash
        )
        self.urge = receipt.instruction_id
        for player in (DISPATCHER, GUSU_DIRECTOR, GUSU_LEADER):
            await self._players.until(player, self.urge, "ISSUED")
            received = [row async for row in self._players.client(player).received_urges.list()]
            require(self.urge in {row.instruction_id for row in received}, received)
        for player in (JUDGE, DISPATCHER):
            await self._marked(player, supervised=True)
        say(
            "三、督办",
            f"{SUPERVISOR.name} 拟稿，{HUB_CHIEF.name} 审批下发 {receipt.matter_number}；"
            f"{DISPATCHER.name}、{GUSU_LEADER.name} 同时看到，关联事项显示“督办中”",
        )

    async def gusu_replies(self) -> None:
        """Signed for; the reply goes up only with the chief's hand, who sends the first draft back."""
        urged, chief = self._players.client(DISPATCHER), self._players.client(GUSU_CHIEF)
        await urged.instructions.sign(self.urge)
        await urged.received_urges.draft_reply(self.urge, "正在安排")
        await chief.received_urges.reject_reply(self.urge, "请写明承办人和上门时间")
        seen = await urged.received_urges.get(self.urge)
        require(seen.reply_remark == "请写明承办人和上门时间", seen)
        await urged.received_urges.draft_reply(self.urge, "已签收，沈执行员承办，明日上门")
        await assign(self._players, self.matter)
        waits = await chief.received_urges.get(self.urge)
        await chief.received_urges.approve_reply(self.urge, "同意上报", seen=waits.reply_draft_hash)
        await self._until_at_hub("UNDER_REVIEW")
        say("四、回复", f"{GUSU_CHIEF.name} 退回第一稿，第二稿审签上报；{DISPATCHER.name} 已签收分派关联事项")

    async def the_reply_is_returned_and_time_granted(self) -> None:
        """The superior wants the result, not the plan; the court asks for more days and gets them."""
        await self._superior.urges.return_reply(self.urge, "请在上门之后报告结果")
        await self._players.until(GUSU_DIRECTOR, self.urge, "IN_PROGRESS")
        until = str(self._players.today() + timedelta(days=14))
        director = self._players.client(GUSU_DIRECTOR).instructions
        await director.ask_extension(self.urge, until, "SUBJECT_AWAY", "被执行人外出，下周返回")
        await eventually(self._asked, "中院应看到延期申请")
        await self._superior.urges.grant_extension(self.urge)
        granted = await self._players.until_step(DISPATCHER, self.urge, "ExtensionGranted")
        require(until in granted.text, granted)
        say("五、退回重报、延期", f"{SUPERVISOR.name} 退回重报；姑苏法院申请延期至 {until}，获准")

    async def it_is_done(self) -> None:
        """The matter is reported; the second reply is enough; only the superior closes a 督办."""
        await report(self._players, self.matter)
        urged, chief = self._players.client(DISPATCHER), self._players.client(GUSU_CHIEF)
        await urged.received_urges.draft_reply(self.urge, "已上门，被执行人已找到，结果已反馈委托法院")
        waits = await chief.received_urges.get(self.urge)
        await chief.received_urges.approve_reply(self.urge, "同意上报", seen=waits.reply_draft_hash)
        await self._until_at_hub("UNDER_REVIEW")
        await self._superior.urges.close(self.urge, "DONE", "已落实")
        await self._players.until(DISPATCHER, self.urge, "SUPERVISION_DONE", settled=True)
        for player in (JUDGE, DISPATCHER):
            await self._marked(player, supervised=False)
        await confirm(self._players, self.matter)
        say(
            "六、办结",
            f"{SUPERVISOR.name} 审核后办结督办，“督办中”标记消失；{JUDGE.name} {EventKind.CONFIRMED.zh}",
        )

    async def everything_is_checked(self) -> None:
        """Timelines; copies of both against each other; receipts offline."""
        say("七、办理轨迹与核验", "")
        gusu = self._players.client(DISPATCHER).instructions
        timeline = await gusu.timeline(self.urge)
        tell_timeline(timeline)
        count = await self._players.check_copies(self.urge, DISPATCHER)
        count += await self._players.check_copies(self.matter)
        await self._players.check_receipts(timeline, DISPATCHER)
        say("", f"督办和关联事项的 {count} 项记录在各方逐字节一致，存证回执离线核验通过")

    async def _of_hub(self) -> tuple[Deadline, ...]:
        return (await self._superior.deadlines.of_matter(self.matter)).deadlines

    async def _until_at_hub(self, state: str) -> None:
        async def look() -> bool:
            summary = (await self._superior.urges.get(self.urge, "跟踪落实情况")).summary
            return summary is not None and summary.state == state

        await eventually(look, f"督办应为 {state}")

    async def _marked(self, player: Player, *, supervised: bool) -> None:
        async def look() -> bool:
            summary = (await self._players.client(player).instructions.get(self.matter)).summary
            return summary is not None and ("SUPERVISED" in summary.marks) == supervised

        await eventually(look, f"{player.name} 处的督办标记应为 {supervised}")

    async def _asked(self) -> bool:
        return (await self._superior.urges.get(self.urge, "跟踪落实情况")).asked_due_at is not None
