"""提级: the case that the superior has filed itself for what a lower court has not recovered."""

from sqlalchemy import Connection

from xiezhi.v1 import order_service_pb2 as pb
from xiezhi_desk.orders import accepted_facts, checked_filing, order_of
from xiezhi_domain.orders.succession import expected_balance, succession_of
from xiezhi_hub.orders.reading import require_order
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.reading import history


def filing_of(
    connection: Connection, instruction: str, request: pb.RecordElevatedCaseRequest, seat: Seat
) -> int:
    """Return the sum, in fen, for which the superior has filed: the balance with which the old case was struck off.

    Before that it is the balance ordered.

    :raises InvalidInput: naming what is wrong.
    """
    row = require_order(connection, instruction)
    rows = history(connection, instruction, bodies=True)
    order, _ = order_of(rows)
    told = accepted_facts(rows)
    struck_off = succession_of([(row.receiver, told)], seat.court).closed
    balance = struck_off.get(row.receiver, expected_balance(told))
    old = [case.case_number for case in order.cases if case.court == row.receiver]
    return checked_filing(request.filing, old, seat.court, balance)
