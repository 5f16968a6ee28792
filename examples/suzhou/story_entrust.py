"""事项委托: accounts frozen at a bank, a house sealed in waiting, sums kept to the fen, and everything released."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

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
from players import Players, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    AssistingBody,
    CaseSums,
    DelegationOrder,
    Deposit,
    Immovable,
    Item,
    ItemOutcome,
    Property,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import PaperType
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.terms import Outcome

BANK = AssistingBody(
    name="演示银行", branch="姑苏支行", category="银行", address="姑苏区演示路二号", phone="0512-00000031"
)
REGISTRY = AssistingBody(
    name="演示不动产登记中心", category="登记机关", address="姑苏区演示路三号", phone="0512-00000032"
)
YEAR, YEARS = timedelta(days=360), timedelta(days=1_080)
FIRST, SECOND, HOUSE = 5_000_000, 3_000_000, 4_500_000
"""In fen; together less than the 128,000 yuan that the case claims."""
_PAPERS: tuple[PaperType, ...] = ("ENTRUSTMENT_LETTER", "RULING", "WORK_CARD", "ENFORCEMENT_CARD")
_RELEASE_PAPERS: tuple[PaperType, ...] = (
    *("ENTRUSTMENT_LETTER", "RELEASE_RULING", "RELEASE_NOTICE", "ORIGINAL_PAPERS"),
    *("WORK_CARD", "ENFORCEMENT_CARD"),
)

CAST = (JUDGE, CHIEF, SEALER, DISPATCHER, SPECIALIST, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    await story.judge_delegates()
    await story.gusu_acts()
    await story.judge_looks_at_the_sums()
    await story.judge_releases()
    await story.everything_is_checked()


class Story:
    """Two matters of one 事项组, and the one that releases what they control."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self.bundle = new_instruction_id()
        self.freeze = new_instruction_id()
        self.seal = new_instruction_id()
        self.release = new_instruction_id()

    async def judge_delegates(self) -> None:
        """Two accounts at one bank, and a house; one 事项组."""
        freeze = self._order("ENTRUST_DEPOSIT", (_account(1, FIRST), _account(2, SECOND)))
        seal = self._order("ENTRUST_REGISTRABLE", (_house(),))
        await self._draft(self.freeze, freeze, (*_PAPERS, "FREEZE_NOTICE"))
        say(
            "一、园区法院委托控制财产",
            f"{JUDGE.name} 就 {PARK_CASE} 委托冻结两个账户、查封一套房屋，同属一个事项组",
        )
        await self._draft(self.seal, seal, (*_PAPERS, "ENFORCEMENT_NOTICE"))
        for matter in (self.freeze, self.seal):
            await send(self._players, matter, CHIEF)
            await assign(self._players, matter)
        say(
            "",
            f"{CHIEF.name} 审批，{SEALER.name} 核验签章并推送；{DISPATCHER.name} 签收并分派给 {SPECIALIST.name}",
        )

    async def gusu_acts(self) -> None:
        """One account holds enough, one is empty; the house is seized already, so the court waits in line."""
        empty = ItemOutcome(number=2, outcome="NOT_DONE", reason="NO_PROPERTY", note="账户余额为零，未予冻结")
        await self._complete(self.freeze, (_done(1, FIRST, YEAR), empty))
        waiting = replace(
            _done(1, 0, YEARS),
            act_done="WAITING_SEIZURE",
            rank_obtained="轮候第二顺位",
            occupation="被执行人自住",
            deviation="该房屋已由他院首封，登记机关按轮候登记",
        )
        await self._complete(self.seal, (waiting,))
        say(
            "二、姑苏法院办理",
            "一个账户足额冻结，一个余额为零；房屋已有首封，如实填报为轮候并写明不一致之处",
        )
        for matter in (self.freeze, self.seal):
            await self._players.until(JUDGE, matter, "REPORTED", settled=True)
            for outcome in (await self._players.client(JUDGE).instructions.get(matter)).outcomes:
                words = outcome.note or outcome.deviation or outcome.rank_obtained
                say("", f"办理项 {outcome.number}：{Outcome(outcome.outcome).zh}　{words}")

    async def judge_looks_at_the_sums(self) -> None:
        """To the fen; ordering more than is claimed needs a reason."""
        judge = self._players.client(JUDGE)
        sums = await judge.delegation.sums(PARK_CASE, self.bundle)
        require((sums.ordered_fen, sums.controlled_fen) == (FIRST + SECOND + HOUSE, FIRST), sums)
        say("三、金额", _words(sums))
        more = self._order("ENTRUST_DEPOSIT", (_account(1, SECOND), _account(2, SECOND)))
        draft = await judge.delegation.draft(more)
        require(any("超过申请标的及费用" in warning for warning in draft.warnings), draft)
        say("", f"再起草一件时提示：{draft.warnings[0]}，须填写理由")
        for matter in (self.freeze, self.seal):
            await judge.instructions.confirm(matter, "结果已收悉")

    async def judge_releases(self) -> None:
        """The debtor pays; the release is filled in from what was achieved."""
        judge = self._players.client(JUDGE)
        order = await judge.delegation.prepare_follow_up(self.freeze, "RELEASE")
        require(len(order.items) == 1, order)
        item = order.items[0]
        require(item.earlier is not None and item.amount_fen == FIRST, item)
        assert item.earlier is not None, "just required"
        earlier = replace(item.earlier, document="（2022）苏0591执1234号之一裁定书")
        order = replace(
            order, items=(replace(item, earlier=earlier),), request_text="被执行人已履行，请予解除。"
        )
        await self._draft(self.release, order, _RELEASE_PAPERS)
        await send(self._players, self.release, CHIEF)
        await assign(self._players, self.release)
        released = ItemOutcome(
            number=1,
            outcome="DONE",
            done_at=datetime.now(UTC),
            officers=(SPECIALIST.officer,),
            amount_obtained_fen=FIRST,
        )
        await self._complete(self.release, (released,))
        await self._players.until(JUDGE, self.release, "REPORTED", settled=True)
        await judge.instructions.confirm(self.release)
        sums = await judge.delegation.sums(PARK_CASE, self.bundle)
        require(sums.controlled_fen == 0, sums)
        say("四、解除", f"按原事项结果自动填好解除事项，姑苏法院办妥；{_words(sums)}")

    async def everything_is_checked(self) -> None:
        """The timeline; three copies against each other; receipts offline."""
        say("五、办理轨迹与核验", "")
        count = 0
        for matter in (self.freeze, self.seal, self.release):
            for player in (JUDGE, DISPATCHER):
                await self._players.until(player, matter, "CONFIRMED", settled=True)
            count += await self._players.check_copies(matter)
        timeline = await self._players.client(JUDGE).instructions.timeline(self.freeze)
        tell_timeline(timeline)
        await self._players.check_receipts(timeline)
        say("", f"三件事项，三方所存 {count} 项记录逐字节一致，存证回执离线核验通过")

    def _order(self, kind: str, items: tuple[Item, ...]) -> DelegationOrder:
        return DelegationOrder(
            kind=kind,
            case_number=PARK_CASE,
            receiver=GUSU,
            subject_numbers=(1,),
            items=items,
            request_text="请协助控制被执行人财产。",
            bundle_id=self.bundle,
        )

    async def _draft(self, matter: str, order: DelegationOrder, papers: tuple[PaperType, ...]) -> None:
        documents = await self._players.papers(JUDGE, matter, *papers)
        draft = await self._players.client(JUDGE).delegation.draft(
            replace(order, documents=documents), matter
        )
        require(not draft.missing_papers and not draft.warnings, draft)

    async def _complete(self, matter: str, outcomes: tuple[ItemOutcome, ...]) -> None:
        receipt = await self._players.papers(SPECIALIST, matter, "ASSISTING_BODY_RECEIPT")
        specialist = self._players.client(SPECIALIST)
        await specialist.delegation.complete(matter, "已按委托办理，回执附后", outcomes, receipt)


