"""Complete orders and outcomes of any kind that has items, made from what the rulebook asks for.

A kind that is added to the rulebook is filled in without a line here, unless it asks for a field that has a form of
its own (`_value`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import court_pb2, delegation_service_pb2, find_service_pb2, item_pb2
from xiezhi_desk.terms import ACTS, PROPERTY_CATEGORIES
from xiezhi_domain.court_time import to_date
from xiezhi_domain.item_fields import ItemField
from xiezhi_domain.rulebook import Effect, FieldRule, KindRules
from xiezhi_domain.terms import Act, Kind, PropertyCategory

OFFICERS: Final = [court_pb2.Officer(name="测试field"), court_pb2.Officer(name="测试other_field")]
_FOLLOWS: Final = frozenset({Effect.RENEWS, Effect.RELEASES, Effect.COLLECTS})
_PROOF: Final = "document_sha256s"
_WORDS: Final = "演示内容"


def act_of(rules: KindRules, *, approved: bool = False) -> Act:
    """An act that stands at a beginning: no renewal or release, the fewest approvals, one at least if *approved*."""
    first = [act for act in sorted(rules.acts) if rules.content.effect(act) not in _FOLLOWS]
    by_telephone = [act for act in first if act in rules.phone_first_acts]
    if approved:
        by_telephone, first = [], [act for act in first if _can_be_approved(rules, act)]
    return min(by_telephone or first, key=lambda act: len(rules.approval_chain([act])))


def _can_be_approved(rules: KindRules, act: Act) -> bool:
    """Whether an act is approved, and on no property where the kind names no categories of any."""
    needs_property = any(path.startswith("property.") for path in _asked(rules, act, "order"))
    return bool(rules.approval_chain([act])) and (bool(rules.content.categories) or not needs_property)


def an_order(rules: KindRules, case: str, receiver: str, now: int, act: Act | None = None) -> Message:
    """A complete order of a *case* with two items, but for its papers; of *act*, or of the usual one."""
    common: dict[str, Any] = {
        "case_number": case,
        "receiver": receiver,
        "subject_numbers": [1],
        "items": [_item(rules, act or act_of(rules), number, now) for number in (1, 2)],
        "request_text": "请协助办理",
    }
    if rules.kind == Kind.FIND:
        return find_service_pb2.FindOrder(**common)
    return delegation_service_pb2.DelegationOrder(kind=rules.kind, excess_reason="多名被执行人", **common)


def outcomes(rules: KindRules, done_at: int, proof: Sequence[bytes] = ()) -> list[item_pb2.ItemOutcome]:
    """What became of the items of such an order: all was done at *done_at* (ms), shown by the documents *proof*."""
    found = []
    for number in (1, 2):
        outcome = item_pb2.ItemOutcome(number=number, outcome=item_pb2.OUTCOME_DONE)
        outcome.done_at.FromMilliseconds(done_at)
        for path in _asked(rules, act_of(rules), "outcome"):
            if path != _PROOF:
                _fill(outcome, path, rules, done_at)
        outcome.document_sha256s.extend(proof)
        found.append(outcome)
    return found


def asks_for_proof(rules: KindRules) -> bool:
    """Whether outcomes have to name the documents that show them."""
    return _PROOF in _asked(rules, act_of(rules), "outcome")


def _item(rules: KindRules, act: Act, number: int, now: int) -> item_pb2.Item:
    item = item_pb2.Item(number=number, act=ACTS.to_proto(act), subject_number=1)
    for path in _asked(rules, act, "order"):
        _fill(item, path, rules, now)
    return item


def _asked(rules: KindRules, act: Act, which: str) -> Iterable[str]:
    category = _category(rules)
    for rule in rules.content.rules_for(act):
        if rule.holds_for(category):
            yield from (field.path for field in _needed(rule, getattr(rule, which)))


def _needed(rule: FieldRule, fields: tuple[ItemField, ...]) -> tuple[ItemField, ...]:
    return fields[-1:] if rule.one_of else fields


def _category(rules: KindRules) -> PropertyCategory | None:
    return min(rules.content.categories, default=None)


def _fill(message: Message, path: str, rules: KindRules, now: int) -> None:
    *above, name = path.split(".")
    for each in above:
        message = getattr(message, each)
    value = _value(path, rules, now)
    if isinstance(value, Message):
        getattr(message, name).CopyFrom(value)
    elif isinstance(value, list):
        getattr(message, name).extend(value)
    else:
        setattr(message, name, value)


def _value(path: str, rules: KindRules, now: int) -> Any:
    today = to_date(now)
    formed: Mapping[str, Any] = {
        "subject_number": 1,
        "amount_fen": 100,
        "amount_obtained_fen": 100,
        "starts_on": str(today),
        "expires_on": str(today + timedelta(days=200)),
        "credited_on": str(today),
        "property.category": PROPERTY_CATEGORIES.to_proto(_category(rules)) if _category(rules) else 0,
        "property.equity.credit_code": "91320500MA0000007J",
        "network_query.queried_on": str(today),
        "service.papers": [_WORDS],
        "service.result": item_pb2.SERVICE_RESULT_SIGNED_IN_PERSON,
        "officers": OFFICERS,
        "findings": [item_pb2.Finding(site=_WORDS)],
    }
    if path.endswith("_at"):
        return Timestamp(seconds=now // 1_000)
    return formed.get(path, _WORDS)
