"""What a receiver reports: outcomes with the fields that their acts need, the sums they control, and their proof."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from xiezhi.v1 import document_pb2, event_pb2, item_pb2
from xiezhi_desk import bodies
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.ladder import Instruction
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import EventKind
from xiezhi_journal.reading import history
from xiezhi_node.documents import documents_by_matter
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.checks import OutcomeCheck, check_documents
from xiezhi_node.instructions.outcome_content import OutcomeContent


@dataclass(frozen=True, slots=True)
class Report:
    """What a receiver reports: words, outcomes of items, documents that prove them."""

    text: str
    outcomes: Sequence[item_pb2.ItemOutcome]
    documents: Sequence[document_pb2.Document]


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """The facts of a report, and the hashes of the documents that it names."""

    facts: JsonObject
    documents: Sequence[bytes]


class Reporting:
    """A report on one matter, checked on a reader's connection against what was ordered and reported before."""

    def __init__(self, connection: Connection, view: Instruction, rules: KindRules, now: int) -> None:
        self._connection = connection
        self._view = view
        self._rules = rules
        self._now = now
        self._present = documents_by_matter(connection, [view.id])[view.id]

    def check(self, report: Report, *, final: bool) -> CheckedReport:
        """Return what the report's event is going to say. `final`: nothing is under way any more.

        :raises InvalidInput: with every field that is wrong or missing.
        :raises LimitExceeded: TOO_LARGE.
        """
        fields, rules = Fields(), self._rules
        if final:
            fields.require_text("text", report.text, "办理结果", LONGEST_TEXT)
        else:
            fields.limit_text("text", report.text, LONGEST_TEXT)
        outcomes = OutcomeCheck(fields, rules, self._view.items, self._now, final=final)
        facts: JsonObject = {"outcomes": outcomes.facts(report.outcomes, self._present)}
        if rules.content.asks_of_outcomes:
            controlled = self._controlled(fields, report.outcomes)
            if controlled:
                facts["controlled"] = [[number, fen] for number, fen in controlled.items()]
        hashes = check_documents(fields, report.documents, self._present)
        fields.require_none()
        if final and rules.feedback:
            facts["papers"] = self._papers(hashes)
        return CheckedReport(facts, hashes)

    def _controlled(self, fields: Fields, outcomes: Sequence[item_pb2.ItemOutcome]) -> dict[int, int]:
        ordered = {
            item.number: item for body in self._bodies(EventKind.ISSUED) for item in bodies.items_of(body)
        }
        return OutcomeContent(fields, self._rules, self._view.items, ordered).controlled(outcomes)

    def _papers(self, hashes: Sequence[bytes]) -> JsonObject:
        """Count the papers that this report and those before it name (practice.md §10)."""
        named = dict.fromkeys(hashes)
        for body in self._bodies(EventKind.PROGRESS_REPORTED):
            named |= dict.fromkeys(document.sha256 for document in bodies.documents_of(body))
        known = (self._present[sha256].paper_type for sha256 in named if sha256 in self._present)
        return dict(Counter(str(PAPER_TYPES.from_proto(paper, "documents")) for paper in known))

    def _bodies(self, kind: EventKind) -> Iterable[event_pb2.Body]:
        rows = history(self._connection, self._view.id, bodies=True)
        return (
            event_pb2.Body.FromString(row.body or b"")
            for row in rows
            if row.kind == kind and row.accepted is not False
        )
