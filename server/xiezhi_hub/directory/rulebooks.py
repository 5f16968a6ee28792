"""The rulebooks that this hub has published, as rows."""

from sqlalchemy import Connection, select

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.rulebook import Rulebook, load_rulebook
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.tables import rulebook as table


def add_rulebook(connection: Connection, rulebook: Rulebook) -> None:
    """Add a rulebook, in force from now on."""
    insert_rows(connection, table, [(rulebook.hash, rulebook.content, True)])


def read_rulebooks(connection: Connection) -> dict[str, Rulebook]:
    """Return all rulebooks, by hash."""
    return {row.hash: load_rulebook(row.content) for row in connection.execute(select(table))}


def rulebook_in_force(connection: Connection) -> str:
    """Return the hash of the rulebook for new matters."""
    return rulebook_content(connection, "")[0]


def rulebook_content(connection: Connection, hash_: str) -> tuple[str, bytes]:
    """Return hash and content of a rulebook; of the one in force where *hash_* is empty.

    :raises NotFound: RULEBOOK_UNKNOWN.
    """
    query = select(table.c.hash, table.c.content)
    row = connection.execute(query.where(table.c.hash == hash_ if hash_ else table.c.in_force)).one_or_none()
    if row is None:
        raise NotFound(Reason.RULEBOOK_UNKNOWN, "平台没有发布过该版本的规则库，请核对")
    return row.hash, row.content
