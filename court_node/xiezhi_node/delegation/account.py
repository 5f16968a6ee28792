"""What became of a delegated case: its accepted and own pending events, folded (`xiezhi_domain.case_delegation`)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1 import event_pb2
from xiezhi_desk.bodies import read_part
from xiezhi_domain.case_delegation import CaseEvent, HandedSeizure, account_of
from xiezhi_domain.events.kinds import words
from xiezhi_domain.terms import EventKind, Kind
from xiezhi_journal.reading import HistoryRow, history
from xiezhi_node.delegation.case_parts import CANCELLATION, CLOSING, DATED, FILING, PROPERTIES, RENEWALS
from xiezhi_node.ordering.convert import read_order
from xiezhi_node.ordering.item_checks import parse_day

Event = tuple[HistoryRow, event_pb2.Body]


def read_case_order(connection: Connection, instruction: str) -> pb.CaseDelegationOrder:
    """Return the order that the matter began with; empty where it was of another kind."""
    return _order(_events(connection, instruction))


def read_account(connection: Connection, instruction: str) -> pb.CaseAccount:
    """Return what the events of the matter say together; what cannot be read says nothing."""
    events = _events(connection, instruction)
    order = _order(events)
    folded = account_of(_case_event(row, body, order) for row, body in events)
    account = pb.CaseAccount(holder=folded.holder)
    for handed in order.seizures:
        if standing := folded.register.seizures.get(handed.number):
            account.seizures.add(
                handed=handed,
                court=standing.court,
                expires_on=standing.expires_on.isoformat(),
                renewals=standing.renewals,
            )
    for row, body in events:
        _tell(account, row, body)
    return account


def _events(connection: Connection, instruction: str) -> list[Event]:
    rows = history(connection, instruction, bodies=True)
    return [(row, event_pb2.Body.FromString(row.body or b"")) for row in rows if row.accepted is not False]


def _order(events: Sequence[Event]) -> pb.CaseDelegationOrder:
    issued = [body for row, body in events if row.kind == EventKind.ISSUED]
    order = read_order(Kind.CASE_DELEGATION, issued[-1]) if issued else None
    return order if isinstance(order, pb.CaseDelegationOrder) else pb.CaseDelegationOrder()


def _case_event(row: HistoryRow, body: event_pb2.Body, order: pb.CaseDelegationOrder) -> CaseEvent:
    seizures = order.seizures if row.kind == EventKind.ISSUED else ()
    handed = [(each.number, each.rank, parse_day(each.expires_on)) for each in seizures]
    renewals = read_part(pb.SeizureRenewalList, body, RENEWALS).renewals
    return CaseEvent(
        row.kind,
        row.court,
        tuple(HandedSeizure(number, rank, day) for number, rank, day in handed if day),
        tuple((each.number, day) for each in renewals if (day := parse_day(each.expires_on))),
    )


def _tell(account: pb.CaseAccount, row: HistoryRow, body: event_pb2.Body) -> None:
    """Add what one event says, by its parts."""
    names = {part.name for part in body.parts if part.content}
    if FILING in names:
        account.filing.CopyFrom(read_part(pb.CaseFiling, body, FILING))
    if CANCELLATION in names:
        account.cancellations.append(read_part(pb.CaseCancellation, body, CANCELLATION))
    if PROPERTIES in names:
        account.found.extend(read_part(pb.PropertyList, body, PROPERTIES).properties)
    if CLOSING in names:
        account.closing.CopyFrom(read_part(pb.CaseClosing, body, CLOSING))
    if DATED in names:
        document = read_part(pb.DatedDocument, body, DATED)
        account.steps.add(kind=row.kind, words=words(row.kind), court=row.court, document=document)
