"""处置权移交: a court that waits asks, the first court is silent, the superior decides twice, every fen is told.

By the rule of Jiangsu: 5 days to answer, then a report with the proof of arrival, and a decision that binds.
"""

from datetime import timedelta
from functools import partial

from cast import (
    CHIEF,
    DISPATCHER,
    GUSU_CASE,
    GUSU_JUDGE,
    HUB_CHIEF,
    JUDGE,
    PARK_CASE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    Player,
)
from courts import GUSU, PARK
from players import Players, refused, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    ClaimShare,
    DecisionOrder,
    FirstClaim,
    GroundDate,
    HandoverOrder,
    HandoverRecord,
    HandoverSeizure,
    Property,
    new_instruction_id,
)

CAST = (JUDGE, CHIEF, SEALER, DISPATCHER, SPECIALIST, GUSU_JUDGE, SUPERVISOR, HUB_CHIEF)
DISPOSED, COSTS, BANK_SHARE, RESERVED = 156_800_001, 1_280_000, 125_000_00, 80_000_00
REMAINDER = DISPOSED - COSTS - BANK_SHARE - RESERVED
"""In fen: an odd fen is left over, and is accounted for."""


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    await story.a_test_that_fails_is_named()
    await story.the_first_court_is_silent()
    await story.the_superior_sets_a_limit()
    await story.the_asking_court_is_designated()
    await story.a_renewal_is_due_first()
    await story.sold_and_distributed()
    await story.the_first_court_is_told()
    await story.everybody_sees_the_same()


