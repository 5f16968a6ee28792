"""What is issued: a find order with one item, as the case system of a court brings it, approved."""

from datetime import UTC, datetime

from tests.bench.courts import RECEIVER, SENDER

from xiezhi_client.sdk import (
    Actor,
    ApprovalRecord,
    Case,
    FindIssue,
    FindOrder,
    Item,
    Officer,
    Organisation,
    Person,
    Subject,
)

CASE_NUMBER = f"（2022）{SENDER}执1234号"


def officer(name: str) -> Officer:
    """Return an invented officer."""
    return Officer(name=name, phone="000-0000-0001", work_certificate=f"{SENDER}-G-{name}")


def case() -> Case:
    """Return the case that all orders are about; the identity number belongs to nobody."""
    debtor = Person(
        name="张某演",
        identity_document="CITIZEN_ID",
        identity_number="320500189901010016",
        phones=("000-0000-0002",),
        registered_address="苏州市演示路一号",
        residence="苏州市演示路一号",
    )
    creditor = Organisation(name="演示银行信用卡中心", credit_code="91320500MA0000007J")
    return Case(
        case_number=CASE_NUMBER,
        court=SENDER,
        cause="信用卡纠纷",
        stage="执行实施",
        enforceable_document=f"（2021）{SENDER}民初4321号",
        claimed_fen=12_800_000,
        outstanding_fen=12_500_000,
        judge=officer("陈法官"),
        subjects=(
            Subject(number=1, role="DEBTOR", person=debtor),
            Subject(number=2, role="APPLICANT", organisation=creditor),
        ),
    )


def issue() -> FindIssue:
    """Return an order, approved outside; ids and rows are given by SDK and node."""
    item = Item(
        number=1,
        act="SITE_CHECK",
        subject_number=1,
        scope="现场勘查演示新村九幢房屋的占用情况",
        clue="申请执行人提供的地址",
    )
    order = FindOrder(
        case_number=CASE_NUMBER,
        receiver=RECEIVER,
        subject_numbers=(1,),
        items=(item,),
        request_text="请协助现场核查被执行人在贵院辖区的财产。",
        limit_days=7,
        why_not_query="总对总已查询，线索需现场核实",
    )
    return FindIssue(order=order, approval=_approval())


def _approval() -> ApprovalRecord:
    now = datetime.now(UTC)
    return ApprovalRecord(
        drafted_by=Actor(officer=officer("陈法官")),
        drafted_at=now,
        approved_by=Actor(officer=officer("陆局长")),
        approved_at=now,
        opinion="同意委托",
        sealed_by=Actor(officer=officer("许专员")),
        sealed_at=now,
        external_reference="演示-2022-1234",
    )
