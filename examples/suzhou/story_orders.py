"""上级法院的决定: a case is elevated on request; the order binds, the open search goes over, and the balance too."""

from dataclasses import replace

from acts import search_under_way
from cast import (
    CHIEF,
    DIRECTOR,
    DISPATCHER,
    HUB_CHIEF,
    JUDGE,
    MIDDLE_DISPATCHER,
    PARK_CASE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
)
from courts import HUB, PARK
from players import Players, eventually, refused, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    CourtOrder,
    CourtRequest,
    FiledCaseOfOrder,
    Hearing,
    NewCaseFiling,
    OldCaseClosing,
    OrderedCase,
    StruckCase,
    new_instruction_id,
)
from xiezhi_domain.terms import EventKind, PaperType

CAST = (
    JUDGE,
    CHIEF,
    SEALER,
    DIRECTOR,
    DISPATCHER,
    SPECIALIST,
    MIDDLE_DISPATCHER,
    HUB_CHIEF,
    SUPERVISOR,
)
CLAIM_FEN, RECOVERED_FEN = 1_280_000_00, 80_000_01
BALANCE_FEN = CLAIM_FEN - RECOVERED_FEN
NEW_CASE = "（2026）苏05执77号"


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    await story.park_asks_for_elevation()
    await story.the_superior_hears_and_orders()
    await story.the_order_binds()
    await story.the_case_goes_over()
    await story.it_is_followed_up_to_the_end()
    await story.everything_is_checked()


