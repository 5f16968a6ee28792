"""The table of forms against what the SDK takes and the rulebook has."""

import inspect
import re

import pytest
from starlette.datastructures import FormData

from xiezhi_client.sdk import Item
from xiezhi_client.sdk.services.instructions import Instructions
from xiezhi_client.sdk.services.orders import Orders, ReceivedOrders, RequestDesk
from xiezhi_client.sdk.services.superior import Superior
from xiezhi_client.sdk.services.urges import Urges
from xiezhi_domain.orders.form import ORDERS
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Action
from xiezhi_workbench.action_forms import FORMS
from xiezhi_workbench.entering import Entered, read
from xiezhi_workbench.form_fields import ActionForm, Shape
from xiezhi_workbench.received_forms import court_forms
from xiezhi_workbench.superior_forms import superior_forms

ITEMS = (Item(number=3), Item(number=7))
ASKED = {
    *(
        Action.SUBMIT,
        Action.APPROVE,
        Action.REJECT_APPROVAL,
        Action.AFFIX_SEAL,
        Action.DISCARD,
        Action.WITHDRAW,
    ),
    *(Action.SIGN, Action.SIGN_AND_ASSIGN, Action.REASSIGN, Action.ASK_FOR_MATERIAL),
    *(Action.SUPPLY_MATERIAL, Action.LOG_CONTACT, Action.REPORT_PROGRESS, Action.COMPLETE),
    *(Action.CONFIRM, Action.REJECT_RESULT, Action.PROPOSE_RETURN, Action.APPROVE_RETURN),
    *(Action.OBJECT_TO_RETURN, Action.ASK_EXTENSION, Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION),
    *(Action.SUSPEND, Action.RESUME, Action.STOP, Action.NUDGE),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_asks_for_what_the_method_takes(form: ActionForm) -> None:
    takes = inspect.signature(getattr(Instructions, form.method)).parameters
    needed = {
        name
        for name, each in takes.items()
        if each.default is each.empty and name not in {"self", "instruction_id", "options"}
    }
    asked = {field.name: field for field in form.fields}
    assert asked.keys() <= takes.keys()
    assert needed <= {name for name, field in asked.items() if field.required}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_choice_has_something_to_choose_from(form: ActionForm) -> None:
    reasons = shipped_rulebook().kind("FIND").reasons
    for field in form.fields:
        if field.shape is Shape.CODE:
            assert reasons[field.reasons]
        assert (field.terms is not None) == (field.shape is Shape.TERM)


KINDS = ("FIND", "ORDER_DESIGNATE", "ORDER_ELEVATE", "ORDER_REQUEST", "SUPERVISION")
SERVICES = {"superior": Superior, "orders": Orders, "request_desk": RequestDesk, "urges": Urges}


@pytest.mark.parametrize("kind", KINDS)
def test_the_superiors_forms_ask_for_what_their_methods_take(kind: str) -> None:
    for form in superior_forms(kind).values():
        takes = inspect.signature(getattr(SERVICES[form.service], form.method)).parameters
        needed = {name for name, each in takes.items() if each.default is each.empty}
        asked = {field.name: field for field in form.fields}
        assert asked.keys() <= takes.keys()
        required = {name for name, field in asked.items() if field.required or field.shape is Shape.DOCUMENTS}
        assert needed - {"self", "instruction_id", "options"} <= required


@pytest.mark.parametrize("kind", KINDS)
def test_the_superiors_codes_are_the_rulebooks(kind: str) -> None:
    rules = shipped_rulebook().kind(kind)
    taken = {move.action for move in rules.moves.values() if move.action and "superior" in move.sides}
    for action in taken & superior_forms(kind).keys():
        for field in superior_forms(kind)[action].fields:
            assert field.shape is not Shape.CODE or rules.reasons[field.reasons]
            assert (field.shape is Shape.FLAG) == all(field.flags)


def test_every_act_of_the_superior_on_a_matter_between_courts_has_a_form() -> None:
    moves = shipped_rulebook().kind("FIND").moves.values()
    taken = {move.action for move in moves if move.action and "superior" in move.sides}
    assert taken <= superior_forms("FIND").keys()


@pytest.mark.parametrize("kind", sorted(ORDERS))
def test_every_act_on_an_order_by_who_receives_it_has_a_form(kind: str) -> None:
    rules, forms = shipped_rulebook().kind(kind), court_forms(kind)
    taken = {
        move.action for move in rules.moves.values() if move.action and {"receiver", "both"} & move.sides
    }
    assert taken <= forms.keys()
    for action in taken & (forms.keys() - FORMS.keys()):
        takes = inspect.signature(getattr(ReceivedOrders, forms[action].method)).parameters
        needed = {name for name, each in takes.items() if each.default is each.empty}
        required = {field.name for field in forms[action].fields if field.required}
        assert {field.name for field in forms[action].fields} <= takes.keys()
        assert needed - {"self", "instruction_id", "options"} <= required
        assert all(
            rules.reasons[field.reasons] for field in forms[action].fields if field.shape is Shape.CODE
        )


@pytest.mark.parametrize("kind", sorted(ORDERS))
def test_every_act_on_an_order_by_whoever_gave_it_has_a_form(kind: str) -> None:
    moves = shipped_rulebook().kind(kind).moves.values()
    taken = {move.action for move in moves if move.action and {"sender", "both", "superior"} & move.sides}
    # Orders are issued where they are drafted, and whose an order is changes at the court that carries it out.
    assert taken - superior_forms(kind).keys() <= {Action.ISSUE_ORDER, Action.CHANGE_OFFICER}


def test_every_action_of_cooperation_that_a_court_takes_has_a_form() -> None:
    moves = shipped_rulebook().kind("FIND").moves.values()
    taken = {move.action for move in moves if move.action and {"sender", "receiver", "both"} & move.sides}
    # Papers of the dossier are shared, and matters forwarded, where those are shown.
    assert taken - FORMS.keys() <= {Action.SHARE_DOSSIER, Action.FORWARD}
    assert FORMS.keys() >= ASKED


def entered(action: Action, *typed: tuple[str, str]) -> Entered:
    return read(FORMS[action], FormData(typed), ITEMS)


def test_what_lacks_is_said_at_its_field() -> None:
    wrong = entered(Action.PROPOSE_RETURN, ("text", "  ")).wrong
    assert set(wrong) == {"reason", "text", "contact.name"}
    assert all(re.match("请填写", message) for message in wrong.values())


def test_days_and_times_are_read_as_courts_write_them() -> None:
    good = entered(
        Action.LOG_CALL,
        ("counterpart.name", "顾专员"),
        ("text", "承诺今日办理"),
        ("called_at", "2026-11-20T09:30"),
    )
    assert good.wrong == {}
    assert good.values["called_at"].isoformat() == "2026-11-20T09:30:00+08:00"
    assert good.values["counterpart"].name == "顾专员"
    for text in ("2026-02-30", "明天"):
        assert "2026-11-22" in entered(Action.GRANT_EXTENSION, ("until_on", text)).wrong["until_on"]


def test_outcomes_are_those_that_were_chosen_and_errors_find_their_item() -> None:
    sent = entered(
        Action.COMPLETE, ("text", "已办"), ("outcomes.7.outcome", "NOT_DONE"), ("outcomes.7.note", "现场无人")
    )
    (outcome,) = sent.values["outcomes"]
    assert (outcome.number, outcome.outcome, outcome.note) == (7, "NOT_DONE", "现场无人")
    assert sent.shown_at("outcomes[0].reason") == "outcomes.7.reason"
    assert sent.shown_at("outcomes[5].reason") == "outcomes[5].reason"
    assert sent.shown_at("documents[2]") == "documents"
    assert sent.shown_at("text") == "text"


def test_a_note_without_a_result_and_a_made_up_result_are_refused() -> None:
    for typed in (("outcomes.3.note", "去过了"), ("outcomes.3.outcome", "PERHAPS")):
        assert set(entered(Action.REPORT_PROGRESS, ("text", "甲"), typed).wrong) == {"outcomes.3.outcome"}


def test_a_result_is_rejected_item_by_item() -> None:
    assert "rejections" in entered(Action.REJECT_RESULT).wrong
    sent = entered(Action.REJECT_RESULT, ("rejections.3.reason", "NOT_AS_ORDERED"))
    assert [each.number for each in sent.values["rejections"]] == [3]


def test_only_hashes_come_back_as_papers_uploaded() -> None:
    good = "a" * 64
    sent = entered(
        Action.SUPPLY_MATERIAL,
        ("documents.kept", f"{good} 执行 笔录.pdf"),
        ("documents.kept", "../etc x"),
    )
    assert [(each.sha256, each.name) for each in sent.kept] == [(good, "执行 笔录.pdf")]


@pytest.mark.parametrize(("typed", "value"), [("yes", True), ("no", False)])
def test_a_decision_is_one_of_two(typed: str, value: bool) -> None:
    assert entered(Action.RULE_ON_URGENCY, ("ordinary", typed)).values["ordinary"] is value
    assert "ordinary" in entered(Action.RULE_ON_URGENCY, ("ordinary", "maybe")).wrong
