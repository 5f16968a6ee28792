"""Answers as they are reported for their item: properties as findings, everything else in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import instruction_pb2, item_pb2
from xiezhi.v1 import query_service_pb2 as pb
from xiezhi_desk.terms import ANSWER_STATES
from xiezhi_domain.terms import AnswerState
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.act import Act
from xiezhi_node.fields import LONGEST_TEXT
from xiezhi_node.instructions.actions import Acting, report_progress
from xiezhi_node.instructions.reporting import Report
from xiezhi_node.registries import store
from xiezhi_node.registries.queries import require_answers

_CUT: Final = "……（其余见登记查询记录）"
_NOTHING: Final = ANSWER_STATES.to_proto(AnswerState.NOTHING)


@dataclass(frozen=True, slots=True)
class ReportAnswers:
    """Work for the writer: the report, and which event has reported which answers."""

    act: Act
    query_id: str
    categories: Sequence[str]

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the report needs."""
        self.act.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Report; each answer is reported once."""
        reported = store.unreported(ledger.connection, self.query_id, self.categories)
        if ledger.answered(self.act.request) is None:
            require_answers(reported)
        receipt = self.act.run(ledger)
        event_id = instruction_pb2.ActionReceipt.FromString(receipt).event_id
        categories = [answer.category for answer in reported]
        store.note_reported(ledger.connection, self.query_id, categories, event_id)
        return receipt


def prepare_report(
    connection: Connection, acting: Acting, query: pb.RegistryQuery, categories: Sequence[str]
) -> ReportAnswers:
    """Return the work that reports the answers of *query* (those of *categories*, all if none is named).

    :raises WrongState: there is nothing to report.
    :raises DomainError: as `report_progress`.
    """
    known = {answer.category: answer.name for answer in query.answers}
    answers = store.unreported(connection, query.query_id, categories)
    require_answers(answers)
    for answer in answers:
        answer.name = known[answer.category]
    outcome = item_pb2.ItemOutcome(number=query.item_number, findings=_findings(answers))
    text = f"登记查询（{query.subject_name}）：" + "；".join(_line(answer) for answer in answers)
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(_CUT)] + _CUT
    act = report_progress(connection, acting, Report(text, [outcome], ()))
    return ReportAnswers(act, query.query_id, [answer.category for answer in answers])


def _findings(answers: Sequence[pb.RegistryAnswer]) -> Iterator[item_pb2.Finding]:
    for answer in answers:
        number = f"，反馈单号 {answer.reply_number}" if answer.reply_number else ""
        for record in answer.records:
            if record.HasField("property"):
                yield item_pb2.Finding(
                    property=record.property, source=f"{answer.name}（{answer.connector}{number}）"
                )


def _line(answer: pb.RegistryAnswer) -> str:
    if answer.state == _NOTHING:
        return f"{answer.name}{AnswerState.NOTHING.zh}"
    facts = [f"{fact.label} {fact.value}" for record in answer.records for fact in record.facts]
    properties = sum(record.HasField("property") for record in answer.records)
    counted = [f"财产 {properties} 项"] if properties else []
    return f"{answer.name}：{'，'.join([*counted, *facts])}"
