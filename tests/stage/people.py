"""Who acts in the end-to-end tests, the case they work on, and what they order. Everybody is invented."""

from dataclasses import dataclass
from pathlib import Path

from xiezhi_client.sdk import Case, Document, FindOrder, Item, ItemOutcome, Officer, Person, Property, Subject

PARK, GUSU, HUB = "苏0591", "苏0508", "hub"
PAPERS = Path(__file__).parents[2] / "examples" / "suzhou" / "papers"
LETTER, NOTICE, RECORD = (PAPERS / f"{name}.pdf" for name in ("委托函", "协助查询通知书", "执行笔录"))
CASE_NUMBER = "（2022）苏0591执1234号"
ELEVATED_CASE = "（2022）苏0508执5678号"
PASSWORD = "only-for-tests-4711"


@dataclass(frozen=True)
class Player:
    """A person or program with an account at `place`, a court's node or the hub."""

    place: str
    login: str
    name: str
    roles: tuple[str, ...]

    @property
    def officer(self) -> Officer:
        return Officer(name=self.name, phone="0512-00000000")


JUDGE = Player(PARK, "chen", "陈法官", ("JUDGE",))
CHIEF = Player(PARK, "lu", "陆局长", ("BUREAU_CHIEF",))
SEALER = Player(PARK, "xu", "许专员", ("CENTRE_OFFICER",))
PROGRAM = Player(PARK, "system", "办案系统", ("INTEGRATION",))
DISPATCHER = Player(GUSU, "gu", "顾专员", ("CENTRE_OFFICER",))
DIRECTOR = Player(GUSU, "qian", "钱主任", ("CENTRE_DIRECTOR",))
SPECIALIST = Player(GUSU, "shen", "沈执行员", ("FIELD_OFFICER",))
COLLEAGUE = Player(GUSU, "zhou", "周执行员", ("FIELD_OFFICER",))
TWO_HATS = Player(GUSU, "zheng", "郑主任", ("CENTRE_DIRECTOR", "CENTRE_OFFICER"))
RECEIVING_PROGRAM = Player(GUSU, "system", "办案系统", ("INTEGRATION",))
GUSU_CHIEF = Player(GUSU, "feng", "冯局长", ("BUREAU_CHIEF",))
GUSU_JUDGE = Player(GUSU, "jiang", "江法官", ("JUDGE",))
SUPERVISOR = Player(HUB, "fan", "范督办", ("SUPERVISOR",))
HUB_CHIEF = Player(HUB, "wei", "卫局长", ("BUREAU_CHIEF",))
HUB_DIRECTOR = Player(HUB, "hua", "华主任", ("CENTRE_DIRECTOR",))
HUB_LEADER = Player(HUB, "hong", "洪院长", ("COURT_LEADER",))
PLAYERS = (
    *(JUDGE, CHIEF, SEALER, PROGRAM),
    *(DISPATCHER, DIRECTOR, SPECIALIST, COLLEAGUE, TWO_HATS, RECEIVING_PROGRAM),
    *(GUSU_CHIEF, GUSU_JUDGE, SUPERVISOR, HUB_CHIEF, HUB_DIRECTOR, HUB_LEADER),
)

DEBTOR = Subject(
    number=1,
    role="DEBTOR",
    person=Person(name="张某演", identity_document="CITIZEN_ID", identity_number="320500189901010016"),
)
CREDITOR = Subject(number=2, role="APPLICANT", person=Person(name="李某演"))


def case() -> Case:
    return Case(
        case_number=CASE_NUMBER,
        court=PARK,
        cause="信用卡纠纷",
        stage="执行实施",
        enforceable_document="（2021）苏0591民初4321号",
        claimed_fen=12_800_000,
        outstanding_fen=12_500_000,
        judge=JUDGE.officer,
        subjects=(DEBTOR, CREDITOR),
    )


def order(documents: tuple[Document, ...] = (), **changes: object) -> FindOrder:
    """An order of two items, for which a letter of entrustment is paper enough."""
    items = (
        Item(
            number=1, act="LOCATE_PERSON", subject_number=1, scope="查找下落", clue="邻居称居住于演示路一号"
        ),
        Item(
            number=2,
            act="SITE_CHECK",
            subject_number=1,
            property=Property(category="HOUSE", description="演示新村九幢房屋"),
            scope="现场勘查占用情况",
            clue="卷宗中曾登记该地址",
        ),
    )
    values: dict[str, object] = {
        "case_number": CASE_NUMBER,
        "receiver": GUSU,
        "subject_numbers": (1,),
        "items": items,
        "documents": documents,
        "request_text": "请协助查找被执行人。",
        "limit_days": 7,
        "why_not_query": "总对总已查询，线索需现场核实",
    }
    return FindOrder(**values | changes)


DONE = (
    ItemOutcome(number=1, outcome="DONE", note="已当面核对身份"),
    ItemOutcome(number=2, outcome="NOT_DONE", reason="PERSON_LEFT", note="现场无人"),
)
