"""Who works on a case, and who may therefore enter or change it."""

from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_pb2
from xiezhi_desk.access import LONGEST_PURPOSE, Access, record_access
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_node.cases import store
from xiezhi_node.cases.people import CasePeople, find_people, is_meant, people_of
from xiezhi_wire.caller import Caller

_NOT_YOURS: Final = (
    "本案已由他人承办，只有本案的承办人和书记员可以修改；变更承办人请由现承办人办理或从审判系统导入"
)
_NOT_ON_IT: Final = "仅限本案的承办人和书记员办理；本院有同名人员的，请在案件中填写承办人、书记员的工作证号"
_NOT_NAMED: Final = "登记案件时，承办人或书记员应为本人"


def works_on_case(caller: Caller, case: case_pb2.Case, people: CasePeople) -> bool:
    """Return whether *caller* is the case's judge or clerk, whom *people* tells, or a program of the court.

    The role keeps out a namesake in another office.
    """
    return (
        Role.INTEGRATION in caller.roles
        or (Role.JUDGE in caller.roles and is_meant(caller, case.judge.name, people.judge))
        or (Role.ASSISTANT in caller.roles and is_meant(caller, case.clerk.name, people.clerk))
    )


def own_case(connection: Connection, caller: Caller, case_number: str) -> case_pb2.Case:
    """Return a case that *caller* works on.

    :raises NotFound: UNKNOWN_CASE.
    :raises NotAllowed: FORBIDDEN.
    """
    case, is_own = case_and_right(connection, caller, case_number)
    if not is_own:
        raise NotAllowed(Reason.FORBIDDEN, _NOT_ON_IT)
    return case


def case_and_right(connection: Connection, caller: Caller, case_number: str) -> tuple[case_pb2.Case, bool]:
    """Return a case and whether *caller* works on it.

    :raises NotFound: UNKNOWN_CASE.
    """
    case = store.get_case(connection, case_number)
    return case, works_on_case(caller, case, find_people(connection, case_number))


def enter_case(connection: Connection, caller: Caller, case: case_pb2.Case, now: int) -> None:
    """Store a case as *caller* enters it; who worked on it before and does after is recorded where that changes.

    :raises NotAllowed: FORBIDDEN, the case is held by others, or is new and not the caller's own.
    """
    held = store.find_case(connection, case.case_number)
    people = people_of(connection, case, held, caller.account_id)
    if held is None:
        _require_named(caller, case, people)
    else:
        _require_holder(caller, held, find_people(connection, case.case_number), case)
        if _holders(held) != _holders(case):
            told = f"{_words(held)}变更为{_words(case)}"[:LONGEST_PURPOSE]
            record_access(connection, Access(now, caller.account_id, "PutCase", case.case_number, told))
    store.put_case(connection, case, people, now)


def take_case(connection: Connection, case: case_pb2.Case, now: int) -> None:
    """Store a case as the case system has it."""
    held = store.find_case(connection, case.case_number)
    store.put_case(connection, case, people_of(connection, case, held), now)


def _require_named(caller: Caller, case: case_pb2.Case, people: CasePeople) -> None:
    # Auxiliary staff enter cases for others, and see nothing of them.
    if Role.AUXILIARY not in caller.roles and not works_on_case(caller, case, people):
        raise NotAllowed(Reason.FORBIDDEN, _NOT_NAMED)


def _require_holder(caller: Caller, held: case_pb2.Case, holders: CasePeople, case: case_pb2.Case) -> None:
    enters_for_them = Role.AUXILIARY in caller.roles and _holders(held) == _holders(case)
    if not enters_for_them and not works_on_case(caller, held, holders):
        raise NotAllowed(Reason.FORBIDDEN, _NOT_YOURS)


def _holders(case: case_pb2.Case) -> tuple[str, str]:
    return case.judge.name, case.clerk.name


def _words(case: case_pb2.Case) -> str:
    judge, clerk = _holders(case)
    return f"承办人{judge or '（无）'}、书记员{clerk or '（无）'}"
