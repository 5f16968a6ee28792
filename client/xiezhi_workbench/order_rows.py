"""The cases of a superior's order row by row: struck off at the old court, filed anew by who takes them over.

A form begins with the cases that the order names and the balances known of them; whether what is entered will do, the
server says.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from xiezhi_client.sdk import (
    Client,
    FiledCaseOfOrder,
    InstructionSummary,
    IssuedOrder,
    NewCaseFiling,
    OldCaseClosing,
    OrderAtCourt,
    OrderedCase,
    StruckCase,
)
from xiezhi_client.typed.money import yuan
from xiezhi_domain.terms import Action, EventKind
from xiezhi_workbench.asking import if_allowed
from xiezhi_workbench.form_fields import Begun, Column, Rows, Shape
from xiezhi_workbench.order_cases import at_court, cases_of

_Balances = Mapping[str, int | None]


def elevated(found: IssuedOrder, instruction_id: str) -> Begun:
    """Give the old cases for which the superior files; until they are struck off, with the balances ordered."""
    here = at_court(found, instruction_id)
    cases = _of_court(found, here)
    if here.closing is None:
        note = f"{EventKind.OLD_CASE_CLOSED.zh}尚未登记；决定所列余额合计 {yuan(here.balance_fen)} 元"
        return Begun(_rows("old_case_number", cases, _ordered(cases, here.balance_fen)), note)
    struck = {each.case_number: each.balance_fen for each in here.closing.cases}
    note = f"{EventKind.OLD_CASE_CLOSED.zh}余额合计 {yuan(sum(struck.values()))} 元，立案金额应与之一致"
    return Begun(_rows("old_case_number", cases, struck), note)


def struck(found: IssuedOrder, instruction_id: str) -> Begun:
    """Give the cases that the order takes from a court, with the balances ordered."""
    here = at_court(found, instruction_id)
    cases = _of_court(found, here)
    note = f"决定所列余额合计 {yuan(here.balance_fen)} 元；此后执行到位的应当扣除"
    return Begun(_rows("case_number", cases, _ordered(cases, here.balance_fen)), note)


def taken_over(found: IssuedOrder, instruction_id: str) -> Begun:
    """Give the cases that a court takes over by the order, of whatever court, with the balances ordered."""
    here = at_court(found, instruction_id)
    cases = cases_of(found)
    note = f"决定所列余额合计 {yuan(here.balance_fen)} 元，立案金额应与之一致"
    return Begun(_rows("old_case_number", cases, _ordered(cases, here.balance_fen)), note)


def _of_court(found: IssuedOrder, here: OrderAtCourt) -> list[OrderedCase]:
    court = here.summary.receiver if here.summary else ""
    return [each for each in cases_of(found) if each.court == court]


def _ordered(cases: Sequence[OrderedCase], balance_fen: int) -> _Balances:
    """Give the balance of each case; of several, none where the superior has changed what they are together."""
    if len(cases) == 1:
        return {cases[0].case_number: balance_fen}
    each = {case.case_number: case.claim_fen - case.recovered_fen for case in cases}
    return each if sum(each.values()) == balance_fen else {}


def _rows(
    number: str, cases: Sequence[OrderedCase], balances: _Balances
) -> list[dict[str, str | int | None]]:
    return [{number: each.case_number, "balance_fen": balances.get(each.case_number)} for each in cases]


async def _begin_elevated(client: Client, matter: InstructionSummary) -> Begun:
    found = await if_allowed(client.orders.get(matter.instruction_id, Action.ELEVATE_CASE.zh))
    return elevated(found, matter.instruction_id) if found else Begun()


async def _begin_struck(client: Client, matter: InstructionSummary) -> Begun:
    found = await if_allowed(client.received_orders.get(matter.instruction_id))
    return struck(found, matter.instruction_id) if found else Begun()


async def _begin_taken_over(client: Client, matter: InstructionSummary) -> Begun:
    found = await if_allowed(client.received_orders.get(matter.instruction_id))
    return taken_over(found, matter.instruction_id) if found else Begun()


def _closing(rows: Sequence[Mapping[str, Any]]) -> OldCaseClosing:
    return OldCaseClosing(cases=tuple(StruckCase(**row) for row in rows))


def _filing(rows: Sequence[Mapping[str, Any]]) -> NewCaseFiling:
    return NewCaseFiling(cases=tuple(FiledCaseOfOrder(**row) for row in rows))


_FILED: Final = (
    Column("old_case_number", "原案案号", given=True),
    Column("new_case_number", "新案案号", Shape.CASE_NUMBER, hint="本院案件的完整案号"),
    Column("balance_fen", "立案金额（元）", Shape.AMOUNT),
)
_STRUCK: Final = (
    Column("case_number", "原案案号", given=True),
    Column("balance_fen", "余额（元）", Shape.AMOUNT, hint="全部执行到位的填 0"),
)
ELEVATED: Final = Rows(_FILED, _filing, _begin_elevated, inside="cases")
"""What the superior has filed itself in the place of one court's cases."""
TAKEN_OVER: Final = Rows(_FILED, _filing, _begin_taken_over, inside="cases")
"""What a court has filed in the place of the cases that it takes over."""
STRUCK: Final = Rows(_STRUCK, _closing, _begin_struck, inside="cases")
"""The cases that a court has struck off."""
