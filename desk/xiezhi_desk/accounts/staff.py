"""Staff lists: many accounts at once, each row alone (practice.md §18 ①)."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import account_service_pb2 as pb
from xiezhi_desk.account_journal.recording import Occasion
from xiezhi_desk.accounts import administration, store
from xiezhi_desk.accounts.account import Account, check_login, check_officer, check_roles, normal_login
from xiezhi_desk.accounts.convert import to_message
from xiezhi_desk.terms import ROLES
from xiezhi_domain.errors import DomainError, FieldViolation, InvalidInput, LimitExceeded, Reason

MOST_ROWS: Final = 50
"""Each new row costs one slow password hash."""
_ROW: Final = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of which nothing is wrong: the account as it was, None for a new one, and as the row wants it."""

    row: pb.StaffRow
    before: Account | None
    wanted: Account

    @property
    def outcome(self) -> pb.StaffOutcome.ValueType:
        """What becomes of the row."""
        if self.before is None:
            return pb.STAFF_OUTCOME_CREATED
        return pb.STAFF_OUTCOME_UNCHANGED if self.wanted == self.before else pb.STAFF_OUTCOME_UPDATED

    def result(self) -> pb.StaffResult:
        """Return the row's line of the answer."""
        return pb.StaffResult(row=self.row.row, outcome=self.outcome, account=to_message(self.wanted))


def check_size(rows: Sequence[pb.StaffRow]) -> None:
    """Let pass a list that can be worked on at once.

    :raises InvalidInput: it has no row.
    :raises LimitExceeded: TOO_LARGE.
    """
    if not rows:
        raise InvalidInput.in_field("rows", "名单没有内容")
    if len(rows) > MOST_ROWS:
        raise LimitExceeded(Reason.TOO_LARGE, f"每批最多 {MOST_ROWS} 行，请分批提交")


def plan_staff(
    connection: Connection, rows: Sequence[pb.StaffRow], by: str
) -> list[Planned | pb.StaffResult]:
    """Return for each row what is to be done, or what is wrong with it; *by* is the account id of who brings it."""
    logins = Counter(normal_login(row.account.login) for row in rows)
    planned: list[Planned | pb.StaffResult] = []
    for row in rows:
        try:
            if logins[normal_login(row.account.login)] > 1:
                raise InvalidInput.in_field("account.login", "登录名在名单中重复，请只保留一行")
            planned.append(plan_row(connection, row, by))
        except DomainError as error:
            planned.append(refused(row, error))
    return planned


def plan_row(connection: Connection, row: pb.StaffRow, by: str) -> Planned:
    """Return what is to be done for one row.

    :raises InvalidInput: naming every field below ``account`` that is wrong.
    :raises NotAllowed: as `administration.check_own_roles`.
    """
    wanted = _wanted(row.account)
    before = store.find_login(connection, wanted.login)
    if before is not None:
        wanted = replace(before, officer=wanted.officer, roles=wanted.roles)
        administration.check_own_roles(before, wanted, by)
    return Planned(row, before, wanted)


def import_row(connection: Connection, row: pb.StaffRow, password_hash: str, on: Occasion) -> pb.StaffResult:
    """Make or change the account of a row.

    :raises DomainError: as `plan_row` and `administration.update_account`.
    """
    planned = plan_row(connection, row, on.by)
    if planned.before is None:
        if not password_hash:
            raise InvalidInput.in_field("password", "新账号需要初始密码")
        administration.add_account(connection, replace(planned.wanted, password_hash=password_hash), on)
    elif planned.outcome == pb.STAFF_OUTCOME_UPDATED:
        administration.update_account(connection, to_message(planned.wanted), "", on)
    return planned.result()


def _wanted(message: pb.Account) -> Account:
    checks: Sequence[Callable[[], object]] = (
        lambda: check_login(message.login, "account.login"),
        lambda: check_officer(message.officer, "account.officer"),
        lambda: check_roles(ROLES.all_from_proto(message.roles, "account.roles"), "account.roles"),
    )
    wrong: list[FieldViolation] = []
    for check in checks:
        try:
            check()
        except InvalidInput as error:
            wrong.extend(error.fields)
    if wrong:
        raise InvalidInput(Reason.INVALID_FIELD, wrong[0].message, fields=wrong)
    roles = ROLES.all_from_proto(message.roles, "account.roles")
    return Account(
        str(uuid.uuid4()),
        normal_login(message.login),
        message.officer,
        roles,
        must_change_password=message.must_change_password,
    )


def refused(row: pb.StaffRow, error: DomainError) -> pb.StaffResult:
    """Return the line of a row that was refused: every cell that is wrong, or the row as a whole."""
    problems = error.fields or (FieldViolation(_ROW, error.message),)
    return pb.StaffResult(
        row=row.row,
        outcome=pb.STAFF_OUTCOME_REFUSED,
        problems=[pb.CellProblem(field=each.field, message=each.message) for each in problems],
    )
