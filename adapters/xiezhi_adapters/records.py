"""What an adapter reads out of a court's own keeping."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final, Protocol

from xiezhi.v1 import case_pb2
from xiezhi_domain.court_time import SHANGHAI, to_ms
from xiezhi_domain.errors import FieldViolation, Reason, WrongState
from xiezhi_domain.terms import CaseStatusChange
from xiezhi_domain.terms.cases import CLOSING_CHANGES

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class DossierFile:
    """A paper of a dossier and the file that holds it."""

    path: Path
    document: case_pb2.DossierDocument


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What became of a case on a day; `court` has it from then on, empty where none does."""

    change: CaseStatusChange
    on: date
    court: str = ""
    text: str = ""

    def message(self, case_number: str) -> case_pb2.CaseChange:
        """Return the change as the contract says it. The same entry has the same id whenever it is read."""
        entry = f"{case_number}\n{self.change}\n{self.on.isoformat()}\n{self.court}"
        change = case_pb2.CaseChange(
            change_id=hashlib.sha256(entry.encode()).hexdigest()[:32],
            case_number=case_number,
            change=case_pb2.CaseStatusChange.Value(f"CASE_STATUS_CHANGE_{self.change}"),
            court=self.court,
            text=self.text,
        )
        change.happened_at.FromMilliseconds(to_ms(datetime.combine(self.on, time.min, SHANGHAI)))
        return change


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with its dossier; `changed_at` (ms since 1970) is when its files were changed last."""

    case: case_pb2.Case
    documents: Sequence[DossierFile]
    changes: Sequence[StatusChange]
    changed_at: int

    @property
    def closed(self) -> bool:
        """Whether one of the changes closed the case."""
        return any(each.change in CLOSING_CHANGES for each in self.changes)


class CaseRecords(Protocol):
    """A court's keeping of cases; reading it blocks."""

    def find(self, case_number: str) -> CaseRecord:
        """Return the case with this number, in normal form.

        :raises NotFound: UNKNOWN_CASE.
        :raises WrongState: CASE_UNREADABLE, with every place that is wrong.
        """

    def readable(self) -> Iterator[CaseRecord]:
        """Give the cases that can be read."""

    def problems(self) -> Sequence[FieldViolation]:
        """Return every place that is wrong."""

    def feedback_folder(self, case_number: str) -> Path:
        """Return where results for a case are written."""


def unreadable(problems: Sequence[FieldViolation]) -> WrongState:
    """Return the refusal of a case in which these places are wrong; a message of bounded length."""
    lines = [f"{each.field}：{each.message}" for each in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        lines.append(f"……共 {len(problems)} 处")
    told = f"{Reason.CASE_UNREADABLE.zh}：" + "；".join(lines)
    return WrongState(Reason.CASE_UNREADABLE, told, fields=problems[:_SHOWN])