class Story:
    """One flat, seized by Gusu first, for which the Industrial Park court waits."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._judge = players.client(JUDGE).handovers
        self._first = players.client(GUSU_JUDGE).handovers
        self.matter = new_instruction_id()

    def _day(self, days: int = 0) -> str:
        return str(self._players.today() + timedelta(days))

    async def a_test_that_fails_is_named(self) -> None:
        """Drafted with a first seizure too young, refused with the article; then as it is."""
        documents = await self._players.papers(JUDGE, self.matter, "HANDOVER_REQUEST", "ENFORCEMENT_BASIS")
        draft = await self._judge.draft(self._order(seized=-30), self.matter)
        require(any("60日" in warning and "依据" in warning for warning in draft.warnings), draft)
        said = next(warning for warning in draft.warnings if "60日" in warning)
        draft = await self._judge.draft(self._order(seized=-200, documents=documents), self.matter)
        require(not draft.warnings and not draft.missing_papers, draft)
        await self._players.client(JUDGE).instructions.submit(self.matter)
        await self._players.client(CHIEF).instructions.approve(self.matter, "同意商请")
        await self._players.client(SEALER).instructions.affix_seal(self.matter)
        for player in (DISPATCHER, JUDGE):
            await self._players.until(player, self.matter, "AWAITING_SIGNATURE", settled=True)
        say("一、商请移送", f"首封未满期限时拟稿提示：{said}；核实后发出商请移送执行函，已到达姑苏法院")

    def _order(self, seized: int, **more: object) -> HandoverOrder:
        checked = self._day()
        values: dict[str, object] = {
            "case_number": PARK_CASE,
            "receiver": GUSU,
            "subject_numbers": (1,),
            "property": Property(
                category="HOUSE", description="演示新村九幢 101 室", place="姑苏区演示路一号"
            ),
            "basis": "JIANGSU_WAITING",
            "dates": tuple(
                GroundDate(code=code, day=checked)
                for code in ("ENFORCEMENT_BEGUN", "NO_AUCTION_NOTICE", "SURPLUS_LEFT")
            ),
            "seizures": (
                HandoverSeizure(
                    court=GUSU,
                    purpose="PRESERVATION",
                    seized_on=self._day(seized),
                    expires_on=self._day(60),
                    case_number=GUSU_CASE,
                ),
                HandoverSeizure(
                    court=PARK, purpose="ENFORCEMENT", seized_on=self._day(-20), case_number=PARK_CASE
                ),
            ),
            "claim_fen": BANK_SHARE,
            "effective_document": "（2021）苏0591民初4321号民事判决书",
            "request_text": "首封法院长期未处置，本院为轮候查封执行法院，请移送处置权。",
        }
        return HandoverOrder(**{**values, **more})  # type: ignore[arg-type]  # fields of the record

    async def the_first_court_is_silent(self) -> None:
        """Too early it is refused; after five days silence is reported, with the proof of arrival."""
        early = await refused(self._judge.report_up(self.matter, text="未答复"))
        seen = await self._judge.get(self.matter)
        arrival = seen.record.arrival if seen.record else None
        require(arrival is not None and bool(arrival.event_id), seen)
        assert arrival is not None, "just required"
        await self._players.pass_time(timedelta(days=14))
        await self._judge.report_up(self.matter, text="首封法院逾期未答复，报请决定")
        for player in (JUDGE, DISPATCHER):
            await self._players.until(player, self.matter, "AWAITING_DECISION", settled=True)
        say(
            "二、逾期未复，报请共同上级",
            f"期间未满时报请被拒绝：{early}；"
            f"答复期限 {arrival.answer_until}，到达证明为日志第 {arrival.log_index} 项",
        )

    async def the_superior_sets_a_limit(self) -> None:
        """One drafts, another approves; the first court lets this time go by too."""
        receipt = await self._decide("DEADLINE", "首封案件尚在审理，限期处置", until_on=self._day(20))
        await self._players.until(DISPATCHER, self.matter, "DISPOSAL_ORDERED", settled=True)
        early = await refused(self._decide("DESIGNATE", "逾期仍未处置"))
        say("三、决定限期处置", f"{receipt}：中院决定限期处置；限期内改为指定被拒绝：{early}")
        [waiting] = await self._players.client(SUPERVISOR).decisions.drafts(waiting_only=True)
        await self._players.client(HUB_CHIEF).decisions.reject(waiting.draft_id, "限期未满")
        await self._players.pass_time(timedelta(days=38))

    async def _decide(self, decision: str, ground: str, until_on: str = "") -> str:
        order = DecisionOrder.from_plain(
            {"instruction_id": self.matter, "decision": decision, "ground": ground, "until_on": until_on}
        )
        draft = await self._players.client(SUPERVISOR).decisions.draft(order)
        receipt = await self._players.client(HUB_CHIEF).decisions.approve(
            draft.draft_id, "同意下发", seen=draft.content_hash
        )
        return receipt.matter_number

    async def the_asking_court_is_designated(self) -> None:
        """The limit was ignored; the decision binds."""
        await self._decide("DESIGNATE", "首封法院逾期未处置，指定园区法院处置")
        await self._players.until(GUSU_JUDGE, self.matter, "HANDOVER_DUE", settled=True)
        say("四、限期未处置，决定指定执行", "姑苏法院须移送，不得退回或者拒绝")

    async def a_renewal_is_due_first(self) -> None:
        """Little is left of the first seizure: it is renewed, then handed over with all seizures."""
        letter = await self._players.papers(GUSU_JUDGE, self.matter, "HANDOVER_LETTER")
        claim = FirstClaim(case_number=GUSU_CASE, stage="审理", amount_fen=RESERVED)
        told = await refused(self._first.hand_over(self.matter, claim, documents=letter))
        await self._first.renew_seizure(self.matter, 1, self._day(), self._day(1_000))
        before = await self._ranks(GUSU_JUDGE)
        await self._first.hand_over(self.matter, claim, documents=letter)
        await self._first.tell_parties(self.matter, self._day(), text="已书面告知双方当事人")
        await self._players.until(JUDGE, self.matter, "HANDED_OVER", settled=True)
        require(before == await self._ranks(JUDGE), before)
        say("五、先续封，再移送", f"直接移送被拒绝：{told}；续封后移送，顺位不变：{before}")

    async def _ranks(self, player: Player) -> dict[int, int]:
        record = (await self._players.client(player).handovers.get(self.matter)).record or HandoverRecord()
        return {each.seizure.number: each.rank for each in record.register if each.seizure}

    async def sold_and_distributed(self) -> None:
        """Registered, sold; a distribution that loses a fen is refused, one with the reserve is not."""
        today = self._day()
        await self._judge.report_registry(self.matter, today, text="已办理变更登记")
        await self._judge.report_disposal(self.matter, "AUCTION", DISPOSED, today)
        shares = (ClaimShare(number=1, amount_fen=BANK_SHARE, claimant="演示银行信用卡中心"),)
        distribute = partial(
            self._judge.distribute,
            self.matter,
            shares,
            today,
            disposed_fen=DISPOSED,
            costs_fen=COSTS,
            reserved_fen=RESERVED,
        )
        lost = await refused(distribute(remainder_fen=REMAINDER - 1))
        await distribute(remainder_fen=REMAINDER)
        await self._players.until(GUSU_JUDGE, self.matter, "DISTRIBUTED", settled=True)
        say("六、登记、拍卖、分配", f"少一分被拒绝：{lost}；首封债权未经确认，预留份额 {RESERVED} 分")

    async def the_first_court_is_told(self) -> None:
        """The matter ends; later a judgment decides on the reserve."""
        today = self._day()
        text = "处置和分配结果如所附"
        await self._judge.tell_first_court(self.matter, today, today, text=text)
        await self._players.until(GUSU_JUDGE, self.matter, "CLOSED", settled=True)
        await self._judge.release_reserve(
            self.matter, RESERVED - 1, 1, today, text="（2026）苏0508民初1号民事判决书"
        )
        await self._players.until_step(GUSU_JUDGE, self.matter, "ReserveReleased")
        say("七、告知首封法院，归结", "判决确认首封债权后，预留份额一分不差地处理完毕")

    async def everybody_sees_the_same(self) -> None:
        """Both courts and the hub fold the same register and the same money."""
        asking = (await self._judge.get(self.matter)).record or HandoverRecord()
        first = (await self._first.get(self.matter)).record or HandoverRecord()
        superior = await self._players.client(SUPERVISOR).decisions.record(self.matter)
        require(asking.proceeds == first.proceeds, (asking, first))
        require(asking.register == first.register, (asking, first))
        ranks = [(each.rank, each.expires_on, each.lifted_on) for each in superior.register]
        require(ranks == [(each.rank, each.expires_on, each.lifted_on) for each in first.register], ranks)
        require(asking.proceeds is not None and asking.proceeds.held_fen == 0, asking)
        say("八、登记簿一致", "两院与中院由同一事件各自折算，登记簿与款项一致")
        timeline = await self._players.client(JUDGE).instructions.timeline(self.matter)
        tell_timeline(timeline)
        count = await self._players.check_copies(self.matter)
        await self._players.check_receipts(timeline)
        say("", f"{count} 项记录在各方逐字节一致，存证回执离线核验通过")
