"""Starting matters of every kind over real programs: a draft, what it lacks, what is wrong with it, handed in."""

import html
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import httpx
import pytest
from tests.integration.workbench.browser import OWN, Browser, field
from tests.stage.company import Company
from tests.stage.people import CASE_NUMBER, CHIEF, GUSU, JUDGE, LETTER, PARK, SEALER, Player

from xiezhi_domain.court_time import SHANGHAI
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Act, Kind, PaperType

Browse = Callable[[str], Awaitable[Browser]]
Values = dict[str, object]
HOSTILE = "<script>alert(1)</script>"
CARRIED = ("csrf", "request_id", "submit_id", "instruction_id", "case")


def day(days: int) -> str:
    return str(datetime.now(SHANGHAI).date() + timedelta(days))


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
            "seizures[0].court": "苏州市姑苏区人民法院",
            "seizures[0].purpose": "PRESERVATION",
            "seizures[0].seized_on": day(-200),
            "seizures[0].expires_on": day(300),
            "seizures[1].court": PARK,
            "seizures[1].purpose": "ENFORCEMENT",
            "seizures[1].seized_on": day(-20),
            "claim_fen": "125000",
            "request_text": HOSTILE,
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


async def at_desk(browse: Browse, player: Player) -> Browser:
    return await (await browse(player.place)).enter(player)


async def opened(browser: Browser, kind: str) -> Values:
    shown = await browser.get(f"/new/{kind}", params={"case": CASE_NUMBER})
    assert shown.status_code == 200, shown.text
    return {name: field(shown, name) for name in CARRIED}


def content(paper: str) -> bytes:
    """A paper is known by its hash, so that each needs other bytes."""
    return LETTER.read_bytes() + paper.encode()


def needed(kind: str, act: str) -> list[str]:
    """The papers that the rulebook asks for."""
    rules = shipped_rulebook().rules(kind, PARK, GUSU)
    acts = frozenset([Act(act)]) if act else frozenset()
    return [paper.value for paper, _ in rules.missing_papers(acts, frozenset())]


async def send(
    browser: Browser, kind: str, values: Values, do: str, papers: tuple[str, ...] = ()
) -> httpx.Response:
    typed = {f"documents.{row}.paper_type": paper for row, paper in enumerate(papers)}
    files = {
        f"documents.{row}.file": (f"{paper}.pdf", content(paper), "application/pdf")
        for row, paper in enumerate(papers)
    }
    return await browser.client.post(
        f"/new/{kind}", data=values | typed | {"do": do}, files=files or None, headers=OWN
    )


@pytest.mark.parametrize("kind", list(ORDERS))
async def test_a_matter_is_drafted_completed_and_handed_in(
    browse: Browse, company: Company, kind: str
) -> None:
    browser = await at_desk(browse, JUDGE)
    values = await opened(browser, kind) | {"receiver": "苏州市姑苏区人民法院", "subject_numbers": "1"}
    values |= ORDERS[kind]
    matter = str(values["instruction_id"])
    first = await send(browser, kind, values, "submit")
    assert first.status_code == 200, first.text
    assert "草稿已保存" in first.text
    assert "还缺文书" in first.text
    assert HOSTILE not in first.text
    assert (await company.summary(JUDGE, matter)).state == "DRAFT"
    again = await browser.get(f"/new/{kind}", params={"matter": matter})
    assert html.escape(HOSTILE) in again.text or kind == Kind.ENTRUST_SERVICE
    values |= {name: field(again, name) for name in CARRIED}
    brought, *others = needed(kind, str(values.get("items[0].act", "")))
    judge = await company.client(JUDGE)
    for at, paper in enumerate(others):
        document = await judge.documents.upload(matter, content(paper), paper, name=f"{paper}.pdf")
        values |= {f"documents[{at}].sha256": document.sha256, f"documents[{at}].paper_type": paper}
    done = await send(browser, kind, values, "submit", (brought,))
    assert done.headers.get("location") == f"/matters/{matter}", done.text
    assert (await company.summary(JUDGE, matter)).state in ("AWAITING_APPROVAL", "AWAITING_SEAL")


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(browse: Browse) -> None:
    browser, kind = await at_desk(browse, JUDGE), Kind.ENTRUST_DEPOSIT
    values = await opened(browser, kind) | {"receiver": "苏州", "limit_days": "soon"}
    values |= item("FREEZE", amount_fen="五千", expires_on="明年")
    wrong = await send(browser, kind, values, "save")
    assert wrong.status_code == 422
    for name in ("receiver", "limit_days", "items[0].amount_fen", "items[0].expires_on"):
        assert re.search(rf'data-told="{re.escape(name)}">[^<]+<', wrong.text), name
    assert 'value="五千"' in wrong.text
    values |= {
        "receiver": GUSU,
        "limit_days": "400",
        "items[0].amount_fen": "1",
        "items[0].expires_on": day(9000),
    }
    values |= {"items[0].property.category": "BANK_DEPOSIT", "items[0].property.description": "存款"}
    values |= {"subject_numbers": "1"}
    refused = await send(browser, kind, values, "save")
    for name in ("limit_days", "items[0].expires_on"):
        assert re.search(rf'data-told="{re.escape(name)}">[^<]+<', refused.text), name


async def test_rows_are_added_and_removed_and_acts_ask_for_their_fields(browse: Browse) -> None:
    browser, kind = await at_desk(browse, JUDGE), Kind.ENTRUST_DEPOSIT
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


