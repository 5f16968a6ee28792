"""委托执行: refused within the province; by an example overlay a case goes over, its seizure keeps its rank."""

import asyncio
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from acts import assign, send
from cast import (
    CHIEF,
    DISPATCHER,
    JUDGE,
    PARK_CASE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
)
from courts import GUSU
from players import Players, eventually, refused, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    CaseDelegationOrder,
    CaseFiling,
    DatedDocument,
    HandedSeizure,
    Investigation,
    Property,
    PublishedRulebook,
    SeizureRenewal,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import PaperType
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.rulebook.document import split_documents

_ENCLOSURES: tuple[PaperType, ...] = (
    "CASE_DELEGATION_LETTER",
    "ENFORCEMENT_APPLICATION",
    "CASE_DELEGATION_APPROVAL",
    "ENFORCEMENT_BASIS",
    "CASE_SITUATION",
    "APPLICANT_CONTACT",
    "DEBTOR_IDENTITY",
    "OFFICER_CONTACT",
)
_OVERLAY = Path(__file__).parent / "rulebook" / "within_province.toml"
_PROVINCE = 'province = "苏"'
_NEW_CASE = "（2026）苏0508执9999号"
_RECOVERED, _BALANCE = 300_000, 12_500_000
_RANK = 2

CAST = (JUDGE, CHIEF, SEALER, DISPATCHER, SPECIALIST, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    await _Delegation(players).play()


class _Delegation:
    """One case on its way from Park to Gusu."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._judge = players.client(JUDGE)
        self._gusu = players.client(SPECIALIST).case_delegation
        self._today = players.today()
        self._matter = new_instruction_id()

    async def play(self) -> None:
        """Refused, allowed by an overlay, sent, filed, worked on, closed."""
        order = await self._order()
        told = await refused(self._judge.case_delegation.draft(order, self._matter))
        say("一、省内委托被拒绝", told)
        before = self._province_rules()
        rulebook = await self._publish(before + _OVERLAY.read_text("utf-8").replace(_PROVINCE, ""))
        say("", f"中院发布允许省内委托的演示规则（规则库 {rulebook.version}），用于新事项")
        await self._send(order)
        await self._file()
        await self._work()
        await self._close()
        await self._publish(before)
        say("", "演示规则撤回，已发出的事项仍适用原规则库")

    async def _order(self) -> CaseDelegationOrder:
        documents = await self._players.papers(JUDGE, self._matter, *_ENCLOSURES)
        house = Property(category="HOUSE", description="演示新村九幢房屋", place="苏州市姑苏区演示路一号")
        seizure = HandedSeizure(
            number=1,
            property=house,
            rank=_RANK,
            seized_on=self._day(-300),
            expires_on=self._day(20),
            document_number="（2022）苏0591执1234号之一",
        )
        return CaseDelegationOrder(
            case_number=PARK_CASE,
            receiver=GUSU,
            subject_numbers=(1, 2),
            investigation=Investigation(
                queried_on=self._day(0), result="园区无可供执行财产，房屋在姑苏区", none_here=True
            ),
            properties=(house,),
            seizures=(seizure,),
            recovered_fen=_RECOVERED,
            documents=documents,
            request_text="请依法立案执行。",
        )

    async def _send(self, order: CaseDelegationOrder) -> None:
        """A seizure with under a month left is renewed first; then the case goes over with its eight enclosures."""
        say(
            "二、查封剩余不足一个月",
            await refused(self._judge.case_delegation.draft(order, self._matter)),
        )
        renewed = replace(order.seizures[0], expires_on=self._day(1_000))
        lacking = replace(order, seizures=(renewed,), documents=order.documents[1:])
        draft = await self._judge.case_delegation.draft(lacking, self._matter)
        require([each.paper_type for each in draft.missing_papers] == ["CASE_DELEGATION_LETTER"], draft)
        say("", f"园区法院先行续封；缺文书时指出：{draft.missing_papers[0].reason}")
        whole = replace(order, seizures=(renewed,))
        draft = await self._judge.case_delegation.draft(whole, self._matter)
        require(not draft.missing_papers and draft.balance_fen == _BALANCE, draft)
        await send(self._players, self._matter, CHIEF)
        say("", f"余额 {draft.balance_fen // 100:,} 元，{CHIEF.name} 审批后连同八项材料推送")

    async def _file(self) -> None:
        """Gusu files; Park's case ends, and the applicant is told."""
        await assign(self._players, self._matter)
        notice = await self._players.papers(SPECIALIST, self._matter, "FILING_NOTICE")
        filing = CaseFiling(case_number=_NEW_CASE, filed_on=self._day(0), officer=SPECIALIST.officer)
        wrong = replace(filing, amount_fen=12_800_000)
        told = await refused(self._gusu.file_case(self._matter, wrong, notice))
        say("三、姑苏法院立案", f"标的填错被拒绝：{told}")
        await self._gusu.file_case(self._matter, filing, notice, "已立案")
        await self._players.until(JUDGE, self._matter, "CASE_FILED", settled=True)
        park = self._judge.case_delegation
        await park.record_cancellation(self._matter, self._day(0))
        await park.tell_applicant(self._matter, self._day(0), "电话告知新案号和承办人")
        report = DatedDocument(number="苏园法执报〔2026〕1号", dated_on=self._day(0))
        await park.report_for_record(self._matter, report)
        say("", f"立案通知书写明 {_NEW_CASE} 和承办人；园区法院原案销案，告知申请执行人，层报高院备案")

    async def _work(self) -> None:
        """The seizure counts as Gusu's, its rank kept; new property is told, that of a third area dealt with there."""
        car = Property(category="VEHICLE", description="演示货车一辆", place="苏州市姑苏区演示停车场")
        await self._judge.case_delegation.tell_property(self._matter, [car], "申请执行人提供线索")
        far = replace(car, place="演示省演示市")
        await self._gusu.note_property_elsewhere(self._matter, "DIRECT", [far], "直接异地查封")
        renewal = SeizureRenewal(number=1, expires_on=self._day(1_090), document_number=f"{_NEW_CASE}之一")
        await self._gusu.continue_seizures(self._matter, [renewal])
        _, _, account = await self._gusu.get(self._matter, purpose="核对移交的查封")
        (standing,) = account.seizures
        require(standing.handed is not None and standing.handed.rank == _RANK, account)
        require((account.holder, standing.court, standing.renewals) == (GUSU, GUSU, 1), account)
        say("四、查封随案移交", f"视为姑苏法院的查封，顺位 {_RANK} 不变，接续至 {standing.expires_on}")

    async def _close(self) -> None:
        paper = await self._players.papers(SPECIALIST, self._matter, "CASE_CLOSING")
        await self._gusu.close_case(
            self._matter, "FULLY_ENFORCED", self._day(0), "全部执行到位", paper, _BALANCE
        )
        for player in (JUDGE, DISPATCHER):
            await self._players.until(player, self._matter, "CASE_CLOSED", settled=True)
        say("五、办理轨迹与核验", "")
        timeline = await self._judge.instructions.timeline(self._matter)
        tell_timeline(timeline)
        count = await self._players.check_copies(self._matter)
        await self._players.check_receipts(timeline)
        say("", f"三方所存 {count} 项记录逐字节一致，存证回执离线核验通过")

    def _day(self, days: int) -> str:
        return str(self._today + timedelta(days=days))

    def _province_rules(self) -> str:
        """The province's overlay as it ships: what is published for an area takes the place of all of its own."""
        documents = split_documents(shipped_rulebook().content)
        texts = [text for _, text in documents if tomllib.loads(text).get("province") == "苏"]
        return texts[0] if texts else f"{_PROVINCE}\n"

    async def _publish(self, overlay: str) -> PublishedRulebook:
        known = (await self._judge.directory.rulebooks())[0]
        file = self._players.folder / "苏.toml"
        file.write_text(overlay, "utf-8")
        command = ("rulebook", "publish", file, "--from", self._day(0), "--yes")
        done = await asyncio.to_thread(self._players.admin_terminal, "hub", *command)
        require(done.code == 0, done)

        async def look() -> PublishedRulebook | None:
            last = (await self._judge.directory.rulebooks())[0]
            return last if last.hash != known.hash else None

        return await eventually(look, f"{JUDGE.name} 处应有新的规则库")