def _account(number: int, fen: int) -> Item:
    deposit = Deposit(
        bank="演示银行", branch="姑苏支行", account=f"620000000000000000{number}", currency="CNY"
    )
    return Item(
        number=number,
        act="FREEZE",
        subject_number=1,
        property=Property(category="BANK_DEPOSIT", description="活期存款账户", deposit=deposit),
        scope=f"冻结账户内存款 {fen // 100} 元，冻结一年",
        assisting_body=BANK,
        amount_fen=fen,
        expires_on=str(_today() + YEAR),
    )


def _house() -> Item:
    immovable = Immovable(certificate="演示权证第九号", location="姑苏区演示新村九幢")
    return Item(
        number=1,
        act="SEAL_PROPERTY",
        subject_number=1,
        property=Property(category="HOUSE", description="演示新村九幢房屋", immovable=immovable),
        scope="查封房屋一套，查封三年",
        assisting_body=REGISTRY,
        amount_fen=HOUSE,
        expires_on=str(_today() + YEARS),
    )


def _done(number: int, fen: int, period: timedelta) -> ItemOutcome:
    return ItemOutcome(
        number=number,
        outcome="DONE",
        done_at=datetime.now(UTC),
        officers=(SPECIALIST.officer,),
        amount_obtained_fen=fen,
        rank_obtained="首封",
        starts_on=str(_today()),
        expires_on=str(_today() + period),
    )


def _today() -> date:
    return datetime.now(SHANGHAI).date()


def _words(sums: CaseSums) -> str:
    return f"已委托 {sums.ordered_fen / 100:,.2f} 元，已控制 {sums.controlled_fen / 100:,.2f} 元"
