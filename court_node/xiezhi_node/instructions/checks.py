"""What may be entered in an action: everything wrong is told at once."""

from collections.abc import Container, Mapping, Sequence
from typing import Final

from xiezhi.v1 import court_pb2, document_pb2, item_pb2
from xiezhi_desk.terms import OUTCOMES
from xiezhi_domain.errors import LimitExceeded, Reason
from xiezhi_domain.events.canonical_json import JsonValue
from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Outcome
from xiezhi_node.cases.checks import check_officer_texts
from xiezhi_node.fields import LONGEST_TEXT, Fields

LARGEST_REPORT: Final = 200 * 1024
"""Bytes of what one event reports; leaves room in a body of 256 KiB (protocol §1)."""
MOST_DOCUMENTS: Final = 100
CLOCK_TOLERANCE_MS: Final = 10 * 60 * 1000

_NEED_REASON: Final = frozenset({Outcome.NOT_DONE, Outcome.PARTLY_DONE})
_OUTCOME_TEXTS: Final = ("rank_obtained", "deviation", "note")
_FINDING_TEXTS: Final = ("place", "identity_check", "statement", "measure")


def check_documents(
    fields: Fields, documents: Sequence[document_pb2.Document], present: Container[bytes]
) -> list[bytes]:
    """Return the hashes of *documents*; notes those that were not uploaded for the instruction."""
    if len(documents) > MOST_DOCUMENTS:
        fields.add("documents", f"文书最多 {MOST_DOCUMENTS} 份")
    for at, document in enumerate(documents):
        if document.sha256 not in present:
            fields.add(f"documents[{at}]", "该文书尚未为本事项上传，请先上传")
    return list(dict.fromkeys(document.sha256 for document in documents))


def check_contact(fields: Fields, field: str, officer: court_pb2.Officer) -> None:
    """Note a named contact without name or phone (practice.md §6)."""
    fields.require_text(f"{field}.name", officer.name, "联系人姓名")
    if not (officer.phone.strip() or officer.mobile.strip()):
        fields.add(f"{field}.phone", "请填写联系电话")
    check_officer_texts(fields, field, officer)


def check_rejections(
    fields: Fields,
    rejections: Sequence[item_pb2.ItemRejection],
    reported: Container[int],
    reasons: Mapping[str, str],
) -> list[JsonValue]:
    """Return the facts of *rejections*, [[number, reason], …]; notes what is wrong with them."""
    if not rejections:
        fields.add("rejections", "请至少选择一个退回重办的办理项")
    facts: list[JsonValue] = []
    seen: set[int] = set()
    for at, rejection in enumerate(rejections):
        field = f"rejections[{at}]"
        if rejection.number in seen or rejection.number not in reported:
            fields.add(f"{field}.number", "应为已反馈的办理项，且不能重复")
        seen.add(rejection.number)
        check_reason(fields, f"{field}.reason", rejection.reason, reasons)
        fields.limit_text(f"{field}.note", rejection.note, LONGEST_TEXT)
        facts.append([rejection.number, rejection.reason])
    return facts


def check_reason(fields: Fields, field: str, reason: str, reasons: Mapping[str, str]) -> None:
    """Note a reason code that the rulebook does not have."""
    if reason not in reasons:
        fields.add(field, f"请选择原因：{'、'.join(reasons.values())}")


class OutcomeCheck:
    """One check of the outcomes that a report states. `final`: a completion, where nothing is under way any more."""

    def __init__(
        self, fields: Fields, rules: KindRules, items: Container[int], now: int, *, final: bool
    ) -> None:
        self._fields = fields
        self._rules = rules
        self._items = items
        self._now = now
        self._final = final

    def facts(self, outcomes: Sequence[item_pb2.ItemOutcome], present: Container[bytes]) -> list[JsonValue]:
        """Return the facts of *outcomes*, [[number, outcome, reason], …]; what is under way has none.

        :raises LimitExceeded: TOO_LARGE.
        """
        if sum(outcome.ByteSize() for outcome in outcomes) > LARGEST_REPORT:
            raise LimitExceeded(Reason.TOO_LARGE, "反馈内容过大，请将较长的文字作为文书上传")
        facts: list[JsonValue] = []
        seen: set[int] = set()
        for at, outcome in enumerate(outcomes):
            field = f"outcomes[{at}]"
            if outcome.number in seen or outcome.number not in self._items:
                self._fields.add(f"{field}.number", "应为本事项的办理项，且不能重复")
            seen.add(outcome.number)
            term = self._outcome(field, outcome)
            self._details(field, outcome, present)
            if term is not None:
                facts.append([outcome.number, str(term), outcome.reason])
        return facts

    def _outcome(self, field: str, outcome: item_pb2.ItemOutcome) -> Outcome | None:
        if not outcome.outcome and not self._final:
            return None
        with self._fields.collecting():
            term = OUTCOMES.from_proto(outcome.outcome, f"{field}.outcome")
            if outcome.reason or term in _NEED_REASON:
                check_reason(self._fields, f"{field}.reason", outcome.reason, self._rules.item_reasons)
            return term
        return None

    def _details(self, field: str, outcome: item_pb2.ItemOutcome, present: Container[bytes]) -> None:
        fields = self._fields
        for name in _OUTCOME_TEXTS:
            fields.limit_text(f"{field}.{name}", getattr(outcome, name), LONGEST_TEXT)
        fields.require_amount(f"{field}.amount_obtained_fen", outcome.amount_obtained_fen)
        fields.require_day(f"{field}.expires_on", outcome.expires_on)
        if outcome.done_at.ToMilliseconds() > self._now + CLOCK_TOLERANCE_MS:
            fields.add(f"{field}.done_at", "办理时间不能晚于现在")
        for at, officer in enumerate(outcome.officers):
            check_officer_texts(fields, f"{field}.officers[{at}]", officer)
        for at, sha256 in enumerate(outcome.document_sha256s):
            if sha256 not in present:
                fields.add(f"{field}.document_sha256s[{at}]", "该文书尚未为本事项上传，请先上传")
        for at, finding in enumerate(outcome.findings):
            self._finding(f"{field}.findings[{at}]", finding)

    def _finding(self, field: str, finding: item_pb2.Finding) -> None:
        fields = self._fields
        fields.limit_text(f"{field}.source", finding.source)
        match finding.WhichOneof("found"):
            case "person":
                for name in _FINDING_TEXTS:
                    fields.limit_text(f"{field}.person.{name}", getattr(finding.person, name), LONGEST_TEXT)
            case "property":
                fields.require_text(
                    f"{field}.property.description", finding.property.description, "财产说明", LONGEST_TEXT
                )
            case "site":
                fields.limit_text(f"{field}.site", finding.site, LONGEST_TEXT)
            case _:
                fields.add(field, "请填写查到的内容")
