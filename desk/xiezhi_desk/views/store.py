"""Rows of saved views. Functions for the journal's `read` and `write`."""

from sqlalchemy import Connection, delete, func, insert, select, update

from xiezhi.v1 import view_service_pb2 as pb
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_journal.tables import saved_view as table


def list_views(connection: Connection, account: str) -> list[pb.SavedView]:
    """Return the views of an account, in the order in which they were made."""
    query = select(table.c.content, table.c.is_default).where(table.c.account == account)
    found = connection.execute(query.order_by(table.c.position))
    return [_message(row.content, is_default=row.is_default) for row in found]


def count_views(connection: Connection, account: str, box: int) -> int:
    """Return how many views of a list an account has."""
    own = (table.c.account == account, table.c.box == box)
    return connection.scalar(select(func.count()).select_from(table).where(*own)) or 0


def is_taken(connection: Connection, account: str, view: pb.SavedView) -> bool:
    """Return whether another view of the list has this name."""
    same = (table.c.account == account, table.c.box == view.filter.box, table.c.name == view.name)
    query = select(table.c.view).where(*same, table.c.view != view.view_id)
    return connection.scalar(query) is not None


def add_view(connection: Connection, account: str, view: pb.SavedView) -> None:
    """Add a view, behind those that there are."""
    _yield_default(connection, account, view)
    last = connection.scalar(select(func.max(table.c.position)).where(table.c.account == account)) or 0
    row = {"view": view.view_id, "account": account, "position": last + 1, **_values(view)}
    connection.execute(insert(table), row)


def replace_view(connection: Connection, account: str, view: pb.SavedView) -> None:
    """Replace a view.

    :raises NotFound: UNKNOWN_VIEW; the account has none with this id.
    """
    _yield_default(connection, account, view)
    own = (table.c.account == account, table.c.view == view.view_id)
    if not connection.execute(update(table).where(*own).values(_values(view))).rowcount:
        raise NotFound(Reason.UNKNOWN_VIEW)


def delete_view(connection: Connection, account: str, view_id: str) -> None:
    """Delete a view of an account; one that is not there is none."""
    connection.execute(delete(table).where(table.c.account == account, table.c.view == view_id))


def _yield_default(connection: Connection, account: str, view: pb.SavedView) -> None:
    """Let no other view of the list be the one that it opens with, where this one is."""
    if view.is_default:
        own = (table.c.account == account, table.c.box == view.filter.box)
        connection.execute(update(table).where(*own).values(is_default=False))


def _values(view: pb.SavedView) -> dict[str, object]:
    return {
        "box": int(view.filter.box),
        "name": view.name,
        "content": view.SerializeToString(),
        "is_default": view.is_default,
    }


def _message(content: bytes, *, is_default: bool) -> pb.SavedView:
    view = pb.SavedView.FromString(content)
    view.is_default = is_default
    return view
