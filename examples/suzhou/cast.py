"""Who plays in the Suzhou story, and the cases it is about. People, numbers and property are invented.

The citizen id belongs to nobody: its area code was never assigned together with that birth date.
"""

from dataclasses import dataclass
from pathlib import Path

from courts import GUSU, HUB, PARK

from xiezhi_client.sdk import (
    Case,
    Document,
    FindOrder,
    Item,
    Officer,
    Organisation,
    Person,
    Property,
    Subject,
)
from xiezhi_client.sdk.vocabulary import Role

PAPERS = Path(__file__).parent / "papers"

PARK_CASE = "（2022）苏0591执1234号"
GUSU_CASE = "（2022）苏0508执888号"


@dataclass(frozen=True)
class Player:
    """A person of a court with an account there."""

    court: str
    login: str
    name: str
    roles: tuple[Role, ...]
    phone: str
    at_hub: bool = False
    """Whether the account is at the hub's desk and not at the node of the court."""

    @property
    def place(self) -> str:
        """The desk that the person sits at: a node's, by its court, or the hub's."""
        return "hub" if self.at_hub else self.court

    @property
    def officer(self) -> Officer:
        """The person as the other court sees him."""
        return Officer(
            name=self.name,
            phone=self.phone,
            # No network gives out numbers that begin so.
            mobile=f"1000000{self.phone[-4:]}",
            work_certificate=f"{self.court}-G-{self.login}",
            duty_certificate=f"{self.court}-Z-{self.login}",
            certificates_valid_until="2037-12-31",
        )


JUDGE = Player(PARK, "chen", "陈法官", ("JUDGE",), "0512-00000001")
CHIEF = Player(PARK, "lu", "陆局长", ("BUREAU_CHIEF",), "0512-00000002")
SEALER = Player(PARK, "xu", "许专员", ("CENTRE_OFFICER",), "0512-00000003")
DIRECTOR = Player(PARK, "qian", "钱主任", ("CENTRE_DIRECTOR",), "0512-00000004")
LEADER = Player(PARK, "he", "何院长", ("COURT_LEADER",), "0512-00000005")

DISPATCHER = Player(GUSU, "gu", "顾专员", ("CENTRE_OFFICER",), "0512-00000011")
SPECIALIST = Player(GUSU, "shen", "沈执行员", ("FIELD_OFFICER",), "0512-00000012")
GUSU_JUDGE = Player(GUSU, "wu", "吴法官", ("JUDGE",), "0512-00000013")
GUSU_DIRECTOR = Player(GUSU, "sun", "孙主任", ("CENTRE_DIRECTOR",), "0512-00000014")
GUSU_CHIEF = Player(GUSU, "feng", "冯局长", ("BUREAU_CHIEF",), "0512-00000015")
GUSU_LEADER = Player(GUSU, "jiang", "蒋院长", ("COURT_LEADER",), "0512-00000016")

MIDDLE_JUDGE = Player(HUB, "cao", "曹法官", ("JUDGE",), "0512-00000027")
MIDDLE_CHIEF = Player(HUB, "yan", "严局长", ("BUREAU_CHIEF",), "0512-00000028")
MIDDLE_DIRECTOR = Player(HUB, "zhou", "周主任", ("CENTRE_DIRECTOR",), "0512-00000022")
MIDDLE_DISPATCHER = Player(HUB, "ye", "叶专员", ("CENTRE_OFFICER",), "0512-00000023")

SUPERVISOR = Player(HUB, "fan", "范督办", ("SUPERVISOR",), "0512-00000021", at_hub=True)
HUB_CHIEF = Player(HUB, "wei", "卫局长", ("BUREAU_CHIEF",), "0512-00000025", at_hub=True)
HUB_DIRECTOR = Player(HUB, "tang", "唐主任", ("CENTRE_DIRECTOR",), "0512-00000026", at_hub=True)

