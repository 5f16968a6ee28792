"""Who at the hub's desk may know of which matters (ADR 0019): of confidential ones, and of those restricted to leaders.

To everybody else such a matter does not exist: no list, search or number finds it. Where figures count it, a list says
how many it leaves out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, or_

from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.rulebook import rulebook_in_force
from xiezhi_domain.terms import Role
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.reading import find_by_number, read_summary
from xiezhi_journal.restrictions import NAMED, naming, outside, unreadable
from xiezhi_wire.caller import Caller, current_caller

READ_ALL: Final = frozenset(
    {
        *(Role.SUPERVISOR, Role.AUDITOR, Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER),
        *(Role.BUREAU_CHIEF, Role.COURT_LEADER),
    }
)
"""Who reads at this desk what courts write in any matter: the policy's `ReadMatter`."""
KNOW_ALL: Final = READ_ALL | {Role.DUTY_OFFICER}
"""Who knows of confidential matters; the duty officer calls courts about them while nobody else is there."""

_matter = tables.instruction.c


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody at the desk in *roles*; without one of `KNOW_ALL` he knows of matters of *public* kinds alone."""

    roles: frozenset[Role]
    public: frozenset[str]

    @classmethod
    def of(cls, caller: Caller, journal: Journal) -> "Reader":
        """Return *caller* as the rulebook has it that is in force now."""
        rulebook = rulebook_in_force(journal.rulebooks.values(), to_date(journal.clock()))
        return cls(caller.roles, rulebook.public_kinds)

    @property
    def knows_all_kinds(self) -> bool:
        """Whether he knows of confidential matters."""
        return not KNOW_ALL.isdisjoint(self.roles)

    def hidden(self) -> ColumnElement[bool]:
        """Return the condition on rows of `instruction` under which he may not know of a matter.

        What names a confidential matter, such as a 督办 about it, tells of it.
        """
        restricted = unreadable(_matter.instruction, self.roles)
        if self.knows_all_kinds:
            return restricted
        public = sorted(self.public)
        telling = naming(NAMED.c.kind.not_in(public))
        return or_(restricted, _matter.kind.not_in(public), _matter.instruction.in_(telling))

    def visible(self) -> ColumnElement[bool]:
        """Return the condition on rows of `instruction` under which he may know of a matter."""
        return ~self.hidden()

    def known(self, connection: Connection, matters: Collection[str]) -> frozenset[str]:
        """Return which of *matters*, by id, he may know of."""
        return outside(connection, matters, self.hidden())

    def knows(self, connection: Connection, matter: str) -> bool:
        """Return whether he may know of a matter, by id."""
        return bool(self.known(connection, [matter]))


def current_reader(journal: Journal) -> Reader:
    """Return who calls."""
    return Reader.of(current_caller(), journal)


def find_matter(connection: Connection, wanted: str, reader: Reader | None = None) -> str:
    """Return the id of the matter named by id or by number, as far as *reader* may know of it; None: the hub itself.

    :raises NotFound: UNKNOWN_INSTRUCTION: there is none, or not for him; which of the two is not told.
    """
    known = read_summary(connection, wanted) is not None
    found = wanted if known else find_by_number(connection, wanted.strip())
    if found is None or (reader is not None and not reader.knows(connection, found)):
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    return found
