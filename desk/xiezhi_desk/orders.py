"""A superior's order as the domain judges it, and what was said in the histories of its matters.

The same at the hub and at the court that is ordered.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from xiezhi.v1 import event_pb2, instruction_pb2, order_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.orders.form import Force, Order, OrderedCase
from xiezhi_domain.orders.succession import succession_of
from xiezhi_domain.terms import EventKind
from xiezhi_journal.proofs import named_documents, part_content
from xiezhi_journal.reading import HistoryRow

_SAID = frozenset(
    {
        *(EventKind.PROGRESS_REPORTED, EventKind.CONSULTED, EventKind.CONSULTATION_ANSWERED),
        *(EventKind.ORDER_CHANGED, EventKind.ORDER_REPORTED, EventKind.REPLY_RETURNED),
        *(EventKind.ORDER_CLOSED, EventKind.REVOKED, EventKind.SUSPENDED, EventKind.RESUMED),
    }
)


def to_order(message: order_pb2.CourtOrder, superior: str) -> Order:
    """Return *message* as an order of *superior*.

    :raises InvalidInput: naming a day that is none.
    """
    return Order(
        kind=message.kind,
        superior=superior,
        cases=tuple(
            OrderedCase(each.court, each.case_number, each.claim_fen, each.recovered_fen)
            for each in message.cases
        ),
        new_court=message.new_court,
        forces=tuple(_force(each, f"order.forces[{at}]") for at, each in enumerate(message.forces)),
        others=tuple(message.other_courts),
    )


def _force(message: order_pb2.LentForce, field: str) -> Force:
    return Force(
        message.court,
        len(message.officers),
        len(message.vehicles),
        day(message.from_on, f"{field}.from_on"),
        day(message.until_on, f"{field}.until_on"),
    )


def day(text: str, field: str) -> date:
    """Return the day that *text* spells.

    :raises InvalidInput: naming *field*.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput.in_field(field, "日期格式应为 2026-11-22") from error


def accepted_facts(rows: Iterable[HistoryRow]) -> list[tuple[str, JsonObject]]:
    """Return kinds and facts of the events that were not refused."""
    return [(row.kind, decode_header(row.header).facts) for row in rows if row.accepted is not False]


def order_of(rows: Sequence[HistoryRow]) -> tuple[order_pb2.CourtOrder, event_pb2.ApprovalRecord]:
    """Return what an order says and who approved it, from the first event of one of its matters, read with its body."""
    body = event_pb2.Body.FromString(rows[0].body or b"")
    order = order_pb2.CourtOrder.FromString(part_content(body, "order"))
    order.documents.extend(named_documents(body))
    return order, event_pb2.ApprovalRecord.FromString(part_content(body, "approval"))


def order_at_court(
    summary: instruction_pb2.InstructionSummary, order: order_pb2.CourtOrder, rows: Sequence[HistoryRow]
) -> order_pb2.OrderAtCourt:
    """Return what became of *order* at one court, from the events of its matter, read with their bodies."""
    court, superior = summary.receiver, summary.sender
    told = succession_of([(court, accepted_facts(rows))], superior)
    found = order_pb2.OrderAtCourt(
        summary=summary,
        parts=sorted(to_order(order, superior).parts().get(court, frozenset())),
        balance_fen=told.balances[court],
        moved=told.moved,
    )
    for row in rows:
        if row.accepted is not False:
            _add(found, row, event_pb2.Body.FromString(row.body or b""))
    return found


def _add(found: order_pb2.OrderAtCourt, row: HistoryRow, body: event_pb2.Body) -> None:
    match row.kind:
        case EventKind.OLD_CASE_CLOSED:
            found.closing.MergeFromString(part_content(body, "closing"))
            found.closed_at.CopyFrom(_when(row, "closed"))
        case EventKind.NEW_CASE_FILED | EventKind.CASE_ELEVATED:
            found.filing.MergeFromString(part_content(body, "filing"))
            found.filed_at.CopyFrom(_when(row, "filed"))
        case EventKind.CONSULTED:
            found.consultation_open = True
        case EventKind.CONSULTATION_ANSWERED:
            found.consultation_open = False
    if row.kind in _SAID:
        prose = event_pb2.Prose.FromString(part_content(body, "prose"))
        note = found.notes.add(event=row.kind, court=decode_header(row.header).sender, text=prose.text)
        note.at.CopyFrom(to_timestamp(decode_header(row.header).at))


