"""Who of this court the judge and the clerk of a case are.

A case names them; case systems know no accounts. Whom a name means is settled when the case is entered, so that a
namesake who comes later, or is there already, does not see it: by the work certificate (工作证号) where case and
account have one, else by who enters the case himself, who held it before, or who alone has the name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import case_pb2, court_pb2
from xiezhi_desk.accounts.account import Account
from xiezhi_desk.accounts.store import list_accounts
from xiezhi_domain.terms import Role
from xiezhi_journal import tables
from xiezhi_wire.caller import Caller

NOBODY: Final = "-"
"""Several have the name, and nothing says which of them it is: the case is nobody's until it does."""
_table = tables.case_file.c


@dataclass(frozen=True, slots=True)
class CasePeople:
    """The accounts of a case's judge and clerk; empty where nobody had such an account when the case was entered."""

    judge: str = ""
    clerk: str = ""


def find_people(connection: Connection, case_number: str) -> CasePeople:
    """Return whom a case's names were found to mean."""
    query = select(_table.judge_account, _table.clerk_account).where(_table.case_number == case_number)
    row = connection.execute(query).one_or_none()
    return CasePeople() if row is None else CasePeople(row.judge_account, row.clerk_account)


def people_of(
    connection: Connection, case: case_pb2.Case, held: case_pb2.Case | None, entered_by: str = ""
) -> CasePeople:
    """Return whom the names of *case* mean; *held* is the case as it was known before.

    *entered_by* is the account of who enters it himself; empty where the case system does.
    """
    before = CasePeople() if held is None else find_people(connection, case.case_number)
    judge_stays = held is not None and held.judge.name == case.judge.name
    clerk_stays = held is not None and held.clerk.name == case.clerk.name
    judges, clerks = list_accounts(connection, Role.JUDGE), list_accounts(connection, Role.ASSISTANT)
    return CasePeople(
        _meant(case.judge, judges, (entered_by, before.judge if judge_stays else "")),
        _meant(case.clerk, clerks, (entered_by, before.clerk if clerk_stays else "")),
    )


def _meant(officer: court_pb2.Officer, accounts: Sequence[Account], likely: Sequence[str]) -> str:
    """Return the account that *officer* means among those of his role; of several namesakes the first *likely* one."""
    number = officer.work_certificate
    namesakes = {
        each.account_id: each.officer.work_certificate
        for each in accounts
        if each.officer.name == officer.name and not each.disabled
    }
    if number:
        fitting = {account: its for account, its in namesakes.items() if its in {number, ""}}
        namesakes = {account: its for account, its in fitting.items() if its} or fitting
    found = [account for account in likely if account in namesakes] or [*namesakes]
    if len(namesakes) > 1 and found == [*namesakes]:
        return NOBODY
    return found[0] if found else ""


def is_meant(caller: Caller, name: str, account: str) -> bool:
    """Return whether *caller*, or somebody in whose place he acts, is the person of this name and account."""
    return account in caller.accounts if account else name in caller.names
