"""Who in this court sees which matters, and who sees numbers in full (practice.md §16, design §9).

Kinds that the rulebook marks confidential are seen by those who work on the matter, by the command centre and by those
who lead the court's enforcement; to everybody else they do not exist. A matter whose reading the superior has
restricted exists for the court's leaders alone (ADR 0018). Numbers of people are shown in full only to
those who work on the matter, never to the auxiliary staff.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, false, or_, select

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.terms import Role
from xiezhi_journal import tables
from xiezhi_journal.restrictions import readable
from xiezhi_wire.caller import Caller

_CENTRE: Final = frozenset({Role.CENTRE_DIRECTOR, Role.CENTRE_OFFICER, Role.DUTY_OFFICER})
_LEADERS: Final = frozenset({Role.BUREAU_CHIEF, Role.COURT_LEADER})
_SEE_ALL: Final = _CENTRE | _LEADERS | {Role.SEAL_KEEPER, Role.INTEGRATION}
_WORK_ON_ALL: Final = _CENTRE | {Role.INTEGRATION}

_matter = tables.instruction.c


def visible(caller: Caller, rulebook: Rulebook) -> ColumnElement[bool]:
    """Return the condition on rows of `instruction` under which *caller* may know of a matter."""
    unrestricted = readable(_matter.instruction, caller.roles)
    if sees_all(caller):
        return unrestricted
    return and_(unrestricted, or_(_matter.kind.in_(sorted(rulebook.public_kinds)), works_on(caller)))


def sees_all(caller: Caller) -> bool:
    """Return whether every matter of the court is *caller*'s to see, but for restricted ones."""
    return not _SEE_ALL.isdisjoint(caller.roles)


def works_on(caller: Caller) -> ColumnElement[bool]:
    """Return the condition under which *caller* works on a matter himself.

    He drafted it, it is assigned to him, he is the judge of its case (`cases.people`), or he stands in for such a
    person. The role keeps out a namesake in another office.
    """
    own = _matter.officer.in_(sorted(caller.accounts))
    if Role.JUDGE not in caller.roles:
        return own
    case = tables.case_file.c
    by_account = case.judge_account.in_(sorted(caller.accounts))
    by_name = and_(case.judge_account == "", case.judge.in_(sorted(caller.names)))
    cases = select(case.case_number).where(or_(by_account, by_name))
    return or_(own, and_(_matter.sent, _matter.case_number.in_(cases)))


def find_visible(connection: Connection, caller: Caller, rulebook: Rulebook, instruction: str) -> Row[Any]:
    """Return the row of a matter that *caller* may know of.

    :raises NotFound: UNKNOWN_INSTRUCTION, there is none, or not for this caller.
    """
    query = select(tables.instruction).where(_matter.instruction == instruction, visible(caller, rulebook))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    return row


def unmasked(caller: Caller) -> ColumnElement[bool]:
    """Return the condition on rows of `instruction` under which *caller* may see numbers in full."""
    if caller.roles == {Role.AUXILIARY}:
        return false()
    unrestricted = readable(_matter.instruction, caller.roles)
    return unrestricted if caller.roles & _WORK_ON_ALL else and_(unrestricted, works_on(caller))


def may_unmask(connection: Connection, caller: Caller, instruction: str) -> bool:
    """Return whether *caller* may see the numbers of a matter in full."""
    query = select(_matter.instruction).where(_matter.instruction == instruction, unmasked(caller))
    return connection.scalar(query) is not None
