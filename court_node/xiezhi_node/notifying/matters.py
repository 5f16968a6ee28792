"""The matters of this court as notifications need them, and who is who in them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from xiezhi_desk.accounts.store import list_accounts
from xiezhi_desk.notifying.matters import ToldMatter
from xiezhi_desk.notifying.rules import Person
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import DomainError
from xiezhi_domain.ladder.instruction import decode_instruction
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Role
from xiezhi_journal import tables
from xiezhi_node.leave.store import running_leaves
from xiezhi_node.seat import Seat

_MATTER = tables.instruction


def told_matters(
    connection: Connection, seat: Seat, instructions: Collection[str], now: int, *, left_too: bool = False
) -> Mapping[str, ToldMatter]:
    """Return the matters among *instructions* that this court is a party of, with *left_too* also was, by id."""
    rows = connection.execute(select(_MATTER).where(_MATTER.c.instruction.in_(sorted(instructions))))
    ours = [
        row
        for row in rows
        if seat.court in (row.sender, row.receiver) or (left_too and _was_party(seat, row))
    ]
    return {row.instruction: _told(connection, seat, row, now) for row in ours}


def _was_party(seat: Seat, row: Row[Any]) -> bool:
    content = row.view or row.accepted
    return bool(content) and seat.court in decode_instruction(content).former


def _told(connection: Connection, seat: Seat, row: Row[Any], now: int) -> ToldMatter:
    return ToldMatter(
        instruction=row.instruction,
        kind=row.kind,
        number=row.number,
        urgent=row.urgent,
        due_at=row.due_at,
        rules=_rules(seat, row),
        accounts={Person.OFFICER: _officers(connection, row, now), Person.JUDGE: _judges(connection, row)},
    )


def _rules(seat: Seat, row: Row[Any]) -> KindRules | None:
    content = row.view or row.accepted
    if not content:
        return seat.rulebook.kinds.get(row.kind)
    try:
        return seat.rules_of(decode_instruction(content))
    except DomainError:
        return None


def _officers(connection: Connection, row: Row[Any], now: int) -> frozenset[str]:
    """Return who works on a matter, and who stands in for him today."""
    if not row.officer:
        return frozenset()
    today = to_date(now)
    leaves = [each for each in running_leaves(connection, today) if each.account == row.officer]
    standing_in = {each.substitute for each in leaves if each.substitute and each.first_day <= today}
    return frozenset({row.officer} | standing_in)


def _judges(connection: Connection, row: Row[Any]) -> frozenset[str]:
    """Return the judge of a sender's case, as `confidentiality.works_on` knows him."""
    if not row.sent or not row.case_number:
        return frozenset()
    case = tables.case_file
    query = select(case.c.judge, case.c.judge_account).where(case.c.case_number == row.case_number)
    found = connection.execute(query).one_or_none()
    if found is None or not found.judge:
        return frozenset()
    judges = {each.account_id: each.officer.name for each in list_accounts(connection, Role.JUDGE)}
    if found.judge_account:
        return frozenset({found.judge_account} & judges.keys())
    return frozenset(account for account, name in judges.items() if name == found.judge)
