"""Handovers (处置权移交) decided by 提级 or by designating another court, and the order that is their ruling.

Each names the other (法释〔2016〕6号 第4条).
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from xiezhi.v1 import event_pb2, order_pb2
from xiezhi_desk.handovers import HandoverEvent, handover_events
from xiezhi_domain.errors import DomainError, InvalidInput
from xiezhi_domain.ladder.facts import text_fact
from xiezhi_domain.orders.form import elevates, moves_cases
from xiezhi_domain.rulebook import KindRules, Rulebook
from xiezhi_domain.terms import EventKind
from xiezhi_hub.confidentiality import find_matter
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import SuperiorAct, SuperiorMove
from xiezhi_hub.superior.people import Person
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.reading import read_accepted

_DECIDED = frozenset({EventKind.DISPOSAL_ELEVATED, EventKind.COURT_DESIGNATED})


def fill_in_handovers(
    connection: Connection, order: order_pb2.CourtOrder, rules: KindRules, rulebooks: Mapping[str, Rulebook]
) -> None:
    """Name the handovers of *order*, whose kind has *rules*, by their ids.

    :raises InvalidInput: naming one that does not exist, waits for no ruling, or for another one.
    """
    found: dict[str, None] = {}
    for at, wanted in enumerate(order.handover_ids):
        field = f"order.handover_ids[{at}]"
        try:
            instruction = find_matter(connection, wanted)
        except DomainError as error:
            raise InvalidInput.in_field(field, error.message) from error
        problem = _unfit(connection, instruction, order, rules, rulebooks)
        if problem:
            raise InvalidInput.in_field(field, problem)
        found[instruction] = None
    del order.handover_ids[:]
    order.handover_ids.extend(found)


def enter_in_handovers(
    ledger: Ledger,
    seat: Seat,
    request: RequestKey,
    person: Person,
    order: order_pb2.CourtOrder,
    issued: Mapping[str, str],
) -> None:
    """Enter the matters *issued* of an order (id → number) in the handovers that it is the ruling of.

    :raises DomainError: one waits for no ruling any more.
    """
    numbers = "、".join(issued.values())
    text = event_pb2.Prose(text=f"已下发{order.subject}，决定编号 {numbers}").SerializeToString()
    for instruction in order.handover_ids:
        move = SuperiorMove(EventKind.DISPOSAL_ORDER_ISSUED, {"orders": list(issued)}, [("prose", text)])
        SuperiorAct(seat, request, person, instruction, move).make(ledger)


def _unfit(
    connection: Connection,
    instruction: str,
    order: order_pb2.CourtOrder,
    rules: KindRules,
    rulebooks: Mapping[str, Rulebook],
) -> str:
    """Return, in words, why *order* cannot be the ruling of a handover; empty if it can."""
    view = read_accepted(connection, instruction)
    pinned = rulebooks.get(view.rulebook) if view else None
    move = pinned.kind(view.kind).moves.get(EventKind.DISPOSAL_ORDER_ISSUED) if view and pinned else None
    if view is None or move is None or not move.needs <= view.open.keys():
        return "该事项不是已决定提级执行或者由其他法院执行、尚未下发裁定的处置权移交"
    decided = _decision(handover_events(connection, instruction))
    if decided.kind == EventKind.DISPOSAL_ELEVATED and not elevates(rules):
        return f"该移交已决定提级执行，不能以{rules.name}下发"
    if decided.kind == EventKind.COURT_DESIGNATED:
        court = text_fact(decided.facts, "court")
        if not moves_cases(rules) or elevates(rules) or order.new_court != court:
            return f"该移交已指定 {court} 执行，应由该院接收案件"
    if not {view.sender, view.receiver} & {case.court for case in order.cases}:
        return "应列明商请法院或者首封法院的案件"
    return ""


def _decision(events: list[HandoverEvent]) -> HandoverEvent:
    """Return the decision that waits for its ruling; an overlay that is open says that there is one."""
    return next(event for event in reversed(events) if event.kind in _DECIDED)
