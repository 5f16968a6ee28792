"""A row of the spreadsheet for 查人找物 as an order, checked as far as this machine can."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xiezhi_client.cli.arguments import Paper
from xiezhi_client.cli.batch.columns import COLUMNS
from xiezhi_client.cli.batch.reader import RowReader, numbers, papers, split
from xiezhi_client.cli.drafting import items
from xiezhi_client.cli.remedies.options import urgency
from xiezhi_client.cli.sheets.reading import Problem, Row
from xiezhi_client.sdk import DelegationOrder, FindOrder
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.courts import parse_court_code

NO_NUMBERS: Final[tuple[int, ...]] = ()
NO_PAPERS: Final[tuple[Paper, ...]] = ()


@dataclass(frozen=True, slots=True)
class RowOrder:
    """The order of a row and the papers that go with it."""

    number: int
    order: FindOrder | DelegationOrder
    papers: tuple[Paper, ...]


def read_order(row: Row, folder: Path) -> RowOrder | list[Problem]:
    """Give the order of a row, papers looked for in `folder`, or all that is wrong with it."""
    reader = RowReader(row, COLUMNS)
    reader.require()
    subjects = reader.read("subjects", numbers, NO_NUMBERS)
    scope, clue = reader.text("scope"), reader.text("clue")
    urgent: dict[str, Any] = {**urgency(reader.text("urgent"))}
    order = FindOrder(
        case_number=reader.read("case_number", lambda text: str(CaseNumber.parse(text)), ""),
        receiver=reader.read("receiver", parse_court_code, ""),
        subject_numbers=subjects,
        items=reader.read("acts", lambda text: items(split(text), subjects, scope, clue), ()),
        request_text=reader.text("request"),
        limit_days=reader.read("days", int, 0),
        **urgent,
        why_not_query=reader.text("why_not_query"),
    )
    attached = reader.read("papers", lambda text: papers(text, folder), NO_PAPERS)
    return reader.problems or RowOrder(row.number, order, attached)