PLAYERS = (
    *(JUDGE, CHIEF, SEALER, DIRECTOR, LEADER),
    *(DISPATCHER, SPECIALIST, GUSU_JUDGE, GUSU_DIRECTOR, GUSU_CHIEF, GUSU_LEADER),
    *(MIDDLE_JUDGE, MIDDLE_CHIEF, MIDDLE_DIRECTOR, MIDDLE_DISPATCHER),
    *(SUPERVISOR, HUB_CHIEF, HUB_DIRECTOR),
)
"""Everybody; the intermediate court has people at its own node, as a court, and at the hub, as the superior."""

DEBTOR = Subject(
    number=1,
    role="DEBTOR",
    person=Person(
        name="张某演",
        identity_document="CITIZEN_ID",
        identity_number="320500189901010016",
        phones=("000-0000-0001",),
        registered_address="苏州市姑苏区演示路一号",
        residence="苏州市姑苏区演示路一号",
        workplace="演示机械加工厂",
    ),
)
BANK = Subject(
    number=2,
    role="APPLICANT",
    organisation=Organisation(name="演示银行信用卡中心", credit_code="91320500MA0000007J"),
)
OTHER_CREDITOR = Subject(
    number=2,
    role="APPLICANT",
    organisation=Organisation(name="演示设备租赁公司", credit_code="12320500X000000195"),
)


def park_case() -> Case:
    """The credit-card case of the Industrial Park court, related to one that is pending at Gusu."""
    return Case(
        case_number=PARK_CASE,
        court=PARK,
        cause="信用卡纠纷",
        stage="执行实施",
        enforceable_document="（2021）苏0591民初4321号",
        claimed_fen=12_800_000,
        received_fen=300_000,
        outstanding_fen=12_500_000,
        judge=JUDGE.officer,
        centre_phone=SEALER.phone,
        subjects=(DEBTOR, BANK),
        related_case_numbers=(GUSU_CASE,),
    )


def gusu_case() -> Case:
    """The case of the same debtor at the Gusu court."""
    return Case(
        case_number=GUSU_CASE,
        court=GUSU,
        cause="租赁合同纠纷",
        stage="执行实施",
        enforceable_document="（2021）苏0508民初2222号",
        claimed_fen=8_000_000,
        outstanding_fen=8_000_000,
        judge=GUSU_JUDGE.officer,
        centre_phone=DISPATCHER.phone,
        subjects=(DEBTOR, OTHER_CREDITOR),
        related_case_numbers=(PARK_CASE,),
    )


def items() -> tuple[Item, ...]:
    """What the judge asks for: the person, his property, his second home."""
    return (
        Item(
            number=1,
            act="LOCATE_PERSON",
            subject_number=1,
            scope="查找被执行人下落，当面核对身份并制作执行笔录",
            clue="邻居称其近期居住于姑苏区演示路一号",
        ),
        Item(
            number=2,
            act="INVESTIGATE",
            subject_number=1,
            property=Property(category="VEHICLE", description="被执行人名下车辆及加工设备"),
            scope="核查被执行人名下车辆和演示机械加工厂内设备的权属、状态",
            clue="申请执行人提供：厂内有一台数控机床",
        ),
        Item(
            number=3,
            act="SITE_CHECK",
            subject_number=1,
            property=Property(category="HOUSE", description="演示新村九幢房屋"),
            scope="现场勘查演示新村九幢房屋的占用情况",
            clue="关联案件卷宗中曾登记该地址",
        ),
    )


def order(documents: tuple[Document, ...]) -> FindOrder:
    """The find instruction; *documents* were uploaded before."""
    return FindOrder(
        case_number=PARK_CASE,
        receiver=GUSU,
        subject_numbers=(1,),
        items=items(),
        documents=documents,
        request_text="请协助查找被执行人并核查其在贵院辖区的财产，关联案件为贵院" + GUSU_CASE + "。",
        limit_days=7,
        why_not_query="总对总已查询，线索需现场核实",
    )
