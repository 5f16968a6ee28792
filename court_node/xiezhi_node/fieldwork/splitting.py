"""Results of a round split back: one ordinary report for each matter, each item once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from xiezhi.v1 import document_pb2, instruction_pb2
from xiezhi.v1 import field_service_pb2 as pb
from xiezhi_desk.documents import store as documents
from xiezhi_domain.errors import InvalidInput, NotFound, Reason, WrongState
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.act import Act
from xiezhi_node.fieldwork import store
from xiezhi_node.instructions.actions import Acting, report_progress
from xiezhi_node.instructions.reporting import Report


@dataclass(frozen=True, slots=True)
class ReportVisits:
    """Work for the writer: the report of one matter, and that its visits are over."""

    act: Act
    sheet_id: str
    items: Sequence[int]

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the report needs."""
        self.act.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Report; an item that was reported meanwhile refuses the whole."""
        answered = ledger.answered(self.act.request)
        if answered is not None:
            return answered
        _require_open(ledger.connection, self.sheet_id, self.act.instruction, self.items)
        receipt = self.act.run(ledger)
        event_id = instruction_pb2.ActionReceipt.FromString(receipt).event_id
        store.note_reported(ledger.connection, self.sheet_id, self.act.instruction, self.items, event_id)
        return receipt


def prepare_report(
    connection: Connection, acting: Acting, sheet_id: str, report: pb.FieldReport
) -> ReportVisits:
    """Return the work that reports the visits of one matter.

    :raises InvalidInput: an outcome is missing, or what `report_progress` finds wrong.
    :raises WrongState: an item is not on the sheet, or was reported before.
    """
    if not report.outcomes:
        raise InvalidInput.in_field("outcomes", "请填写办理项的结果")
    for at, outcome in enumerate(report.outcomes):
        if not outcome.outcome:
            raise InvalidInput.in_field(f"outcomes[{at}].outcome", "请填写结果；没有去的，请在任务单上销去")
    items = [outcome.number for outcome in report.outcomes]
    _require_open(connection, sheet_id, acting.instruction, items)
    act = report_progress(connection, acting, Report(report.text, report.outcomes, report.documents))
    return ReportVisits(act, sheet_id, items)


def hand_over_documents(
    connection: Connection, sheet: pb.FieldSheet, report: pb.FieldReport, court: str
) -> None:
    """Let the report's matter have the records that it names, wherever on the sheet they were uploaded.

    The others on the sheet do not get them: a record names people of one matter.

    :raises NotFound: DOCUMENT_MISSING, none of the sheet's matters has one of them.
    """
    matters = dict.fromkeys(visit.instruction_id for visit in sheet.visits)
    named = [document.sha256 for document in report.documents]
    named += [sha256 for outcome in report.outcomes for sha256 in outcome.document_sha256s]
    for sha256 in dict.fromkeys(named):
        found = (documents.find_document(connection, matter, sha256) for matter in matters)
        stored = next((each for each in found if each is not None), None)
        if stored is None:
            raise NotFound(Reason.DOCUMENT_MISSING)
        spec = replace(stored.spec, instruction=report.instruction_id)
        documents.add_document(connection, replace(stored, spec=spec), court)


def with_named_documents(report: pb.FieldReport) -> pb.FieldReport:
    """Return the report with the documents that prove single items among those that its event names."""
    named = {document.sha256 for document in report.documents}
    whole = pb.FieldReport()
    whole.CopyFrom(report)
    for outcome in report.outcomes:
        for sha256 in outcome.document_sha256s:
            if sha256 not in named:
                named.add(sha256)
                whole.documents.append(document_pb2.Document(sha256=sha256))
    return whole


def _require_open(connection: Connection, sheet_id: str, instruction: str, items: Sequence[int]) -> None:
    missing = set(items) - store.open_items(connection, sheet_id, instruction)
    if missing:
        numbers = "、".join(map(str, sorted(missing)))
        raise WrongState(Reason.WRONG_STATE, f"办理项 {numbers} 不在该任务单上，或者已经填报、销去")
