"""What a registry did as the outcome of its item: rank, expiry and 回执, with what departs from the order."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import instruction_pb2, item_pb2
from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi_desk.accounts.store import find_account
from xiezhi_desk.terms import ACTS, OUTCOMES, SEIZURE_KINDS
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Act, ControlAction, Outcome, SeizureKind
from xiezhi_journal.ledger import Ledger
from xiezhi_node.acting.act import Act as Acted
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting, report_progress
from xiezhi_node.instructions.reporting import Report
from xiezhi_node.registries import act_store
from xiezhi_node.registries.act_store import StoredAct
from xiezhi_node.registries.answers import check_seizures, unreadable

_RANKED: Final = frozenset({ControlAction.SEAL, ControlAction.SEAL_IN_ADVANCE})
_DATED: Final = _RANKED | {ControlAction.RENEW}
_WAITING: Final = SEIZURE_KINDS.to_proto(SeizureKind.WAITING)


def check_response(act: StoredAct, response: connector_pb.RegistryConnectorControlResponse) -> None:
    """Refuse an answer that is to another request or makes no sense; the act then stays unanswered.

    :raises WrongState: REGISTRY_UNREADABLE.
    """
    if response.request_number != act.request_number:
        raise unreadable("应答的请求编号不符")
    fields = Fields()
    fields.require_day("starts_on", response.starts_on)
    fields.require_day("expires_on", response.expires_on)
    fields.limit_text("receipt_number", response.receipt_number)
    check_seizures(fields, response.seizures)
    if response.done and act.action is not ControlAction.QUERY:
        fields.require_text("receipt_number", response.receipt_number, "回执编号")
        if act.action in _RANKED:
            with fields.collecting():
                SEIZURE_KINDS.from_proto(response.kind, "kind")
            if response.rank < 1:
                fields.add("rank", "查封顺位应从 1 开始")
        if act.action in _DATED and not response.expires_on:
            fields.add("expires_on", "没有到期日")
    if not response.done:
        fields.require_text("refusal", response.refusal, "未办理的原因", LONGEST_TEXT)
    if fields.violations:
        raise unreadable(fields.violations[0].message)


@dataclass(frozen=True, slots=True)
class ReportAct:
    """Work for the writer: the report of an act, and which event has reported it."""

    report: Acted
    request_number: str

    def prepare(self, ledger: Ledger) -> None:
        """Ask for what the report needs."""
        self.report.prepare(ledger)

    def run(self, ledger: Ledger) -> bytes:
        """Report."""
        repeated = ledger.answered(self.report.request) is not None
        receipt = self.report.run(ledger)
        if not repeated:
            event_id = instruction_pb2.ActionReceipt.FromString(receipt).event_id
            act_store.note_reported(ledger.connection, self.request_number, event_id)
        return receipt


def prepare_outcome(connection: Connection, acting: Acting, act: StoredAct) -> ReportAct:
    """Return the work that reports an act.

    Where the rulebook asks for more than a registry can tell (占用情况 of a house), the outcome is left open with all
    that it told; the officer adds the rest.

    :raises DomainError: as `report_progress`.
    """
    view, rules = acting.history(connection)
    outcome = _outcome(connection, act, rules, Act(view.items[act.item]))
    text = f"{act.action.zh}：{act.connector} 已办理，回执编号 {act.response.receipt_number}"
    try:
        work = report_progress(connection, acting, Report(text, [outcome], ()))
    except InvalidInput:
        outcome.ClearField("outcome")
        work = report_progress(connection, acting, Report(text, [outcome], ()))
    return ReportAct(work, act.request_number)


def _outcome(connection: Connection, act: StoredAct, rules: KindRules, ordered: Act) -> item_pb2.ItemOutcome:
    response = act.response
    account = find_account(connection, act.account)
    outcome = item_pb2.ItemOutcome(
        number=act.item,
        officers=[account.officer] if account else [],
        done_at=response.done_at,
        note=f"{act.connector} 回执编号 {response.receipt_number}",
    )
    if act.action in _DATED:
        outcome.starts_on, outcome.expires_on = response.starts_on, response.expires_on
    if act.action in _RANKED:
        outcome.rank_obtained = _rank(response)
    if act.action not in (ControlAction.WATCH, ControlAction.UNWATCH):
        outcome.outcome = OUTCOMES.to_proto(Outcome.DONE)
    _say_deviation(outcome, act, rules, ordered)
    return outcome


def _say_deviation(outcome: item_pb2.ItemOutcome, act: StoredAct, rules: KindRules, ordered: Act) -> None:
    """Say where the registry did another thing than was ordered (practice.md §1)."""
    response, said = act.response, []
    waits = response.kind == _WAITING
    if waits and ordered is Act.SEAL_PROPERTY and Act.WAITING_SEIZURE in rules.acts:
        outcome.act_done = ACTS.to_proto(Act.WAITING_SEIZURE)
        said.append(f"该财产已有在先查封，登记机构按{_rank(response)}登记")
    if act.request.expires_on and response.expires_on and act.request.expires_on != response.expires_on:
        said.append(f"登记机构办理的到期日为 {response.expires_on}")
    outcome.deviation = "；".join(said)


def _rank(response: connector_pb.RegistryConnectorControlResponse) -> str:
    """Return the rank in words."""
    kind = SEIZURE_KINDS.from_proto(response.kind, "kind")
    if kind is SeizureKind.WAITING:
        return f"轮候第 {response.rank - 1} 位"
    return "首封" if kind is SeizureKind.SEALED else f"{kind.zh}第 {response.rank} 位"
