"""Acting once: prepared on a reader's connection, done in the writer, answered again if it is asked again."""

from collections.abc import Callable

from sqlalchemy import Connection, select

from xiezhi_domain.errors import DomainError
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger, RequestKey
from xiezhi_journal.writer import Work

Prepare = Callable[[Connection], Work[Ledger, bytes]]
"""Checks a request against what is stored and returns the work that answers it."""


async def act_once(journal: Journal, key: RequestKey, prepare: Prepare) -> bytes:
    """Return the answer of the work that *prepare* makes, or the stored one if the request was answered before.

    :raises DomainError: as *prepare* and the work.
    """
    try:
        work = await journal.read(prepare)
    except DomainError:
        # What was done before may be what now stands against doing it: the first answer still holds.
        answer = await journal.read(lambda connection: stored_answer(connection, key))
        if answer is None:
            raise
        return answer
    return await journal.submit(work)


def stored_answer(connection: Connection, key: RequestKey) -> bytes | None:
    """Return the stored answer to the very same request, None if there is none."""
    request = tables.request.c
    query = select(request.response).where(
        request.principal == key.principal,
        request.method == key.method,
        request.request_id == key.request_id,
        request.content_hash == key.content_hash,
    )
    return connection.scalar(query)