async def test_a_court_is_found_by_name_and_down_the_tree(browse: Browse) -> None:
    browser, kind = await at_desk(browse, JUDGE), Kind.FIND
    values = await opened(browser, kind)
    found = await send(browser, kind, values | {"receiver": "姑"}, "find:receiver")
    assert f'value="pick:receiver:{GUSU}"' in found.text
    tree = await send(browser, kind, values, "find:receiver:-")
    assert 'value="find:receiver:最高法"' in tree.text
    province = await send(browser, kind, values, "find:receiver:最高法")
    assert 'value="find:receiver:苏"' in province.text
    chosen = await send(browser, kind, values | {"receiver": "姑"}, f"pick:receiver:{GUSU}")
    assert 'value="苏州市姑苏区人民法院"' in chosen.text


async def test_while_one_types_it_is_said_what_is_wrong_and_what_lacks(browse: Browse) -> None:
    browser, kind = await at_desk(browse, JUDGE), Kind.ENTRUST_DEPOSIT
    values = await opened(browser, kind) | item("FREEZE", amount_fen="五") | {"receiver": GUSU}
    told = await browser.post(f"/new/{kind}/check", values, OWN | {"hx-request": "true"})
    assert told.status_code == 200, told.text
    assert re.search(r'data-wrong="items\[0\]\.amount_fen">[^<]+<', told.text)
    assert 'href="#f-items[0].property.category"' in told.text
    assert PaperType.FREEZE_NOTICE.zh in told.text
    assert "<html" not in told.text
    values |= {"documents.0.paper_type": "ENTRUSTMENT_LETTER"}
    told = await browser.post(f"/new/{kind}/check", values, OWN | {"hx-request": "true"})
    assert "已附" in told.text


async def test_a_whole_case_stays_out_of_the_own_province(browse: Browse, company: Company) -> None:
    browser, kind = await at_desk(browse, JUDGE), Kind.CASE_DELEGATION
    values = await opened(browser, kind) | {"receiver": GUSU, "subject_numbers": "1"}
    refused = await send(browser, kind, values, "save")
    assert re.search(r'data-told="receiver">[^<]*省内', refused.text)
    values |= {"receiver": "", "investigation.result": "无财产", "properties[0].description": "一套房"}
    values |= {"properties[0].category": "HOUSE"}
    stored = await send(browser, kind, values, "save")
    assert "草稿已保存" in stored.text
    assert PaperType.CASE_DELEGATION_LETTER.zh in stored.text
    listed = await browser.get("/new")
    assert f"/new/{kind}?matter={values['instruction_id']}" in listed.text


@pytest.mark.parametrize("kind", [Kind.ORDER_REQUEST, Kind.COORDINATION_DISPUTE])
async def test_the_superior_is_asked_by_the_chief(browse: Browse, company: Company, kind: str) -> None:
    browser = await at_desk(browse, CHIEF)
    values = await opened(browser, kind) | {"subject": "报请", "position": HOSTILE, "about": "NOT_ENFORCED"}
    values |= {"cases[0].court": PARK, "cases[0].case_number": CASE_NUMBER, "cases[0].claim_fen": "100"}
    lacking = await send(browser, kind, values, "submit")
    wanted = "order_kind" if kind == Kind.ORDER_REQUEST else "other_court"
    assert re.search(rf'data-told="{wanted}">[^<]+<', lacking.text), lacking.text
    assert HOSTILE not in lacking.text
    more = {"order_kind": "ORDER_DESIGNATE"}
    paper = "ORDER_REQUEST_REPORT"
    if kind == Kind.COORDINATION_DISPUTE:
        more = {"other_court": GUSU, "other_position": "不同意", "negotiation": "协商两次"}
        paper = "DISPUTE_REPORT"
    done = await send(browser, kind, values | more, "submit", (paper,))
    assert done.headers.get("location") == f"/matters/{values['instruction_id']}", done.text


async def test_everybody_is_offered_what_he_may_start(browse: Browse) -> None:
    judge, chief, sealer = [await at_desk(browse, player) for player in (JUDGE, CHIEF, SEALER)]
    offered = (await judge.get("/new")).text
    assert f"/new/{Kind.HANDOVER.value}" in offered
    assert f"/new/{Kind.ORDER_REQUEST.value}" not in offered
    offered = (await chief.get("/new")).text
    assert f"/new/{Kind.ORDER_REQUEST.value}" in offered
    assert f"/new/{Kind.FIND.value}" not in offered
    assert "/new/" not in (await sealer.get("/new")).text
    assert (await judge.get("/new/NOTHING")).status_code == 404


async def test_a_case_is_searched_or_asked_from_the_case_system(browse: Browse) -> None:
    browser = await at_desk(browse, JUDGE)
    assert CASE_NUMBER in (await browser.get("/new/FIND", params={"text": "1234"})).text
    unknown = await browser.get("/new/FIND", params={"case": "（2022）苏0591执9999号"})
    assert unknown.status_code == 404
    assert 'value="（2022）苏0591执9999号"' in unknown.text
    values = {"csrf": field(unknown, "csrf"), "case": "（2022）苏0591执9999号"}
    answer = await browser.post("/new/FIND/case", values)
    assert "alert-danger" in answer.text
    form = await opened(browser, Kind.FIND)
    dossier = await send(browser, Kind.FIND, form, "dossier")
    assert 'name="dossier.open"' in dossier.text
