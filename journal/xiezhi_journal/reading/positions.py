"""How far the journals of courts' nodes have come, as the hub knows it."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from xiezhi_domain.events.header import decode_header
from xiezhi_journal import tables

_PAGE = 50


def last_position_of(connection: Connection, court: str, without_keys: Collection[str] = ()) -> int:
    """Return the highest journal position among the stored events of *court*; 0 if there is none.

    Events signed by *without_keys* do not count: in its own court the hub acts, too, with a journal of its own.
    """
    table = tables.event
    query = (
        select(table.c.journal_position, table.c.header)
        .where(table.c.court == court)
        .order_by(table.c.journal_position.desc())
    )
    if not without_keys:
        return connection.scalar(query.limit(1)) or 0
    with connection.execute(query, execution_options={"yield_per": _PAGE}) as rows:
        made = (row.journal_position for row in rows if decode_header(row.header).key not in without_keys)
        return next(made, 0)