class Story:
    """One case, the request for an order, and the order."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._superior = players.client(SUPERVISOR)
        self.search = ""
        self.request = ""
        self.order = ""

    async def park_asks_for_elevation(self) -> None:
        """An open search, and a case that Park cannot enforce alone: the bureau chief reports up."""
        self.search = await search_under_way(self._players)
        self.request = new_instruction_id()
        await self._players.client(CHIEF).own_requests.file(
            CourtRequest(
                kind="ORDER_REQUEST",
                subject="关于提请提级执行的报告",
                about="INTERFERENCE",
                order_kind="ORDER_ELEVATE",
                position="长期受到干扰，本院难以执行，请求提级执行",
                cases=(self._case(),),
                documents=await self._players.papers(CHIEF, self.request, "ORDER_REQUEST_REPORT"),
            ),
            self.request,
        )
        await eventually(self._reported, "中院应看到报请")
        say("一、报请", f"{CHIEF.name} 报请提级执行，附报请报告；中院平台收到")

    async def the_superior_hears_and_orders(self) -> None:
        """Taken on, heard with a record, drafted by one, approved by another; approval decides the request too."""
        desk = self._superior.request_desk
        await desk.accept(self.request)
        heard = new_instruction_id()
        record = await self._players.papers(SUPERVISOR, heard, "HEARING_RECORD")
        hearing = Hearing(held_on=str(self._players.today()), place="本院第三法庭", summary="双方均陈述意见")
        await desk.record_hearing(self.request, hearing, record, request_id=heard)
        draft_id = new_instruction_id()
        order = CourtOrder(
            kind="ORDER_ELEVATE",
            subject="关于提级执行的裁定",
            about="INTERFERENCE",
            requirement="原案销案并移送材料，由本院立案执行",
            ground="民事诉讼法第二百三十七条",
            cases=(self._case(),),
            new_court=HUB,
            request_ids=(self.request,),
        )
        draft = await self._superior.orders.draft(order, draft_id)
        require(any(PaperType.ORDER_RULING.zh in each for each in draft.lacking), draft)
        papers = await self._players.papers(SUPERVISOR, draft_id, "ORDER_RULING", "HEARING_RECORD")
        draft = await self._superior.orders.draft(replace(order, documents=papers, hearing=hearing), draft_id)
        require(not draft.lacking, draft)
        [receipt] = await self._players.client(HUB_CHIEF).orders.approve(
            draft_id, "同意提级执行", seen=draft.content_hash
        )
        self.order = receipt.instruction_id
        await self._players.until(SEALER, self.order, "ISSUED")
        await self._players.until(CHIEF, self.request, "DECIDED", settled=True)
        say(
            "二、听取意见、拟稿、审批、下发",
            f"{SUPERVISOR.name} 受理并听取意见，拟稿时提示尚缺执行裁定书；"
            f"{HUB_CHIEF.name} 审批下发 {receipt.matter_number}，报请同时办结",
        )

    async def the_order_binds(self) -> None:
        """It cannot be taken back from below; a difficulty is reported and answered, and suspends nothing."""
        why = await refused(self._players.client(DIRECTOR).instructions.withdraw(self.order, "不宜移送"))
        require("执行规定 第70条" in why, why)
        await self._players.client(SEALER).instructions.sign(self.order)
        received = self._players.client(JUDGE).received_orders
        await received.consult(self.order, "DIFFICULTY", "部分材料在审计单位，三日内取回")
        await eventually(self._asked, "中院应看到困难报告")
        await self._superior.orders.answer(self.order, "可先移送其余材料")
        await self._players.until_step(JUDGE, self.order, "ConsultationAnswered")
        await self._players.until(JUDGE, self.order, "SIGNED", settled=True)
        say("三、决定必须执行", f"撤回被拒绝：{why}；报告困难不影响执行，中院已批复")

    async def the_case_goes_over(self) -> None:
        """Struck off here, filed there for the balance to the fen; the open search goes over in one step."""
        closing = OldCaseClosing(cases=(StruckCase(case_number=PARK_CASE, balance_fen=BALANCE_FEN),))
        await self._players.client(JUDGE).received_orders.close_old_case(self.order, closing)
        await self._until_struck_off()
        moved = await self._superior.orders.move_matters(self.order, "随案移转")
        require(len(moved.moved) >= 1, moved)
        await self._players.until_step(DISPATCHER, self.search, "SenderTransferred")
        await self._players.until(MIDDLE_DISPATCHER, self.search, "IN_PROGRESS", settled=True)
        wrong = NewCaseFiling(cases=(self._filed(BALANCE_FEN + 1),))
        why = await refused(self._superior.orders.record_elevated_case(self.order, wrong))
        right = NewCaseFiling(cases=(self._filed(BALANCE_FEN),))
        await self._superior.orders.record_elevated_case(self.order, right)
        say(
            "四、销案、立案、随案移转",
            f"原案余额 {BALANCE_FEN} 分；多一分立案被拒绝：{why}；未结查人找物事项已转由中院，编号和历史不变",
        )

    async def it_is_followed_up_to_the_end(self) -> None:
        """A report of progress, the result, and the end: said by who decided."""
        await self._players.client(JUDGE).instructions.report_progress(self.order, "材料已全部移送")
        await self._players.client(CHIEF).received_orders.report(self.order, "DONE", "已销案并移送全部材料")
        await eventually(self._answered, "中院应看到结果报告")
        await self._superior.orders.close(self.order, "DONE", "已落实")
        await self._players.until(JUDGE, self.order, "CLOSED", settled=True)
        say("五、跟踪至归结", f"{CHIEF.name} {EventKind.ORDER_REPORTED.zh}，{SUPERVISOR.name} 归结")

    async def everything_is_checked(self) -> None:
        """Timelines; copies of all against each other; receipts offline."""
        say("六、办理轨迹与核验", "")
        timeline = await self._players.client(JUDGE).instructions.timeline(self.order)
        tell_timeline(timeline)
        count = await self._players.check_copies(self.order, JUDGE)
        count += await self._players.check_copies(self.request, CHIEF)
        await self._players.check_receipts(timeline, JUDGE)
        say("", f"决定和报请的 {count} 项记录在各方逐字节一致，存证回执离线核验通过")

    def _case(self) -> OrderedCase:
        return OrderedCase(
            court=PARK, case_number=PARK_CASE, claim_fen=CLAIM_FEN, recovered_fen=RECOVERED_FEN
        )

    def _filed(self, balance: int) -> FiledCaseOfOrder:
        return FiledCaseOfOrder(old_case_number=PARK_CASE, new_case_number=NEW_CASE, balance_fen=balance)

    async def _reported(self) -> bool:
        return self.request in {row.instruction_id async for row in self._superior.request_desk.list()}

    async def _asked(self) -> bool:
        return (await self._superior.orders.get(self.order, "跟踪落实情况")).courts[0].consultation_open

    async def _until_struck_off(self) -> None:
        async def look() -> bool:
            closing = (await self._superior.orders.get(self.order, "跟踪落实情况")).courts[0].closing
            return closing is not None and bool(closing.cases)

        await eventually(look, "中院应看到原案销案")

    async def _answered(self) -> bool:
        summary = (await self._superior.orders.get(self.order, "跟踪落实情况")).courts[0].summary
        return summary is not None and summary.state == "ANSWERED"
