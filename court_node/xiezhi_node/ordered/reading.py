"""An order as the court that is ordered sees it."""

from sqlalchemy import Connection

from xiezhi.v1 import order_pb2
from xiezhi_desk.orders import order_at_court, order_of
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.orders.form import ORDERS
from xiezhi_journal.reading import history, read_summary
from xiezhi_node.instructions.summaries import to_summary
from xiezhi_node.seat import Seat


def read_order(connection: Connection, seat: Seat, instruction: str, now: int) -> order_pb2.IssuedOrder:
    """Return the order as it stands here at *now* (ms).

    :raises NotFound: UNKNOWN_INSTRUCTION, it is none.
    """
    row = read_summary(connection, instruction)
    if row is None or row.kind not in ORDERS:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该决定，请核对编号")
    rows = history(connection, instruction, bodies=True)
    order, approval = order_of(rows)
    found = order_pb2.IssuedOrder(order=order, approval=approval)
    found.courts.append(order_at_court(to_summary(row, seat, now), order, rows))
    return found
