"""第一周: a court begins: a trial and its end, its people, roster and open matters, a batch from a sheet, its books."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

from acts import SEARCH
from cast import (
    CHIEF,
    DIRECTOR,
    DISPATCHER,
    GUSU_DIRECTOR,
    HUB_DIRECTOR,
    JUDGE,
    PAPERS,
    PARK_CASE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    Player,
)
from courts import GUSU, PARK
from players import Done, Players, eventually, refused, require
from sheets import DEPOSIT_PAPERS, deposit_row, fill, outside_row, words
from telling import say, tell_timeline

from xiezhi_client.sdk import ChannelRule, Duty, FindOrder, Period, SheetFile
from xiezhi_client.sdk.vocabulary import Action, SheetFormat
from xiezhi_domain.terms import Kind, Role

DEPOSIT = Kind.ENTRUST_DEPOSIT.zh
YEAR = timedelta(days=360)
BEIJING, HUQIU = "京0101", "苏0505"
"""A court outside the area, and one within that has not joined."""
CAST = (JUDGE, CHIEF, SEALER, DIRECTOR, DISPATCHER, SPECIALIST, GUSU_DIRECTOR, HUB_DIRECTOR, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    await story.a_trial_leaves_nothing_behind()
    await story.channels_are_published()
    await story.people_and_roster_are_brought()
    await story.open_matters_are_taken_over()
    await story.another_channel_is_prescribed()
    await story.a_batch_comes_from_a_sheet()
    await story.the_books_are_printed()
    await story.everything_is_checked()


class Story:
    """What the Industrial Park court does in its first week."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._folder = players.folder
        self._judge = players.client(JUDGE)
        self._began = players.today() - timedelta(days=5)
        self.matters: list[str] = []

    async def a_trial_leaves_nothing_behind(self) -> None:
        """Practice drafts have a number of their own and are cleared with one command."""
        trials = (await self._players.admin(PARK)).trials
        await trials.start()
        draft = await self._judge.find.draft(self._search(GUSU))
        assert draft.receipt is not None, "a draft has one"
        ledger = self._sheet(
            "试录台账.xlsx", [outside_row("试录1", self._began)], SEALER, "outside", "import"
        )
        self._expect(self._players.terminal(SEALER, "outside", "import", ledger), 0)
        left = await trials.get()
        require((left.drafts, left.outside_matters) == (1, 1), left)
        self._expect(self._players.admin_terminal(PARK, "trial", "clear", "--yes"), 0)
        rows = [row async for row in self._judge.instructions.list()]
        require(draft.receipt.instruction_id not in {row.instruction_id for row in rows}, rows)
        say(
            "一、试运行",
            f"练习起草 {draft.receipt.matter_number}、登记台账一件；结束时一键清除，不留痕迹于正式数据",
        )

    async def channels_are_published(self) -> None:
        """The intermediate court says what does not go by the platform; nodes hear of it with the rosters."""
        channels = self._players.client(HUB_DIRECTOR).channels
        rule = ChannelRule(kind="FIND", receiver=HUQIU, channel="NATIONAL_SYSTEM")
        seen = (await channels.policy()).version
        policy = await channels.set_policy((rule,), "演示：该院暂走全国系统", seen_version=seen)
        say("二、渠道规则", f"{HUB_DIRECTOR.name} 发布第 {policy.version} 版渠道规则，逐版留存")

    async def people_and_roster_are_brought(self) -> None:
        """A wrong cell is named and nothing is imported; then all are, with first passwords in a file."""
        secrets = self._folder / "初始密码.csv"
        people = [
            {"姓名": "演示甲", "登录名": "jia", "岗位": Role.JUDGE.zh, "电话": "0512-00000041"},
            {"姓名": "演示乙", "登录名": "yi", "岗位": "值班", "电话": "0512-00000042"},
        ]
        sheet = self._sheet("名单.xlsx", people, None, "staff", "import")
        told = self._problems(self._players.admin_terminal(PARK, "staff", "import", sheet, "--json"))
        people[1]["岗位"] = Role.DUTY_OFFICER.zh
        fill(sheet, people)
        self._expect(self._players.admin_terminal(PARK, "staff", "import", sheet, "--passwords", secrets), 0)
        found = {account.login for account in await (await self._players.admin(PARK)).accounts.list()}
        require({"jia", "yi"} <= found, found)
        say(
            "三、人员和值班表",
            f"名单有误时逐格指出：{told}；改正后导入 {len(people)} 人，初始密码只写入文件一次",
        )
        today = self._players.today()
        duties = [
            {"日期": str(today + timedelta(days=day)), "值班人": "演示乙", "值班电话": "0512-00000042"}
            for day in range(7)
        ]
        roster = self._sheet("值班表.xlsx", duties, SEALER, "roster", "import")
        self._expect(self._players.terminal(SEALER, "roster", "import", roster), 0)
        duty = await eventually(self._on_duty, "姑苏法院应看到园区法院的值班表")
        say("", f"值班表一周，姑苏法院已能看到：{duty.name}，{duty.phone}")

    async def open_matters_are_taken_over(self) -> None:
        """补录: what is open today, with its real dates."""
        rows = [outside_row(f"委{self._began.year}-{number}", self._began) for number in (1, 2, 3)]
        ledger = self._sheet("未结台账.xlsx", rows, SEALER, "outside", "import")
        self._expect(self._players.terminal(SEALER, "outside", "import", ledger, "--backfill"), 0)
        again = self._players.terminal(SEALER, "outside", "import", ledger, "--backfill")
        self._expect(again, 0)
        office = self._players.client(SEALER)
        found = [each async for each in office.outside.list("NATIONAL_SYSTEM", open_only=True)]
        require(len(found) == len(rows) and all(each.backfilled for each in found), found)
        await office.outside.step(found[0].outside_id, "REPORTED", str(self._players.today()), "已收到反馈")
        say("四、未结事项补录", f"{len(rows)} 件按原日期登记，同一台账再导入一次没有重复；其中一件登记了进展")

    async def another_channel_is_prescribed(self) -> None:
        """What does not go by the platform is refused when it is drafted, and the way is told."""
        told = await refused(self._judge.find.draft(self._search(BEIJING)))
        say("五、渠道", f"向辖区以外发查人找物：{told}")
        await eventually(self._prescribed, "园区法院应收到渠道规则")
        told = await refused(self._judge.find.draft(self._search(HUQIU)))
        say("", f"向 {HUQIU} 发查人找物：{told}")

    async def a_batch_comes_from_a_sheet(self) -> None:
        """Three rows, two wrong cells: nothing is sent; corrected, all are drafted, approved and sent together."""
        paper = (PAPERS / "委托函.pdf").read_bytes()
        for name in DEPOSIT_PAPERS:
            (self._folder / f"{name}.pdf").write_bytes(paper + f"%{name}\n".encode())
        rows = [deposit_row(number, self._players.today() + YEAR) for number in (1, 2, 3)]
        wrong = [rows[0], rows[1] | {"金额": "一千"}, rows[2] | {"受托法院": "沪0199X"}]
        kind = ("import", "--kind", DEPOSIT)
        sheet = self._sheet("批量委托.xlsx", wrong, JUDGE, *kind)
        told = self._problems(self._players.terminal(JUDGE, *kind, sheet, "--json"))
        fill(sheet, rows)
        done = self._players.terminal(JUDGE, *kind, sheet, "--submit", "--json")
        self._expect(done, 0)
        results = json.loads(done.out)["results"]
        self.matters = [result["receipt"]["instruction_id"] for result in results]
        say("六、批量委托", f"表格有误时逐格指出，什么都不发送：{told}；改正后起草 {len(results)} 件并送审")
        await self._at_once(CHIEF, "APPROVE")
        await self._at_once(SEALER, "AFFIX_SEAL")
        for matter in self.matters:
            await self._players.until(DISPATCHER, matter, "AWAITING_SIGNATURE", settled=True)
        await self._at_once(DISPATCHER, "ASSIGN", self._players.account(SPECIALIST))
        for matter in self.matters:
            await self._players.until(JUDGE, matter, "IN_PROGRESS", settled=True)
        say("", f"{CHIEF.name} 批量审批，{SEALER.name} 批量签章推送，{DISPATCHER.name} 批量签收分派")

    async def the_books_are_printed(self) -> None:
        """台账 and 交办单 for the desk and the printer; one matter as a ZIP with field sheet and receipts."""
        today = str(self._players.today())
        period = Period(first_day=today, last_day=today)
        numbers = [await self._number(matter) for matter in self.matters]
        formats: tuple[SheetFormat, ...] = ("XLSX", "PDF")
        for form in formats:
            ledger = await self._players.client(DIRECTOR).ledgers.export(
                period, "SENT", "报送台账", sheet_format=form
            )
            handout = await self._players.client(GUSU_DIRECTOR).ledgers.handout("交办", sheet_format=form)
            for sheet in (ledger, handout):
                self._check_sheet(sheet, form, numbers)
        say("七、台账、交办单、导出", f"{ledger.name}、{handout.name} 各有 XLSX 和 PDF，本周事项均在其中")
        path = await self._judge.exports.matter(self.matters[0], self._folder, "重新录入其他系统")
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            field_sheet = archive.read("录入单.txt").decode("utf-8-sig")
            receipts = [name for name in names if name.endswith(".receipt")]
        require(PARK_CASE in field_sheet and len(receipts) > 0, names)
        say("", f"{path.name}：办理过程、文书、{len(receipts)} 份存证回执和录入单")

    async def everything_is_checked(self) -> None:
        """The timeline; copies; receipts."""
        say("八、办理轨迹与核验", "")
        timeline = await self._judge.instructions.timeline(self.matters[0])
        tell_timeline(timeline)
        count = 0
        for matter in self.matters:
            count += await self._players.check_copies(matter)
        await self._players.check_receipts(timeline)
        say("", f"{len(self.matters)} 件事项，三方所存 {count} 项记录逐字节一致，存证回执离线核验通过")

    # --- Sheets ------------------------------------------------------------------------------------------------------

    def _sheet(self, name: str, rows: list[dict[str, str]], who: Player | None, *command: str) -> Path:
        """Get the platform's template for a sheet, as *who* or as the administrator, and fill it in."""
        path = self._folder / name
        words: tuple[str | Path, ...] = (*command, "--template", path)
        self._expect(
            self._players.terminal(who, *words) if who else self._players.admin_terminal(PARK, *words), 0
        )
        fill(path, rows)
        return path

    def _check_sheet(self, sheet: SheetFile, form: SheetFormat, numbers: list[str]) -> None:
        path = self._folder / sheet.name
        path.write_bytes(sheet.content)
        if form == "PDF":
            require(sheet.content.startswith(b"%PDF"), sheet.name)
        else:
            text = words(path)
            require(all(number in text for number in numbers), (numbers, text))

    # --- Steps -------------------------------------------------------------------------------------------------------

    async def _at_once(self, player: Player, action: Action, assignee: str = "") -> None:
        results = await self._players.client(player).instructions.batch(
            action, self.matters, assignee_account_id=assignee, text="同意办理"
        )
        require(all(result.receipt is not None for result in results), results)

    async def _prescribed(self) -> bool:
        return (await self._judge.outside.check_channel("FIND", HUQIU)).channel == "NATIONAL_SYSTEM"

    async def _on_duty(self) -> Duty | None:
        duties = (await self._players.client(DISPATCHER).rosters.on_duty(PARK)).duties
        return next((duty for duty in duties if duty.court == PARK), None)

    async def _number(self, matter: str) -> str:
        summary = (await self._judge.instructions.get(matter)).summary
        return summary.matter_number if summary else ""

    def _search(self, receiver: str) -> FindOrder:
        return FindOrder(
            case_number=PARK_CASE,
            receiver=receiver,
            subject_numbers=(1,),
            items=SEARCH,
            request_text="请协助查找被执行人。",
            why_not_query="线索需现场核实",
        )

    def _problems(self, done: Done) -> str:
        """Expect that a sheet is refused; give what the user reads, cell by cell."""
        self._expect(done, 1)
        problems = json.loads(done.out)["problems"]
        return "；".join(f"第 {each['row']} 行“{each['column']}”{each['message']}" for each in problems)

    def _expect(self, done: Done, code: int) -> None:
        require(done.code == code, done)
