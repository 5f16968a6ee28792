"""The forms that start a matter: descriptions agree with the contract, and one kind or act asks only what it needs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.datastructures import FormData

from xiezhi_client.sdk import (
    Case,
    CaseDelegationOrder,
    Court,
    CourtRequest,
    DelegationOrder,
    DistributionOrder,
    FindOrder,
    HandoverOrder,
    Item,
    Person,
    Property,
    Subject,
)
from xiezhi_client.sdk.records.property import Deposit
from xiezhi_domain.rulebook import KindRules, shipped_rulebook
from xiezhi_domain.terms import Act, Kind, PaperType, PropertyCategory
from xiezhi_workbench.starting import view
from xiezhi_workbench.starting.courts import Courts
from xiezhi_workbench.starting.description import Input, Rows, Section, Setting
from xiezhi_workbench.starting.entries import (
    SUBJECTS,
    compact,
    plain_of,
    rows_of,
    shown_at,
    subjects_of,
    typed_from,
    typed_of,
    without_row,
)
from xiezhi_workbench.starting.item_inputs import item_inputs
from xiezhi_workbench.starting.shapes import Shape, read, shape_of, shown
from xiezhi_workbench.starting.starts import offered, start_of

PARK, GUSU, MIDDLE, HIGH = "苏0591", "苏0508", "苏05", "苏"
CASE = Case(
    case_number="（2022）苏0591执1234号",
    claimed_fen=1234550,
    received_fen=100,
    subjects=(Subject(number=1, role="DEBTOR", person=Person(name="张某演")),),
)
STARTED = (
    *(Kind.FIND, Kind.ENTRUST_DEPOSIT, Kind.ENTRUST_REGISTRABLE, Kind.ENTRUST_EQUITY, Kind.ENTRUST_SERVICE),
    *(Kind.ENTRUST_INVESTIGATION, Kind.COURT_ASSISTANCE, Kind.CASE_DELEGATION, Kind.HANDOVER),
    Kind.DISTRIBUTION,
)
ASKED = (Kind.ORDER_REQUEST, Kind.COORDINATION_DISPUTE)
# Written by the server, or by a page of its own; `documents` and the case are of every form.
BESIDE = {
    FindOrder: set(),
    DelegationOrder: {"kind"},
    CaseDelegationOrder: {"balance_fen"},
    HandoverOrder: set(),
    DistributionOrder: set(),
    CourtRequest: {"kind"},
}


def rules_of(kind: str) -> KindRules:
    return shipped_rulebook().rules(kind, PARK, GUSU)


def setting(kind: str, **typed: str) -> Setting:
    return Setting(rules_of(kind), CASE, PARK, typed)


def form(kind: str, typed: dict[str, str] | None = None) -> list[view.ShownSection]:
    return view.sections(start_of(kind), Setting(rules_of(kind), CASE, PARK, typed or {}))


def names(shown_form: list[view.ShownSection]) -> set[str]:
    return {each.name for each in view.fields(shown_form)}


def inputs(kind: str, act: str, category: str = "") -> dict[str, Input]:
    row = {"act": act, "property.category": category}
    return {each.path: each for each in item_inputs(setting(kind), row)}


def paths(sections: Iterator[Section] | list[Section], about: Setting) -> Iterator[str]:
    for section in sections:
        for part in (*section.parts, *section.more):
            if isinstance(part, Rows):
                rows = part.first or ({},)
                yield from (f"{part.path}[].{each.path}" for row in rows for each in part.inputs(about, row))
            else:
                yield part.path


# --- What may be started ----------------------------------------------------------------------------------------------


def test_a_judge_starts_what_courts_send_each_other_and_a_chief_asks_the_superior() -> None:
    kinds = shipped_rulebook().kinds
    assert {each.kind for each in offered(kinds, ["JUDGE"])} == set(STARTED)
    assert {each.kind for each in offered(kinds, ["BUREAU_CHIEF"])} == set(ASKED)
    assert not offered(kinds, ["SEAL_KEEPER"])
    assert not offered(kinds, ["A_ROLE_OF_TOMORROW"])


def test_a_kind_added_to_the_rulebook_has_its_form() -> None:
    rules = replace(rules_of(Kind.ENTRUST_SERVICE), kind="ENTRUST_TRANSLATION", name="委托翻译")
    assert [each.kind for each in offered({rules.kind: rules}, ["JUDGE"])] == [rules.kind]
    start = start_of(rules.kind)
    about = Setting(rules, CASE, PARK, {"items[0].act": "SERVE"})
    assert "items[0].service.papers" in names(view.sections(start, about))
    assert start.order(rules.kind, {"receiver": GUSU}) == DelegationOrder(kind=rules.kind, receiver=GUSU)


# --- Descriptions and the contract ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*STARTED, *ASKED])
def test_every_field_of_a_form_is_one_of_the_order(kind: str) -> None:
    start = start_of(kind)
    typed = {"urgency": "URGENT", "basis": "PRIORITY"}
    about = Setting(rules_of(kind), CASE, PARK, typed)
    for path in paths(list(start.sections(about)), about):
        assert path == SUBJECTS or shape_of(start.record, path) is not None, path


@pytest.mark.parametrize("kind", [*STARTED, *ASKED])
def test_a_form_asks_for_everything_that_an_order_may_say(kind: str) -> None:
    # What no form has could be written by others only, and would be lost when a draft is saved here.
    start = start_of(kind)
    said = set()
    for other in ASKED if kind in ASKED else [kind]:
        rules = replace(rules_of(other), min_limit_days=1, max_limit_days=9, phone_first_acts=frozenset(Act))
        about = Setting(rules, CASE, PARK, {"urgency": "URGENT", "basis": "PRIORITY"})
        said |= {
            path.partition(".")[0].removesuffix("[]") for path in paths(list(start.sections(about)), about)
        }
    given = BESIDE[start.record] | {"case_number", "documents"}
    if not rules_of(kind).reasons.get("urgency"):
        given.add("urgency_code")
    assert not set(start.record.__dataclass_fields__) - said - given


def test_how_a_field_is_entered_is_read_from_the_contract() -> None:
    order = DelegationOrder
    assert shape_of(order, "receiver") is Shape.COURT
    assert shape_of(order, "limit_days") is Shape.NUMBER
    assert shape_of(order, "urgency") is Shape.CHOICE
    assert shape_of(order, "phone_first") is Shape.FLAG
    assert shape_of(order, "items[].amount_fen") is Shape.AMOUNT
    assert shape_of(order, "items[].earlier.expires_on") is Shape.DAY
    assert shape_of(order, "items[].service.papers") is Shape.LIST
    assert shape_of(order, "items[].property.deposit.account") is Shape.LINE
    for path in (
        "csrf",
        "items",
        "items.act",
        "receiver[]",
        "receiver.x",
        "items[].property",
        "items[].nothing",
    ):
        assert shape_of(order, path) is None


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (Shape.AMOUNT, "128,000.50", 12800050),
        (Shape.AMOUNT, "3元", 300),
        (Shape.NUMBER, "07", 7),
        (Shape.LIST, "裁定书、 通知书\n", ["裁定书", "通知书"]),
        (Shape.DAY, "2026-11-22", "2026-11-22"),
        (Shape.FLAG, "yes", True),
        (Shape.LINE, "张某", "张某"),
    ],
)
def test_what_is_typed_is_read(shape: Shape, text: str, value: object) -> None:
    assert read(shape, text) == value


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (Shape.AMOUNT, "五千"),
        (Shape.AMOUNT, "-1"),
        (Shape.AMOUNT, "0.001"),
        (Shape.AMOUNT, "NaN"),
        (Shape.AMOUNT, "1e30"),
        (Shape.AMOUNT, "1E999999"),
        (Shape.AMOUNT, "9" * 25),
        (Shape.NUMBER, "1.5"),
        (Shape.NUMBER, "9999999999"),
        (Shape.DAY, "22/11/2026"),
    ],
)
def test_what_is_typed_wrong_is_told(shape: Shape, text: str) -> None:
    with pytest.raises(ValueError, match=r"[一-龥]"):
        read(shape, text)


# --- Items ------------------------------------------------------------------------------------------------------------


def test_an_item_asks_what_its_act_on_its_property_needs_and_no_more() -> None:
    bare = inputs(Kind.ENTRUST_DEPOSIT, "")
    assert set(bare) == {"act", "scope", "clue"}
    freeze = inputs(Kind.ENTRUST_DEPOSIT, Act.FREEZE, PropertyCategory.BANK_DEPOSIT)
    for path in ("amount_fen", "expires_on", "property.deposit.account", "assisting_body.name"):
        assert freeze[path].required, path
    assert not freeze["property.deposit.earlier_freezes"].required
    assert not {"pay_to.holder", "earlier.document", "property.vehicle.plate"} & set(freeze)
    assert "pay_to.account" in inputs(Kind.ENTRUST_DEPOSIT, Act.DEDUCT, PropertyCategory.BANK_DEPOSIT)
    assert not {"amount_fen", "property.category"} & set(inputs(Kind.FIND, Act.LOCATE_PERSON))


def test_of_fields_that_do_for_each_other_one_is_enough() -> None:
    typed = {"items[0].act": "RELEASE_SEAL", "items[0].property.category": "HOUSE"}
    asked = ("items[0].property.immovable.certificate", "items[0].property.immovable.unit")
    lacking = {each.name for each in view.lacks(form(Kind.ENTRUST_REGISTRABLE, typed), ())}
    assert set(asked) <= lacking
    lacking = {
        each.name for each in view.lacks(form(Kind.ENTRUST_REGISTRABLE, typed | {asked[1]: "320500"}), ())
    }
    assert not set(asked) & lacking


def test_what_was_stated_elsewhere_stays_in_the_form() -> None:
    item = Item(number=1, act="LOCATE_PERSON", property=Property(category="VEHICLE", description="一辆车"))
    typed = typed_from(FindOrder(items=(item,)))
    assert {"items[0].property.category", "items[0].property.description"} <= names(form(Kind.FIND, typed))


# --- There and back ---------------------------------------------------------------------------------------------------


def test_an_order_is_typed_and_read_back_as_it_was() -> None:
    deposit = Deposit(bank="演示银行", branch="园区支行", account="0000", currency="人民币")
    found = Property(category="BANK_DEPOSIT", description="存款", deposit=deposit)
    item = Item(act="FREEZE", subject_number=1, property=found, scope="冻结", amount_fen=500050)
    order = DelegationOrder(
        kind="ENTRUST_DEPOSIT", receiver=GUSU, items=(item, replace(item, act="UNFREEZE")), phone_first=True
    )
    typed = typed_from(order)
    assert typed["items[0].amount_fen"] == "5000.50"
    assert typed["phone_first"] == "yes"
    plain, wrong = plain_of(DelegationOrder, typed, lambda code: code)
    assert not wrong
    assert DelegationOrder.from_plain(plain) == order


def test_rows_that_say_nothing_are_left_out_and_one_can_be_removed() -> None:
    sent = FormData(
        [
            ("items[0].act", ""),
            ("items[1].act", " QUERY "),
            ("items[1].scope", "查"),
            ("items[4].act", "INVESTIGATE"),
            ("dates[0].code", "CLAIM_CONFIRMED"),
            ("documents[0].name", "unticked.pdf"),
            ("subject_numbers", "2"),
            ("subject_numbers", "x"),
            ("csrf", "secret"),
            ("items[0].__class__", "no"),
        ]
    )
    typed = typed_of(FindOrder, sent)
    assert "csrf" not in typed
    assert not [name for name in typed if "class" in name]
    rows = rows_of(compact(typed), "items")
    assert [row["act"] for row in rows] == ["QUERY", "INVESTIGATE"]
    assert not rows_of(compact(typed), "documents")
    assert [row["act"] for row in rows_of(without_row(compact(typed), "items", 0), "items")] == [
        "INVESTIGATE"
    ]
    assert subjects_of(sent) == (2,)


def test_what_is_wrong_is_noted_at_its_field() -> None:
    typed = {"receiver": "不存在", "limit_days": "x", "items[0].amount_fen": "五"}

    def nowhere(_text: str) -> str:
        raise ValueError("没有这个法院")

    _, wrong = plain_of(DelegationOrder, typed, nowhere)
    assert wrong.keys() == typed.keys()
    assert shown_at("order", "order.items[0].property.deposit.account") == "items[0].property.deposit.account"
    assert shown_at("order", "order.documents[3]") == "documents"
    assert shown_at("order", "order.subject_numbers[1]") == SUBJECTS
    assert shown_at("request", "request.cases[0].court") == "cases[0].court"


def test_amounts_are_shown_in_yuan() -> None:
    assert [shown(Shape.AMOUNT, fen) for fen in (0, 100, 1234550)] == ["", "1", "12345.50"]


# --- What is asked where ----------------------------------------------------------------------------------------------


def test_why_it_is_urgent_is_asked_only_where_it_is() -> None:
    assert "urgency_code" not in names(form(Kind.FIND))
    urgent = form(Kind.FIND, {"urgency": "URGENT"})
    assert {"urgency_code", "urgency_reason", "phone_first"} <= names(urgent)
    assert "phone_first" not in names(form(Kind.ENTRUST_DEPOSIT, {"urgency": "URGENT"}))


def test_a_period_that_the_law_fixes_is_not_asked() -> None:
    assert "limit_days" in names(form(Kind.FIND))
    assert "limit_days" not in names(form(Kind.CASE_DELEGATION))


def test_a_ground_asks_for_the_days_that_its_tests_need() -> None:
    assert not [name for name in names(form(Kind.HANDOVER)) if name.startswith("dates")]
    typed = {"basis": "PRESERVATION", "dates[0].code": "NOT_DISPUTED", "dates[0].day": "2026-11-01"}
    fields = list(view.fields(form(Kind.HANDOVER, typed)))
    codes = {each.value for each in fields if each.name.startswith("dates") and each.about.hidden}
    assert codes == {"CLAIM_CONFIRMED", "ENFORCEMENT_BEGUN", "NOT_DISPUTED"}
    assert "2026-11-01" in [each.value for each in fields]


def test_a_request_begins_with_the_own_case() -> None:
    values = {each.name: each.value for each in view.fields(form(Kind.ORDER_REQUEST))}
    assert values["cases[0].case_number"] == CASE.case_number
    assert values["cases[0].claim_fen"] == "12345.50"
    assert "other_court" not in values
    assert "other_court" in names(form(Kind.COORDINATION_DISPUTE))


def test_papers_are_asked_by_act_and_ticked_off() -> None:
    rules = rules_of(Kind.ENTRUST_DEPOSIT)
    asked = view.papers_asked(rules, {"FREEZE"}, {"ENTRUSTMENT_LETTER", "RULING"})
    there = {each.words: each.there for each in asked}
    assert there[PaperType.RULING.zh]
    assert not there[PaperType.FREEZE_NOTICE.zh]
    either = f"{PaperType.ASSISTANCE_LETTER.zh}或{PaperType.ENTRUSTMENT_LETTER.zh}"
    assert either in [each.words for each in view.papers_asked(rules_of(Kind.COURT_ASSISTANCE), (), ())]
    assert len(view.papers_asked(rules, {"FREEZE", "DEDUCT"}, ())) > len(asked)


def test_what_lacks_names_field_and_row() -> None:
    lacking = list(view.lacks(form(Kind.FIND), ()))
    assert {"receiver", SUBJECTS, "items[0].act"} <= {each.name for each in lacking}
    assert "办理项 1：请选择行为" in [each.message for each in lacking]
    assert SUBJECTS not in {each.name for each in view.lacks(form(Kind.FIND), (1,))}


# --- The court finder -------------------------------------------------------------------------------------------------


@pytest.fixture
def courts() -> Courts:
    return Courts(
        [
            Court(code=HIGH, name="江苏省高级人民法院", joined=False),
            Court(code=MIDDLE, name="苏州市中级人民法院", superior=HIGH, joined=True),
            Court(code=GUSU, name="苏州市姑苏区人民法院", superior=MIDDLE, joined=True),
            Court(code=PARK, name="苏州工业园区人民法院", superior=MIDDLE, joined=True),
        ],
        PARK,
    )


def test_a_court_is_known_by_name_code_or_a_piece_that_only_one_has(courts: Courts) -> None:
    for text in ("苏州市姑苏区人民法院", GUSU, "苏０５０８", "姑苏"):
        assert courts.code_of(text) == GUSU
    with pytest.raises(ValueError, match="选择"):
        courts.code_of("苏州")
    with pytest.raises(ValueError, match="没有"):
        courts.code_of("上海")
    assert courts.code_or_text("苏州") == "苏州"
    assert courts.name(GUSU) == "苏州市姑苏区人民法院"
    assert [each.code for each in courts.search("苏05")] == [MIDDLE, GUSU, PARK]


def test_the_tree_leads_from_the_province_to_the_court(courts: Courts) -> None:
    assert [each.code for each in courts.under("")] == [HIGH]
    assert [each.code for each in courts.under_or_start("")] == [GUSU, PARK]
    assert [each.code for each in courts.way_to(GUSU)] == [HIGH, MIDDLE, GUSU]
    sendable = [each.code for each in courts.under(MIDDLE) if courts.may_receive(each)]
    assert sendable == [GUSU]
    assert [courts.leads_on(each) for each in courts.under(HIGH)] == [True]
