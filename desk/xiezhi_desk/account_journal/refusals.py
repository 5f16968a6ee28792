"""One entry for what is refused again and again, so that who guesses does not fill the journal of accounts."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, exists, select, update

from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_domain.terms import AccountEventKind
from xiezhi_journal.tables import account_event

_TOGETHER_MS: Final = 60_000
_MOST_REMEMBERED: Final = 10_000
_TIMES: Final = "，一分钟内共 {} 次"
_COUNTED: Final = re.compile(re.escape(_TIMES).replace(r"\{\}", r"(\d+)") + "$")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry, when it was made (ms since 1970), and how often the same was refused."""

    entry_id: int
    at: int
    times: int


class Refusals:
    """Notes refusals: one account's from one address for one reason within a minute are one entry that counts them.

    After a sign-in a new entry begins, so that what was refused since can be told from what was refused before.
    In memory for the last 10,000 of them: after a restart new entries begin. For the writer's thread alone.
    """

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[str, ...], _Entry] = OrderedDict()

    def note(
        self, connection: Connection, on: Occasion, kind: AccountEventKind, account_id: str, why: str
    ) -> None:
        """Add an entry, or count in the one before; *account_id* is empty for a login that nobody has."""
        key = (kind, account_id, on.by, on.address, why)
        last = self._last.get(key)
        together = last is not None and on.at - last.at < _TOGETHER_MS
        if last is not None and together and _counted(connection, last, on, kind, account_id, why):
            self._last[key] = _Entry(last.entry_id, last.at, last.times + 1)
            return
        self._last[key] = _Entry(on.note(connection, kind, account_id, why), on.at, 1)
        self._last.move_to_end(key)
        if len(self._last) > _MOST_REMEMBERED:
            self._last.popitem(last=False)


def times_of(detail: str) -> int:
    """Return how often that was refused which the entry with this *detail* tells of."""
    counted = _COUNTED.search(detail)
    return int(counted[1]) if counted else 1


def _counted(
    connection: Connection, last: _Entry, on: Occasion, kind: AccountEventKind, account_id: str, why: str
) -> bool:
    """Count once more in an entry; return False where it is not there, because its transaction was undone.

    Nor where somebody has signed in since.
    """
    row, later = account_event.c, account_event.alias("later").c
    signed_in = later.kind == AccountEventKind.SIGNED_IN
    if account_id and connection.scalar(
        select(exists().where(later.account == account_id, later.id > last.entry_id, signed_in))
    ):
        return False
    same = (row.id == last.entry_id, row.at == last.at, row.kind == kind, row.address == on.address)
    words = f"{why}{_TIMES.format(last.times + 1)}"
    return connection.execute(update(account_event).where(*same).values(detail=words)).rowcount == 1
