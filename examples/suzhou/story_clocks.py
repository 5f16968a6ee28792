"""期限: a matter comes late and the ladder is climbed; the hub is away for days; a calendar moves what is due."""

from datetime import datetime, timedelta

from acts import FOUND, confirm, report, search_under_way
from cast import (
    CHIEF,
    DISPATCHER,
    GUSU_DIRECTOR,
    HUB_DIRECTOR,
    JUDGE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
)
from courts import GUSU
from players import Players, eventually, require
from telling import say, tell_timeline

from xiezhi_client.sdk import CalendarDay, Deadline, DryRun, Proposal
from xiezhi_domain.court_time import SHANGHAI, to_ms, to_text
from xiezhi_domain.terms import Rung, TimeVerdict

STRICTER = """
[step.talk]
rung = "TALK"
at = 1
unit = "minutes"
automatic = false
clocks = ["handle"]
source = "演示"
confirmed = true
"""

CAST = (JUDGE, CHIEF, SEALER, DISPATCHER, SPECIALIST, GUSU_DIRECTOR, HUB_DIRECTOR, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    await story.a_matter_comes_late()
    await story.the_ladder_is_climbed()
    await story.the_hub_is_away_for_days()
    await story.a_calendar_moves_deadlines()
    await story.everything_is_checked()


class Story:
    """Three matters: a late one, one reported while the hub is away, one whose end a calendar moves."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._superior = players.client(SUPERVISOR)
        self._director = players.client(HUB_DIRECTOR)
        self._began = players.now()
        self._matters: list[str] = []

    async def a_matter_comes_late(self) -> None:
        """Reminded before its end, told of the breach after it, at the court that is late."""
        matter = await self._under_way()
        due = (await self._handle(matter)).due_at
        assert due is not None, "it runs"
        await self._players.pass_time(due - timedelta(hours=1) - self._players.now())
        await self._players.let_hub_look()
        await self._told(matter, "REMIND")
        say("一、临期与超期", f"办理期限 {to_text(to_ms(due))}；到期之前已提醒姑苏法院")
        await self._players.pass_until(due)
        await self._players.let_hub_look()
        await self._told(matter, "BREACH")
        late = [each.instruction_id async for each in self._superior.supervision.overdue(GUSU)]
        require(matter in late, late)
        seen = (await self._players.client(JUDGE).instructions.get(matter)).summary
        require(seen is not None and "OVERDUE" in seen.marks, seen)
        say("", "到期一分钟后：姑苏法院收到超期通知，两院和中院都标明超期")

    async def the_ladder_is_climbed(self) -> None:
        """Rungs are proposed to people; the dry run tells the same; stricter rules are tried without effect."""
        [matter] = self._matters
        await self._players.pass_time(timedelta(days=14))
        await self._players.let_hub_look()
        proposals = await eventually(lambda: self._proposed(matter), "应提出督办建议")
        rungs = [Rung(proposal.rung) for proposal in proposals]
        require(rungs[:2] == ["CALL", "SUPERVISE"], rungs)
        say("二、催督阶梯", f"逐级提出：{_words(rungs)}；由人决定")
        await self._superior.superior.log_call(
            matter, "电话催办，要求三日内办结", self._players.now(), counterpart=DISPATCHER.officer
        )
        await self._superior.escalation.decide(proposals[0], "TAKEN")
        left = [proposal.rung for proposal in await self._proposed(matter)]
        require(left == rungs[1:], left)
        same = await self._dry_run(matter)
        require(same[-len(rungs) :] == rungs and "BREACH" in same, same)
        stricter = await self._dry_run(matter, STRICTER)
        require(stricter == ["TALK"], stricter)
        still = [proposal.rung for proposal in await self._proposed(matter)]
        require(still == left, still)
        say("", f"试算：现行规则为{_words(same)}；拟用规则为{_words(stricter)}，试算不产生任何影响")
        await report(self._players, matter)
        verdict = (await self._handle(matter)).verdict
        require(verdict == "LATE", verdict)
        say("", f"姑苏法院办结反馈，判为“{TimeVerdict.LATE.zh}”；电话催办和其余建议均留痕")

    async def the_hub_is_away_for_days(self) -> None:
        """Both courts go on; what came in time is not counted as late because the hub was away."""
        matter = await self._under_way()
        due = (await self._handle(matter)).due_at
        assert due is not None, "it runs"
        self._players.kill("hub")
        down = self._players.now()
        await self._players.pass_time(timedelta(days=2))
        await self._players.client(SPECIALIST).instructions.complete(matter, "已上门核查", FOUND)
        seen = await self._players.until(DISPATCHER, matter, "REPORTED")
        require("PENDING" in seen.marks, seen)
        await self._players.pass_until(due)
        await self._players.start("hub")
        await self._players.until(JUDGE, matter, "REPORTED", settled=True)
        verdict = (await self._handle(matter)).verdict
        recorded = await self._director.escalation.record_outage(GUSU, down, self._players.now(), "POWER")
        after = (await self._handle(matter)).verdict
        require(after == "IN_TIME", (verdict, after))
        say(
            "三、枢纽停机数日",
            f"停机期间姑苏法院照常办结，到期之后枢纽才恢复并受理；"
            f"登记通信故障（顺延 {recorded.moved} 个期限）后，判为“{TimeVerdict.IN_TIME.zh}”",
        )

    async def a_calendar_moves_deadlines(self) -> None:
        """The last day becomes a holiday; what is due then is due later, and the list says what moved."""
        matter = await self._under_way()
        due = (await self._handle(matter)).due_at
        assert due is not None, "it runs"
        day = due.astimezone(SHANGHAI).date()
        holiday = CalendarDay(day=str(day))
        published = await self._director.escalation.publish_calendar(
            day.year, [holiday], "演示：临时放假安排"
        )
        moved = [each async for each in self._director.escalation.moved(published.event_id)]
        mine = next(each for each in moved if (each.instruction_id, each.clock) == (matter, "handle"))
        require(mine.due_before == due and len(moved) == published.moved, moved)
        require((await self._handle(matter)).due_at == mine.due_after, mine)
        await eventually(lambda: self._node_says(matter, mine.due_after), "姑苏法院应看到新的到期日")
        say(
            "四、日历调整",
            f"{HUB_DIRECTOR.name} 发布放假安排，{published.moved} 个期限随之变动并逐一列出；"
            f"该事项由 {to_text(to_ms(due))} 移至 {_text(mine.due_after)}，姑苏法院同步可见",
        )
        await report(self._players, matter)

    async def everything_is_checked(self) -> None:
        """The timeline of the late matter; copies; receipts."""
        say("五、办理轨迹与核验", "")
        count = 0
        judge = self._players.client(JUDGE).instructions
        for matter in self._matters:
            await confirm(self._players, matter)
            count += await self._players.check_copies(matter)
            await self._players.check_receipts(await judge.timeline(matter))
        tell_timeline(await judge.timeline(self._matters[0]))
        say("", f"{len(self._matters)} 件事项，三方所存 {count} 项记录逐字节一致，存证回执离线核验通过")

    # --- What the hub says -------------------------------------------------------------------------------------------

    async def _under_way(self) -> str:
        self._matters.append(await search_under_way(self._players))
        return self._matters[-1]

    async def _handle(self, matter: str) -> Deadline:
        found = (await self._superior.deadlines.of_matter(matter)).deadlines
        return next(each for each in reversed(found) if each.clock == "handle")

    async def _told(self, matter: str, rung: str) -> None:
        async def look() -> bool:
            notices = await self._players.client(GUSU_DIRECTOR).deadlines.notices(page_size=500)
            return any((each.instruction_id, each.rung) == (matter, rung) for each in notices)

        await eventually(look, f"姑苏法院应收到 {rung}")

    async def _proposed(self, matter: str) -> list[Proposal]:
        found = await self._superior.escalation.proposals(GUSU)
        return [each for each in found if each.deadline and each.deadline.instruction_id == matter]

    async def _dry_run(self, matter: str, content: str = "") -> list[Rung]:
        told: DryRun = await self._superior.escalation.dry_run(
            self._began, self._players.now(), content=content, court=GUSU
        )
        return [
            Rung(each.rung)
            for each in told.climbed
            if each.deadline and (each.deadline.instruction_id, each.deadline.clock) == (matter, "handle")
        ]

    async def _node_says(self, matter: str, due: datetime | None) -> bool:
        found = (await self._players.client(DISPATCHER).deadlines.of_matter(matter)).deadlines
        return any((each.clock, each.due_at) == ("handle", due) for each in found)


def _words(rungs: list[Rung]) -> str:
    return "、".join(dict.fromkeys(Rung(rung).zh for rung in rungs))


def _text(moment: datetime | None) -> str:
    return to_text(to_ms(moment)) if moment else ""
