"""A row of the spreadsheet for 查人找物 as an order, checked as far as this machine can."""

from dataclasses import dataclass
from typing import Any, Final

from xiezhi_client.batch.columns import COLUMNS
from xiezhi_client.batch.reader import RowReader, numbers, papers, split
from xiezhi_client.sdk import DelegationOrder, FindOrder
from xiezhi_client.sheets.reading import Problem, Row
from xiezhi_client.typed.items import items
from xiezhi_client.typed.papers import FindFile, Paper
from xiezhi_client.typed.reasons import urgency
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


def read_order(row: Row, find: FindFile) -> RowOrder | list[Problem]:
    """Give the order of a row, its files found by *find*, or all that is wrong with it."""
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
    attached = reader.read("papers", lambda text: papers(text, find), NO_PAPERS)
    return reader.problems or RowOrder(row.number, order, attached)
