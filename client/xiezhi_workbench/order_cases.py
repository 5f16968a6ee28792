"""What a superior's order says of its cases, and what courts have recorded of each."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from xiezhi_client.sdk import (
    CourtOrder,
    FiledCaseOfOrder,
    IssuedOrder,
    NotFound,
    OrderAtCourt,
    OrderedCase,
    StruckCase,
)
from xiezhi_domain.orders.form import Part

_WITH_CASES: Final = frozenset({Part.OLD_COURT, Part.NEW_COURT, Part.KEEPS})


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of an order with what courts have recorded of it; None: not yet."""

    case: OrderedCase
    struck: StruckCase | None = None
    filed: FiledCaseOfOrder | None = None
    struck_at: datetime | None = None
    filed_at: datetime | None = None

    @property
    def balance_fen(self) -> int | None:
        """What was not recovered when it was ordered; None where the order states no sums."""
        return self.case.claim_fen - self.case.recovered_fen if self.case.claim_fen else None


def cases_of(found: IssuedOrder) -> tuple[OrderedCase, ...]:
    """Give the cases of an order."""
    return (found.order or CourtOrder()).cases


def at_court(found: IssuedOrder, instruction_id: str) -> OrderAtCourt:
    """Give what became of the order in one matter. Raise `NotFound`."""
    for each in found.courts:
        if each.summary is not None and each.summary.instruction_id == instruction_id:
            return each
    raise NotFound("UNKNOWN_INSTRUCTION", "找不到该决定，请核对编号")


def case_lines(found: IssuedOrder) -> list[CaseLine]:
    """Give the cases of an order, each with its end at the old court and its beginning at the new one."""
    lines = {case.case_number: CaseLine(case) for case in cases_of(found)}
    for at in found.courts:
        for struck in at.closing.cases if at.closing else ():
            if line := lines.get(struck.case_number):
                lines[struck.case_number] = replace(line, struck=struck, struck_at=at.closed_at)
        for filed in at.filing.cases if at.filing else ():
            if line := lines.get(filed.old_case_number):
                lines[filed.old_case_number] = replace(line, filed=filed, filed_at=at.filed_at)
    return list(lines.values())


def balance_of(found: IssuedOrder, here: OrderAtCourt) -> int | None:
    """Give the balance that a court was told last; None where it has no part in the cases, or no sums were stated."""
    stated = here.balance_fen or any(each.claim_fen for each in cases_of(found))
    return here.balance_fen if stated and _WITH_CASES & set(here.parts) else None
