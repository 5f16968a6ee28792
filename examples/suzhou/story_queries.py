"""登记查询和外勤: all registries at one click, seals made by registries, a person seen, one round for two matters."""

from datetime import timedelta

from acts import FOUND, SEARCH, assign, deliver_search, send
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
from players import Players, ask, eventually, refused, require
from telling import say

from xiezhi_client.sdk import (
    AssistingBody,
    DelegationOrder,
    FieldReport,
    Immovable,
    Instruction,
    Item,
    ItemOutcome,
    Officer,
    Property,
    RegistryAnswer,
    Vehicle,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import PaperType
from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.registries import shipped_categories
from xiezhi_domain.terms import AnswerState, ControlAction, Outcome

REGISTRY = AssistingBody(
    name="演示登记中心", category="登记机关", address="姑苏区演示路三号", phone="0512-00000032"
)
CAR = Property(
    category="VEHICLE",
    description="小型轿车一辆",
    vehicle=Vehicle(
        plate="演示A00000", plate_kind="小型汽车", vin="XXX00000000000001", registry="演示车辆管理所"
    ),
)
HOUSE = Property(
    category="HOUSE",
    description="演示新村九幢房屋",
    immovable=Immovable(certificate="演示权证1号", location="苏州市姑苏区演示新村九幢"),
)
ASK = Item(
    number=3,
    act="QUERY",
    subject_number=1,
    scope="查询本地登记",
    clue="户籍在姑苏区",
    assisting_body=REGISTRY,
)
SEAL_PAPERS: tuple[PaperType, ...] = (
    *("ENTRUSTMENT_LETTER", "RULING", "ENFORCEMENT_NOTICE", "WORK_CARD", "ENFORCEMENT_CARD"),
)

CAST = (JUDGE, CHIEF, SEALER, DISPATCHER, SPECIALIST, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    ask("open_registry", court=GUSU)
    story = Story(players)
    await story.matters_arrive()
    await story.one_click()
    await story.nobody_else_is_asked_about()
    await story.registries_seal()
    await story.a_person_is_seen()
    await story.one_round_for_two_matters()
    await story.everything_is_checked()


class Story:
    """Two searches and a delegation, all worked on by one specialist."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._specialist = players.client(SPECIALIST)
        self.search = self.other = ""
        self.seal = new_instruction_id()

    async def matters_arrive(self) -> None:
        """Two searches, one of them with a query; a car and a house to be sealed."""
        papers: tuple[PaperType, ...] = ("ENTRUSTMENT_LETTER", "QUERY_NOTICE")
        players = self._players
        self.search = await deliver_search(
            players, papers=papers, items=(*SEARCH, ASK), subject_numbers=(1, 2)
        )
        self.other = await deliver_search(players)
        await self._draft_seal()
        for matter in (self.search, self.other, self.seal):
            await assign(players, matter)
            await players.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)
        say("一、事项到达姑苏法院", f"三件事项均分派给 {SPECIALIST.name}；姑苏法院已接入登记机构")

    async def _draft_seal(self) -> None:
        judge = self._players.client(JUDGE)
        until = (self._players.now() + timedelta(days=700)).astimezone(SHANGHAI).date().isoformat()
        order = DelegationOrder(
            kind="ENTRUST_REGISTRABLE",
            case_number=PARK_CASE,
            receiver=GUSU,
            subject_numbers=(1,),
            items=tuple(_seal(number, what, until) for number, what in ((1, CAR), (2, HOUSE))),
            documents=await self._players.papers(JUDGE, self.seal, *SEAL_PAPERS),
            request_text="请协助查封。",
        )
        draft = await judge.delegation.draft(order, self.seal)
        require(not draft.missing_papers, draft)
        await send(self._players, self.seal, CHIEF)

    async def one_click(self) -> None:
        """Thirteen categories arrive one after another; one is down, one refuses; the rest is reported."""
        say("二、一键查询", f"{SPECIALIST.name} 查询被执行人的全部登记")
        query_id, answers = "", {}
        async for told in self._specialist.queries.run(self.search, ASK.number, purpose="核实财产"):
            query_id = told.query.query_id if told.query else query_id
            new = told.query.answers if told.query else (told.answer,) if told.answer else ()
            for answer in new:
                answers[answer.category] = answer
                if answer.state != AnswerState.ASKED:
                    say("", _line(answer))
        require(answers.keys() == shipped_categories().keys(), answers)
        states = {category: answer.state for category, answer in answers.items()}
        require((states["TAX"], states["INSURANCE"]) == ("AWAY", "REFUSED"), states)
        await self._specialist.queries.report(query_id)
        seen = await self._outcome(self.search, ASK.number)
        require(len(seen.findings) > 1, seen)
        say("", f"查明的 {len(seen.findings)} 项财产已填报为办理项 {ASK.number} 的进展，园区法院同步可见")

    async def nobody_else_is_asked_about(self) -> None:
        """The applicant is no obligor."""

        async def ask_about_the_bank() -> None:
            async for _ in self._specialist.queries.run(self.search, ASK.number, subject_number=2):
                pass

        said = await refused(ask_about_the_bank())
        require("第1–7条" in said, said)
        say("三、查询其他人被拒绝", said)

    async def registries_seal(self) -> None:
        """The car first, the house behind another court; pressed twice, done once."""
        car = await self._specialist.queries.control(self.seal, 1)
        again = await self._specialist.queries.control(self.seal, 1)
        require(car.act == again.act, (car, again))
        await self._specialist.queries.control(self.seal, 2)
        say("四、登记机构办理查封", "依据平台已受理的委托，同一办理项只办一次")
        for number in (1, 2):
            outcome = await self._outcome(self.seal, number)
            word = Outcome(outcome.outcome).zh if outcome.outcome else "待补充占用情况"
            words = f"{outcome.rank_obtained}，至 {outcome.expires_on}，{outcome.note}"
            say("", f"办理项 {number}：{word}　{words}")
        require("轮候" in (await self._outcome(self.seal, 2)).rank_obtained, "轮候")

    async def a_person_is_seen(self) -> None:
        """The railway police tells where the debtor was seen, twice; the court hears it once."""
        watched = await self._specialist.queries.control(self.search, 1)
        require(watched.act is not None and watched.act.action == "WATCH", watched)
        hits = self._specialist.queries.hits(0, self.search)
        async for told in hits:
            require(told.hit is not None and told.item_number == 1, told)
            assert told.hit is not None, "just required"
            say("五、布控命中", f"{ControlAction.WATCH.zh}后收到提示：{told.hit.place}，{told.hit.text}")
            break
        await hits.aclose()

    async def one_round_for_two_matters(self) -> None:
        """Visits of both searches on one sheet; the results go back to their matters."""
        waiting = await self._specialist.fieldwork.waiting()
        require({visit.instruction_id for visit in waiting} == {self.search, self.other}, waiting)
        officers = (SPECIALIST.officer, Officer(name="周执行员"))
        day = self._players.now().astimezone(SHANGHAI).date().isoformat()
        sheet = await self._specialist.fieldwork.make(day, officers, note="九点在法院门口集合")
        file = await self._specialist.fieldwork.export(sheet.sheet_id, "外勤", "XLSX")
        (self._players.folder / file.name).write_bytes(file.content)
        say(
            "六、一张外勤任务单", f"两件事项的 {sheet.visit_count} 个办理项按区域和路线排列，导出 {file.name}"
        )
        reports = [
            FieldReport(instruction_id=each, outcomes=FOUND, text="已到场")
            for each in (self.search, self.other)
        ]
        told = await self._specialist.fieldwork.report(sheet.sheet_id, reports)
        require(all(result.receipt for result in told.results), told)
        again = await self._specialist.fieldwork.report(sheet.sheet_id, reports)
        require(not any(result.receipt for result in again.results), again)
        say("", "结果拆回两件事项，每个办理项只填报一次；再报一次被拒绝")

    async def everything_is_checked(self) -> None:
        """Three copies of each matter are equal; every receipt holds."""
        events = 0
        for matter in (self.search, self.other, self.seal):
            await self._settled(matter)
            events += await self._players.check_copies(matter)
            timeline = await self._players.client(JUDGE).instructions.timeline(matter)
            await self._players.check_receipts(timeline)
        say("七、核验", f"三件事项 {events} 个步骤，三方所存逐字节一致，存证回执离线核验通过")

    async def _settled(self, matter: str) -> None:
        for player in (SPECIALIST, JUDGE):
            await self._players.until(player, matter, "IN_PROGRESS", settled=True)

    async def _outcome(self, matter: str, number: int) -> ItemOutcome:
        """Return what the judge is told about an item, once he is."""

        async def look() -> ItemOutcome | None:
            seen: Instruction = await self._players.client(JUDGE).instructions.get(matter)
            return next((each for each in seen.outcomes if each.number == number), None)

        return await eventually(look, f"园区法院应看到办理项 {number} 的结果")


def _seal(number: int, what: Property, until: str) -> Item:
    return Item(
        number=number,
        act="SEAL_PROPERTY",
        subject_number=1,
        property=what,
        scope=f"查封{what.description}",
        assisting_body=REGISTRY,
        amount_fen=1_000_000,
        expires_on=until,
    )


def _line(answer: RegistryAnswer) -> str:
    found = "；".join(
        record.property.description
        if record.property
        else "，".join(f"{fact.label} {fact.value}" for fact in record.facts)
        for record in answer.records
    )
    problem = f"　{answer.problem}" if answer.problem else ""
    return f"【{answer.name}】{AnswerState(answer.state).zh}{problem}　{found}".rstrip()
