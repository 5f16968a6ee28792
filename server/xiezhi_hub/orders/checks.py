"""What may be drafted as an order, and what a draft still lacks before it can be approved."""

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import order_pb2
from xiezhi_desk.orders import day, to_order
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import DomainError, InvalidInput
from xiezhi_domain.orders.form import ORDERS, REQUESTS, gaps, slips
from xiezhi_domain.rulebook import KindRules, Rulebook
from xiezhi_domain.terms import State
from xiezhi_hub.confidentiality import find_matter
from xiezhi_hub.orders.handovers import fill_in_handovers
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.urging.papers import fill_in_documents
from xiezhi_journal.reading import read_summary

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 4_000
MOST_CASES: Final = 200
MOST_FORCES: Final = 64
_LONGEST: Final = {"subject": LONGEST_LINE, "requirement": LONGEST_TEXT, "ground": LONGEST_TEXT}


def rules_of(rulebook: Rulebook, kind: str) -> KindRules:
    """Return the rules of a kind of order.

    :raises InvalidInput: it is none.
    """
    rules = rulebook.kinds.get(kind)
    if rules is None or kind not in ORDERS:
        raise InvalidInput.in_field("order.kind", "请选择决定的种类，例如 指定执行、提级执行、协同执行")
    return rules


def check_order(
    connection: Connection,
    order: order_pb2.CourtOrder,
    rulebook: Rulebook,
    rulebooks: Mapping[str, Rulebook],
    seat: Seat,
    draft_id: str,
) -> order_pb2.CourtOrder:
    """Return *order* as it is kept: its limit filled in, other matters by their ids, documents as they lie here.

    *rulebook* is in force, *rulebooks* are those that other matters pin; *draft_id* is what its documents were uploaded
    under. It may still lack things (`lacking`).

    :raises InvalidInput: naming the field that is wrong.
    """
    checked = order_pb2.CourtOrder()
    checked.CopyFrom(order)
    rules = rules_of(rulebook, order.kind)
    _check_words(order, rules)
    checked.limit_days = order.limit_days or rules.limits["handle"].amount
    _check_courts(order, seat)
    for field, words in slips(to_order(order, seat.court), rules):
        raise InvalidInput.in_field(f"order.{field}", words)
    for at, case in enumerate(checked.cases):
        case.case_number = str(CaseNumber.parse(case.case_number, f"order.cases[{at}].case_number"))
    if order.HasField("hearing"):
        day(order.hearing.held_on, "order.hearing.held_on")
    _fill_in_requests(connection, checked)
    fill_in_handovers(connection, checked, rules, rulebooks)
    fill_in_documents(connection, checked.documents, draft_id)
    return checked


def lacking(order: order_pb2.CourtOrder, rulebook: Rulebook, seat: Seat) -> Iterator[str]:
    """Give, in words, what *order* lacks before it can be approved."""
    rules = rules_of(rulebook, order.kind)
    if not order.requirement:
        yield "请填写决定的内容和要求"
    if not order.ground:
        yield "请填写事实和依据"
    yield from gaps(to_order(order, seat.court), rules)
    present = frozenset(PAPER_TYPES.from_proto(each.paper_type, "documents") for each in order.documents)
    for paper, rule in rules.missing_papers(frozenset(), present):
        others = "或".join(each.zh for each in rule.papers) if rule.one_of else paper.zh
        yield f"缺少{others}：{rule.reason}（依据：{rule.citation.source}）"


def _check_words(order: order_pb2.CourtOrder, rules: KindRules) -> None:
    for name, longest in _LONGEST.items():
        if len(getattr(order, name)) > longest:
            raise InvalidInput.in_field(f"order.{name}", f"最长 {longest} 个字")
    if not order.subject.strip():
        raise InvalidInput.in_field("order.subject", "请填写决定的标题")
    if order.about not in rules.reasons["about"]:
        raise InvalidInput.in_field("order.about", "请选择规则库中列明的事由")
    days = order.limit_days or rules.limits["handle"].amount
    if not rules.min_limit_days <= days <= rules.max_limit_days:
        words = f"完成期限应为 {rules.min_limit_days} 至 {rules.max_limit_days} 天"
        raise InvalidInput.in_field("order.limit_days", words)


def _check_courts(order: order_pb2.CourtOrder, seat: Seat) -> None:
    for name, rows, most in (("cases", order.cases, MOST_CASES), ("forces", order.forces, MOST_FORCES)):
        if len(rows) > most:
            raise InvalidInput.in_field(f"order.{name}", f"最多 {most} 项")
    below = seat.courts.subtree(seat.court) - {seat.court}
    named = [(f"cases[{at}].court", each.court) for at, each in enumerate(order.cases)]
    named += [(f"forces[{at}].court", each.court) for at, each in enumerate(order.forces)]
    named += [(f"other_courts[{at}]", court) for at, court in enumerate(order.other_courts)]
    if order.new_court and order.new_court != seat.court:
        named.append(("new_court", order.new_court))
    for field, court in named:
        if court not in below:
            raise InvalidInput.in_field(f"order.{field}", "请选择本枢纽服务的下级法院，并核对法院代字")


def _fill_in_requests(connection: Connection, order: order_pb2.CourtOrder) -> None:
    found = [_request(connection, each, at) for at, each in enumerate(order.request_ids)]
    del order.request_ids[:]
    order.request_ids.extend(dict.fromkeys(found))


def _request(connection: Connection, wanted: str, at: int) -> str:
    field = f"order.request_ids[{at}]"
    try:
        instruction = find_matter(connection, wanted)
    except DomainError as error:
        raise InvalidInput.in_field(field, error.message) from error
    summary = read_summary(connection, instruction)
    assert summary is not None, "the matter was just found in this transaction"
    if summary.kind not in REQUESTS:
        raise InvalidInput.in_field(field, "该事项不是报请或者执行协调，请核对编号")
    if summary.state is not State.EXAMINING:
        raise InvalidInput.in_field(field, f"该报请当前为“{summary.state.zh}”，应先受理、尚未决定")
    return instruction