def request_of(
    summary: instruction_pb2.InstructionSummary, rows: Iterable[HistoryRow]
) -> order_pb2.FiledRequest:
    """Return a request with what was decided, from the events of its matter, read with their bodies."""
    found = order_pb2.FiledRequest(summary=summary)
    for row in rows:
        if row.accepted is False:
            continue
        body = event_pb2.Body.FromString(row.body or b"")
        match row.kind:
            case EventKind.ISSUED:
                found.request.MergeFromString(part_content(body, "request"))
                found.request.documents.extend(named_documents(body))
            case EventKind.HEARING_HELD:
                found.hearings.append(order_pb2.Hearing.FromString(part_content(body, "hearing")))
                found.documents.extend(named_documents(body))
            case EventKind.REQUEST_DECIDED:
                found.result = str(decode_header(row.header).facts.get("result", ""))
                found.decision = event_pb2.Prose.FromString(part_content(body, "prose")).text
                found.documents.extend(named_documents(body))
    return found


def _when(row: HistoryRow, fact: str) -> Timestamp:
    """Return the time that an event states, which the rulebook asks of it."""
    at = decode_header(row.header).facts[fact]
    assert isinstance(at, int), "the rulebook says that it is a time"
    return to_timestamp(at)


def recorded_at(request: Any, field: str, now: int, tolerance: int) -> int:
    """Return when something was done (ms) that is recorded at *now*: as *request* states in *field*, or now.

    *tolerance* (ms) is how far clocks may differ.

    :raises InvalidInput: naming *field*; it lies ahead.
    """
    at: int = getattr(request, field).ToMilliseconds() if request.HasField(field) else now
    if not 0 <= at <= now + tolerance:
        raise InvalidInput.in_field(field, "时间不能晚于现在")
    return at


def checked_closing(
    closing: order_pb2.OldCaseClosing, order: order_pb2.CourtOrder, court: str, at_most: int
) -> int:
    """Return the sum of the balances with which *court* strikes off its cases in *order*, in fen.

    *at_most* is the balance that it was told last: what is recovered meanwhile only makes it less.

    :raises InvalidInput: naming what is wrong.
    """
    wanted = [case.case_number for case in order.cases if case.court == court]
    _check_numbers([each.case_number for each in closing.cases], wanted, "closing.cases")
    total = _total([each.balance_fen for each in closing.cases], "closing.cases")
    if total > at_most:
        words = f"余额合计 {total} 分，超过决定所列余额 {at_most} 分，请核对；确有变化的，先报告上级法院"
        raise InvalidInput.in_field("closing.cases", words)
    return total


def checked_filing(
    filing: order_pb2.NewCaseFiling, old_cases: Sequence[str], court: str, balance: int
) -> int:
    """Return the sum for which *court* has filed new cases in the place of *old_cases*: the *balance*, to the fen.

    :raises InvalidInput: naming what is wrong.
    """
    _check_numbers([each.old_case_number for each in filing.cases], old_cases, "filing.cases")
    for at, each in enumerate(filing.cases):
        field = f"filing.cases[{at}].new_case_number"
        number = CaseNumber.parse(each.new_case_number, field)
        if not number.is_old_form and number.court != court:
            raise InvalidInput.in_field(field, "新案应为本院案件，请核对案号")
    total = _total([each.balance_fen for each in filing.cases], "filing.cases")
    if total != balance:
        words = f"立案金额合计 {total} 分，应为尚未执行到位的余额 {balance} 分；余额有变化的，先由上级法院变更决定"
        raise InvalidInput.in_field("filing.cases", words)
    return total


def _check_numbers(given: Sequence[str], wanted: Sequence[str], field: str) -> None:
    if sorted(given) != sorted(wanted):
        raise InvalidInput.in_field(field, f"应逐件填写决定所列案件，每件一次：{'、'.join(wanted)}")


def _total(sums: Sequence[int], field: str) -> int:
    if any(each < 0 for each in sums):
        raise InvalidInput.in_field(field, "金额不能为负数")
    return sum(sums)
