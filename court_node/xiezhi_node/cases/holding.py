"""Who works on a case, and who may therefore enter or change it."""

from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_pb2
from xiezhi_desk.access import LONGEST_PURPOSE, Access, record_access
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_node.cases import store
from xiezhi_wire.caller import Caller

_NOT_YOURS: Final = (
    "本案已由他人承办，只有本案的承办人和书记员可以修改；变更承办人请由现承办人办理或从审判系统导入"
)
_NOT_NAMED: Final = "登记案件时，承办人或书记员应为本人"


def works_on_case(caller: Caller, case: case_pb2.Case) -> bool:
    """Return whether *caller* is the case's judge or clerk, or a program of the court.

    The case system knows its people by name; the role keeps out a namesake in another office.
    """
    return (
        Role.INTEGRATION in caller.roles
        or (Role.JUDGE in caller.roles and case.judge.name in caller.names)
        or (Role.ASSISTANT in caller.roles and case.clerk.name in caller.names)
    )


def require_works_on_case(caller: Caller, case: case_pb2.Case) -> None:
    """Let pass who works on the case.

    :raises NotAllowed: FORBIDDEN.
    """
    if not works_on_case(caller, case):
        raise NotAllowed(Reason.FORBIDDEN, "仅限本案的承办人和书记员办理")


def enter_case(connection: Connection, caller: Caller, case: case_pb2.Case, now: int) -> None:
    """Store a case as *caller* enters it; who worked on it before and does after is recorded where that changes.

    :raises NotAllowed: FORBIDDEN, the case is held by others, or is new and not the caller's own.
    """
    held = store.find_case(connection, case.case_number)
    if held is None:
        _require_named(caller, case)
    else:
        _require_holder(caller, held, case)
        if _holders(held) != _holders(case):
            told = f"{_words(held)}变更为{_words(case)}"[:LONGEST_PURPOSE]
            record_access(connection, Access(now, caller.account_id, "PutCase", case.case_number, told))
    store.put_case(connection, case, now)


def _require_named(caller: Caller, case: case_pb2.Case) -> None:
    # Auxiliary staff enter cases for others, and see nothing of them.
    if Role.AUXILIARY not in caller.roles and not works_on_case(caller, case):
        raise NotAllowed(Reason.FORBIDDEN, _NOT_NAMED)


def _require_holder(caller: Caller, held: case_pb2.Case, case: case_pb2.Case) -> None:
    enters_for_them = Role.AUXILIARY in caller.roles and _holders(held) == _holders(case)
    if not enters_for_them and not works_on_case(caller, held):
        raise NotAllowed(Reason.FORBIDDEN, _NOT_YOURS)


def _holders(case: case_pb2.Case) -> tuple[str, str]:
    return case.judge.name, case.clerk.name


def _words(case: case_pb2.Case) -> str:
    judge, clerk = _holders(case)
    return f"承办人{judge or '（无）'}、书记员{clerk or '（无）'}"
