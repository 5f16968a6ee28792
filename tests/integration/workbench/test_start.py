"""Starting matters of every kind over real services: a draft, what it lacks, what is wrong with it, handed in."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import grpc
import httpx
import pytest
from tests.integration.journal.scene import RECEIVER, SENDER, START
from tests.integration.node.pair import CASE, Court, Pair, a_case, open_pair
from tests.integration.workbench.browser import OWN, Browser, field
from tests.integration.workbench.in_process import workbench

from xiezhi.v1.case_service_pb2 import PutCaseRequest
from xiezhi.v1.coordination_service_pb2_grpc import add_CoordinationServiceServicer_to_server
from xiezhi.v1.court_pb2 import Court as CourtMessage
from xiezhi.v1.distribution_service_pb2_grpc import add_DistributionServiceServicer_to_server
from xiezhi.v1.handover_service_pb2_grpc import add_HandoverServiceServicer_to_server
from xiezhi.v1.instruction_pb2 import InstructionState
from xiezhi.v1.instruction_service_pb2 import GetInstructionRequest
from xiezhi_desk.terms import COURT_LEVELS
from xiezhi_domain.court_time import to_date
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.terms import Act, Kind, PaperType
from xiezhi_node.coordination.service import CoordinationService
from xiezhi_node.distribution.service import DistributionService
from xiezhi_node.handover.service import HandoverService
from xiezhi_node.pins import write_courts
from xiezhi_node.sheets.printing import Press
from xiezhi_papers.workshop import Workshop

Values = dict[str, object]
NAME = "苏州工业园区人民法院"
HOSTILE = "<script>alert(1)</script>"
CARRIED = ("csrf", "request_id", "submit_id", "instruction_id", "case")


def day(days: int) -> str:
    """A day, counted from the one on which the clock of the courts stands."""
    return str(to_date(START) + timedelta(days))


BODY = {
    "name": "演示单位",
    "category": "登记机关",
    "address": "演示路一号",
    "phone": "0512-00000000",
}


def item(act: str, **more: str) -> Values:
    values = {"act": act, "subject_number": "1", "scope": "按文书办理", "clue": HOSTILE, **more}
    return {f"items[0].{name.replace('__', '.')}": value for name, value in values.items()}


def measure(act: str, category: str, **more: str) -> Values:
    body = {f"assisting_body__{name}": value for name, value in BODY.items()}
    stated = {"property__category": category, "property__description": "演示财产"}
    return item(act, **body, **stated, amount_fen="5,000.50", expires_on=day(300), **more)


ORDERS: dict[str, Values] = {
    Kind.FIND: item("LOCATE_PERSON"),
    Kind.ENTRUST_DEPOSIT: (
        measure(
            "FREEZE",
            "BANK_DEPOSIT",
            property__deposit__bank="演示银行",
            property__deposit__branch="姑苏支行",
            property__deposit__account="0000 0000",
            property__deposit__currency="人民币",
        )
        | {"excess_reason": "含迟延履行利息"}
    ),
    Kind.ENTRUST_REGISTRABLE: (
        measure(
            "SEAL_PROPERTY",
            "HOUSE",
            property__immovable__location="演示新村九幢",
            property__immovable__unit="320508000000GB00000F00000001",
        )
        | {"excess_reason": "含迟延履行利息"}
    ),
    Kind.ENTRUST_EQUITY: (
        measure(
            "PUBLICISE_FREEZE",
            "EQUITY",
            property__equity__company="演示有限公司",
            property__equity__credit_code="91320500MA0000007J",
            property__equity__registry="演示登记机关",
            property__equity__share="30%",
        )
        | {"excess_reason": "含迟延履行利息"}
    ),
    Kind.ENTRUST_SERVICE: (
        item(
            "SERVE",
            service__papers="执行通知书、报告财产令",
            service__address="演示路二号",
            service__method="直接送达",
        )
    ),
    Kind.ENTRUST_INVESTIGATION: (
        item("INVESTIGATE", **{f"assisting_body__{name}": value for name, value in BODY.items()})
    ),
    Kind.COURT_ASSISTANCE: item("SITE_CHECK"),
    Kind.HANDOVER: (
        {
            "property.category": "HOUSE",
            "property.description": "演示新村九幢 101 室",
            "basis": "JIANGSU_WAITING",
            "dates[0].code": "ENFORCEMENT_BEGUN",
            "dates[0].day": day(-100),
            "dates[1].code": "NO_AUCTION_NOTICE",
            "dates[1].day": day(-1),
            "dates[2].code": "SURPLUS_LEFT",
            "dates[2].day": day(-1),
            "seizures[0].court": NAME,
            "seizures[0].purpose": "PRESERVATION",
            "seizures[0].seized_on": day(-200),
            "seizures[0].expires_on": day(300),
            "seizures[1].court": SENDER,
            "seizures[1].purpose": "ENFORCEMENT",
            "seizures[1].seized_on": day(-20),
            "claim_fen": "125000",
            "request_text": HOSTILE,
        }
    ),
    Kind.CASE_DELEGATION: (
        {
            "subject_numbers": ["1", "3"],
            "investigation.queried_on": day(-3),
            "investigation.result": "本辖区没有财产",
            "investigation.none_here": "yes",
            "properties[0].category": "HOUSE",
            "properties[0].description": HOSTILE,
            "properties[0].place": "演示路一号",
            "seizures[0].property.category": "HOUSE",
            "seizures[0].property.description": "演示新村九幢 101 室",
            "seizures[0].rank": "1",
            "seizures[0].seized_on": day(-100),
            "seizures[0].expires_on": day(300),
            "seizures[0].document_number": "（2025）苏0505执1号之一",
        }
    ),
    Kind.DISTRIBUTION: (
        {
            "debtor": "NATURAL_PERSON",
            "property": "演示新村九幢 101 室的拍卖款",
            "insufficiency": "FINDINGS_BELOW_CLAIMS",
            "enforcement_began_on": day(-10),
            "creditor": "李某演",
            "claim_fen": "30000.5",
            "effective_document": "（2021）苏0591民初4321号民事判决书",
            "request_text": HOSTILE,
        }
    ),
}
"""What is typed for each kind."""


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """A hub and two courts, whose nodes have the services of every kind."""
    press = Press("", Workshop())

    def add(court: Court, server: grpc.aio.Server) -> None:
        journal, seat = court.node.journal, court.node.seat
        add_HandoverServiceServicer_to_server(HandoverService(journal, seat), server)
        add_DistributionServiceServicer_to_server(DistributionService(journal, seat, press), server)
        add_CoordinationServiceServicer_to_server(CoordinationService(journal, seat), server)

    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with open_pair(urls, more=add) as pair:
        courts = [
            CourtMessage(
                code=court.code,
                name=court.name,
                level=COURT_LEVELS.to_proto(court.level),
                superior=court.superior or "",
                joined=court.code in (SENDER, RECEIVER),
            )
            for court in shipped_courts()
        ]
        await pair.sender.node.journal.write(lambda connection: write_courts(connection, courts, START))
        await pair.sender.as_("judge").cases.PutCase(PutCaseRequest(request_id="case", case_file=a_case()))
        yield pair


@pytest.fixture
async def judge(pair: Pair) -> AsyncIterator[Browser]:
    async with workbench(pair.sender, "judge") as browser:
        yield browser


@pytest.fixture
async def chief(pair: Pair) -> AsyncIterator[Browser]:
    async with workbench(pair.sender, "chief") as browser:
        yield browser


async def opened(browser: Browser, kind: str) -> Values:
    shown = await browser.get(f"/new/{kind}", params={"case": CASE})
    assert shown.status_code == 200, shown.text
    return {name: field(shown, name) for name in CARRIED}


async def send(browser: Browser, kind: str, values: Values, do: str) -> httpx.Response:
    return await browser.post(f"/new/{kind}", values | {"do": do})


async def with_papers(pair: Pair, kind: str, values: Values, matter: str) -> Values:
    """The form with the papers that the rulebook asks for, uploaded before."""
    rules = pair.sender.node.seat.rulebook.rules(kind, SENDER, RECEIVER)
    act = str(values.get("items[0].act", ""))
    missing = rules.missing_papers(frozenset([Act(act)]) if act else frozenset(), frozenset())
    typed = dict(values)
    for at, (paper, _) in enumerate(missing):
        document = await pair.sender.has_document(matter, f"{paper.zh}{matter}", paper)
        typed[f"documents[{at}].sha256"] = document.sha256.hex()
        typed[f"documents[{at}].paper_type"] = paper.value
    return typed


async def state(pair: Pair, matter: str, name: str = "judge") -> str:
    """The state of a matter at the court that sends."""
    request = GetInstructionRequest(instruction_id=matter)
    answer = await pair.sender.as_(name).matters.GetInstruction(request)
    return InstructionState.Name(answer.instruction.summary.state).removeprefix("INSTRUCTION_STATE_")


@pytest.mark.parametrize("kind", list(ORDERS))
async def test_a_matter_is_drafted_completed_and_handed_in(pair: Pair, judge: Browser, kind: str) -> None:
    browser = judge
    values = await opened(browser, kind) | {"receiver": NAME, "subject_numbers": "1"}
    values |= ORDERS[kind]
    matter = str(values["instruction_id"])
    first = await send(browser, kind, values, "submit")
    assert first.status_code == 200, first.text
    assert "草稿已保存" in first.text
    assert "还缺文书" in first.text
    assert HOSTILE not in first.text
    assert await state(pair, matter) == "DRAFT"
    again = await browser.get(f"/new/{kind}", params={"matter": matter})
    assert html.escape(HOSTILE) in again.text or kind == Kind.ENTRUST_SERVICE
    values |= {name: field(again, name) for name in CARRIED}
    done = await send(browser, kind, await with_papers(pair, kind, values, matter), "submit")
    assert done.headers.get("location") == f"/matters/{matter}", done.text
    assert await state(pair, matter) in ("AWAITING_APPROVAL", "AWAITING_SEAL")


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(judge: Browser) -> None:
    browser, kind = judge, Kind.ENTRUST_DEPOSIT
    values = await opened(browser, kind) | {"receiver": "苏州", "limit_days": "soon"}
    values |= item("FREEZE", amount_fen="五千", expires_on="明年")
    wrong = await send(browser, kind, values, "save")
    assert wrong.status_code == 422
    for name in ("receiver", "limit_days", "items[0].amount_fen", "items[0].expires_on"):
        assert re.search(rf'data-told="{re.escape(name)}">[^<]+<', wrong.text), name
    assert 'value="五千"' in wrong.text
    values |= {
        "receiver": RECEIVER,
        "limit_days": "400",
        "items[0].amount_fen": "1",
        "items[0].expires_on": day(9000),
    }
    values |= {"items[0].property.category": "BANK_DEPOSIT", "items[0].property.description": "存款"}
    values |= {"subject_numbers": "1"}
    refused = await send(browser, kind, values, "save")
    for name in ("limit_days", "items[0].expires_on"):
        assert re.search(rf'data-told="{re.escape(name)}">[^<]+<', refused.text), name


async def test_rows_are_added_and_removed_and_acts_ask_for_their_fields(judge: Browser) -> None:
    browser, kind = judge, Kind.ENTRUST_DEPOSIT
    values = await opened(browser, kind) | item("DEDUCT")
    shown = await send(browser, kind, values, "redraw")
    assert 'name="items[0].pay_to.account"' in shown.text
    shown = await send(browser, kind, values, "add:items")
    assert 'name="items[1].act"' in shown.text
    assert "autofocus" in shown.text
    values |= {"items[1].act": "UNFREEZE", "items[1].scope": "解除"}
    shown = await send(browser, kind, values, "drop:items:0")
    assert 'name="items[1].act"' not in shown.text
    assert 'name="items[0].earlier.document"' in shown.text
    assert "解除" in shown.text


async def test_a_court_is_found_by_name_and_down_the_tree(judge: Browser) -> None:
    browser, kind = judge, Kind.FIND
    values = await opened(browser, kind)
    found = await send(browser, kind, values | {"receiver": "工业"}, "find:receiver")
    assert f'value="pick:receiver:{RECEIVER}"' in found.text
    tree = await send(browser, kind, values, "find:receiver:-")
    assert 'value="find:receiver:最高法"' in tree.text
    province = await send(browser, kind, values, "find:receiver:最高法")
    assert 'value="find:receiver:苏"' in province.text
    chosen = await send(browser, kind, values | {"receiver": "工业"}, f"pick:receiver:{RECEIVER}")
    assert f'value="{NAME}"' in chosen.text


async def test_while_one_types_it_is_said_what_is_wrong_and_what_lacks(judge: Browser) -> None:
    browser, kind = judge, Kind.ENTRUST_DEPOSIT
    values = await opened(browser, kind) | item("FREEZE", amount_fen="五") | {"receiver": RECEIVER}
    told = await browser.post(f"/new/{kind}/check", values, OWN | {"hx-request": "true"})
    assert told.status_code == 200, told.text
    assert re.search(r'data-wrong="items\[0\]\.amount_fen">[^<]+<', told.text)
    assert 'href="#f-items[0].property.category"' in told.text
    assert PaperType.FREEZE_NOTICE.zh in told.text
    assert "<html" not in told.text
    values |= {"documents.0.paper_type": "ENTRUSTMENT_LETTER"}
    told = await browser.post(f"/new/{kind}/check", values, OWN | {"hx-request": "true"})
    assert "已附" in told.text


async def test_a_seizure_about_to_end_is_told_at_its_field_and_the_draft_is_listed(judge: Browser) -> None:
    kind = Kind.CASE_DELEGATION
    values = await opened(judge, kind) | ORDERS[kind] | {"receiver": RECEIVER}
    refused = await send(judge, kind, values | {"seizures[0].expires_on": day(10)}, "save")
    assert re.search(r'data-told="seizures\[0\]\.expires_on">[^<]*续行', refused.text)
    values |= {"request_id": field(refused, "request_id"), "receiver": ""}
    stored = await send(judge, kind, values, "save")
    assert "草稿已保存" in stored.text
    assert PaperType.CASE_DELEGATION_LETTER.zh in stored.text
    listed = await judge.get("/new")
    assert f"/new/{kind}?matter={values['instruction_id']}" in listed.text


@pytest.mark.parametrize("kind", [Kind.ORDER_REQUEST, Kind.COORDINATION_DISPUTE])
async def test_the_superior_is_asked_by_the_chief(pair: Pair, chief: Browser, kind: str) -> None:
    browser = chief
    values = await opened(browser, kind) | {"subject": "报请", "position": HOSTILE, "about": "NOT_ENFORCED"}
    values |= {"cases[0].court": SENDER, "cases[0].case_number": CASE, "cases[0].claim_fen": "100"}
    lacking = await send(browser, kind, values, "submit")
    wanted = "order_kind" if kind == Kind.ORDER_REQUEST else "other_court"
    assert re.search(rf'data-told="{wanted}">[^<]+<', lacking.text), lacking.text
    assert HOSTILE not in lacking.text
    more = {"order_kind": "ORDER_DESIGNATE"}
    if kind == Kind.COORDINATION_DISPUTE:
        more = {"other_court": RECEIVER, "other_position": "不同意", "negotiation": "协商两次"}
    matter = str(values["instruction_id"])
    done = await send(browser, kind, await with_papers(pair, kind, values | more, matter), "submit")
    assert done.headers.get("location") == f"/matters/{matter}", done.text
    assert await state(pair, matter, "chief") != "DRAFT"


async def test_everybody_is_offered_what_he_may_start(pair: Pair, judge: Browser, chief: Browser) -> None:
    offered = (await judge.get("/new")).text
    assert f"/new/{Kind.HANDOVER.value}" in offered
    assert f"/new/{Kind.ORDER_REQUEST.value}" not in offered
    offered = (await chief.get("/new")).text
    assert f"/new/{Kind.ORDER_REQUEST.value}" in offered
    assert f"/new/{Kind.FIND.value}" not in offered
    async with workbench(pair.sender, "field") as officer:
        assert "/new/" not in (await officer.get("/new")).text
    assert (await judge.get("/new/NOTHING")).status_code == 404


async def test_a_case_is_searched_or_asked_from_the_case_system(judge: Browser) -> None:
    browser = judge
    assert CASE in (await browser.get("/new/FIND", params={"text": "1234"})).text
    unknown = await browser.get("/new/FIND", params={"case": "（2026）苏0505执9999号"})
    assert unknown.status_code == 404
    assert 'value="（2026）苏0505执9999号"' in unknown.text
    values = {"csrf": field(unknown, "csrf"), "case": "（2026）苏0505执9999号"}
    answer = await browser.post("/new/FIND/case", values)
    assert "alert-danger" in answer.text
    form = await opened(browser, Kind.FIND)
    dossier = await send(browser, Kind.FIND, form, "dossier")
    assert 'name="dossier.open"' in dossier.text
