"""What a find order may ask for, by the rulebook in force.

A draft may lack what is *missing* and may not contain what is *wrong*; what is submitted or issued may do neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xiezhi.v1 import document_pb2, find_service_pb2, instruction_pb2, item_pb2, party_pb2
from xiezhi_desk.terms import ACTS, PAPER_TYPES, PROPERTY_CATEGORIES, SUBJECT_ROLES
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import (
    InvalidInput,
    LimitExceeded,
    NotAllowed,
    NotFound,
    Reason,
    WrongState,
)
from xiezhi_domain.rulebook import KindRules, PaperRule
from xiezhi_domain.terms import Act, Channel, Kind
from xiezhi_node.cases.checks import normal_case_number
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.finding.convert import CaseParts
from xiezhi_node.seat import Seat

ROOT: Final = "order"
MOST_DOCUMENTS: Final = 100
LARGEST_ORDER: Final = 200 * 1024
"""Bytes of order and case together; leaves room for salts and approval in a body of 256 KiB (protocol §1)."""

_TEXTS: Final = ("urgency_reason", "why_not_query")


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """An order in normal form, what it still lacks, and what its author should know."""

    order: find_service_pb2.FindOrder
    missing: Fields
    missing_papers: Sequence[find_service_pb2.MissingPaper]
    warnings: Sequence[str]

    def require_complete(self) -> None:
        """Let pass an order that can be issued.

        :raises InvalidInput: with every field that is missing.
        :raises WrongState: PAPERS_MISSING, naming them all at once (practice.md §6).
        """
        self.missing.require_none()
        if self.missing_papers:
            names = "、".join(
                PAPER_TYPES.from_proto(paper.paper_type, "paper_type").zh for paper in self.missing_papers
            )
            raise WrongState(Reason.PAPERS_MISSING, f"所需文书不齐，请补齐后提交：{names}")


class Receivers:
    """Where this court can send to; asked once for each court of a batch."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._good: set[str] = set()

    def check(self, code: str) -> None:
        """Let pass a court that has its common superior with ours at this node's hub (protocol §9).

        :raises NotFound: UNKNOWN_COURT.
        :raises InvalidInput: it is this court itself.
        :raises NotAllowed: NO_COMMON_HUB.
        """
        if code in self._good:
            return
        seat = self._seat
        if code == seat.court:
            raise InvalidInput.in_field(f"{ROOT}.receiver", "不能委托本院，请选择其他法院")
        if code not in seat.courts:
            national = Channel.NATIONAL_SYSTEM.zh
            message = f"本平台没有这个法院：{code}，请核对代字；如无误，请在{national}办理"
            raise NotFound(Reason.UNKNOWN_COURT, message, metadata={"court": code})
        if seat.courts.lowest_common_superior(seat.court, code).code != seat.hub_court:
            raise NotAllowed(Reason.NO_COMMON_HUB, metadata={"courts": f"{seat.court},{code}"})
        self._good.add(code)


def normal_order_case(order: find_service_pb2.FindOrder) -> str:
    """Return the number of the case that an order is about, in normal form.

    :raises InvalidInput: naming ``order.case_number``.
    """
    return normal_case_number(order.case_number, f"{ROOT}.case_number")


def check_order(
    order: find_service_pb2.FindOrder,
    case: CaseParts,
    rules: KindRules,
    receivers: Receivers,
    uploaded: Mapping[bytes, document_pb2.Document],
) -> CheckedOrder:
    """Return the order in normal form with what it lacks. *uploaded* are the documents that lie here for it.

    :raises InvalidInput: with every wrong field below ``order``.
    :raises NotFound: UNKNOWN_COURT.
    :raises NotAllowed: NO_COMMON_HUB.
    :raises LimitExceeded: TOO_LARGE.
    """
    if order.ByteSize() + case.size > LARGEST_ORDER:
        raise LimitExceeded(Reason.TOO_LARGE, "事项内容过大，请将较长的文字作为文书上传")
    normal = find_service_pb2.FindOrder()
    normal.CopyFrom(order)
    normal.case_number = case.case.case_number
    check = _OrderCheck(normal, case, rules, uploaded)
    check.run(receivers)
    check.wrong.require_none()
    return CheckedOrder(normal, check.missing, check.missing_papers(), check.warnings())


class _OrderCheck:
    """One check of one order, which is brought into normal form on the way."""

    def __init__(
        self,
        order: find_service_pb2.FindOrder,
        case: CaseParts,
        rules: KindRules,
        uploaded: Mapping[bytes, document_pb2.Document],
    ) -> None:
        self.order = order
        self.rules = rules
        self.uploaded = uploaded
        self.subjects = case.subjects
        self.acts: set[Act] = set()
        self.wrong = Fields()
        self.missing = Fields()

    def run(self, receivers: Receivers) -> None:
        self._receiver(receivers)
        self._subject_numbers()
        self._items()
        self._documents()
        self._limit()
        self._urgency()
        self.wrong.limit_text(f"{ROOT}.request_text", self.order.request_text, LONGEST_TEXT)
        for name in _TEXTS:
            self.wrong.limit_text(f"{ROOT}.{name}", getattr(self.order, name), LONGEST_TEXT)

    def missing_papers(self) -> list[find_service_pb2.MissingPaper]:
        papers = (self.uploaded[document.sha256].paper_type for document in self.order.documents)
        present = frozenset(PAPER_TYPES.from_proto(paper, "documents") for paper in papers)
        return [
            find_service_pb2.MissingPaper(paper_type=PAPER_TYPES.to_proto(paper), reason=_reason(rule))
            for paper, rule in self.rules.missing_papers(frozenset(self.acts), present)
        ]

    def warnings(self) -> list[str]:
        return [f"提交前还需：{violation.message}" for violation in self.missing.violations]

    # --- The order ---------------------------------------------------------------------------------------------------

    def _receiver(self, receivers: Receivers) -> None:
        field = f"{ROOT}.receiver"
        if not self.order.receiver:
            self.missing.add(field, "请选择受托法院")
            return
        with self.wrong.collecting():
            self.order.receiver = parse_court_code(self.order.receiver, field)
            receivers.check(self.order.receiver)

    def _subject_numbers(self) -> None:
        numbers = self.order.subject_numbers
        if not numbers:
            self.missing.add(f"{ROOT}.subject_numbers", "请选择要查找的事项对象")
        for at, number in enumerate(numbers):
            field = f"{ROOT}.subject_numbers[{at}]"
            if number in numbers[:at]:
                self.wrong.add(field, "事项对象重复")
            elif number not in self.subjects:
                self.wrong.add(field, f"案件中没有序号为 {number} 的事项对象")

    def _limit(self) -> None:
        rules = self.rules
        days = self.order.limit_days
        if days and not rules.min_limit_days <= days <= rules.max_limit_days:
            self.wrong.add(
                f"{ROOT}.limit_days", f"办理期限应为 {rules.min_limit_days} 至 {rules.max_limit_days} 日"
            )

    def _urgency(self) -> None:
        order = self.order
        if order.urgency not in instruction_pb2.Urgency.values():
            self.wrong.add(f"{ROOT}.urgency", "选项无法识别，请升级程序或重新选择")
        if order.urgency == instruction_pb2.URGENCY_URGENT and not order.urgency_reason.strip():
            self.missing.add(f"{ROOT}.urgency_reason", "紧急事项应填写紧急事由")

    def _documents(self) -> None:
        documents = self.order.documents
        if len(documents) > MOST_DOCUMENTS:
            self.wrong.add(f"{ROOT}.documents", f"文书最多 {MOST_DOCUMENTS} 份")
        seen: set[bytes] = set()
        for at, document in enumerate(documents):
            field = f"{ROOT}.documents[{at}]"
            if document.sha256 in seen:
                self.wrong.add(field, "文书重复")
            elif document.sha256 not in self.uploaded:
                self.wrong.add(field, "该文书尚未为本事项上传，请先上传")
            seen.add(document.sha256)

    # --- Its items ---------------------------------------------------------------------------------------------------

    def _items(self) -> None:
        items = self.order.items
        if not items:
            self.missing.add(f"{ROOT}.items", "请至少填写一个办理项")
        if len(items) > self.rules.max_items:
            self.wrong.add(f"{ROOT}.items", f"办理项最多 {self.rules.max_items} 个")
        seen: set[int] = set()
        for at, item in enumerate(items):
            item.number = item.number or at + 1
            if item.number < 1 or item.number in seen:
                self.wrong.add(f"{ROOT}.items[{at}].number", "办理项序号应为从 1 开始的整数，且不能重复")
            seen.add(item.number)
            self._item(f"{ROOT}.items[{at}]", item)

    def _item(self, field: str, item: item_pb2.Item) -> None:
        act = self._act(field, item)
        self._item_subject(field, item, act)
        self._item_property(field, item)
        for name, what in (("scope", "办理范围"), ("clue", "线索")):
            self.wrong.limit_text(f"{field}.{name}", getattr(item, name), LONGEST_TEXT)
            if not getattr(item, name).strip():
                self.missing.add(f"{field}.{name}", f"请填写办理项 {item.number} 的{what}")
        self.wrong.require_amount(f"{field}.amount_fen", item.amount_fen)
        self.wrong.require_day(f"{field}.expires_on", item.expires_on)
        if item.HasField("assisting_body"):
            for name in ("name", "branch", "address", "phone", "category"):
                self.wrong.limit_text(f"{field}.assisting_body.{name}", getattr(item.assisting_body, name))

    def _act(self, field: str, item: item_pb2.Item) -> Act | None:
        if not item.act:
            self.missing.add(f"{field}.act", f"请选择办理项 {item.number} 的行为")
            return None
        with self.wrong.collecting():
            act = ACTS.from_proto(item.act, f"{field}.act")
            if act in self.rules.acts:
                self.acts.add(act)
                return act
            self.wrong.add(f"{field}.act", f"{self.rules.name}不办理“{act.zh}”，请改用相应的事项类型")
        return None

    def _item_subject(self, field: str, item: item_pb2.Item, act: Act | None) -> None:
        field = f"{field}.subject_number"
        if not item.subject_number:
            if act is not None and act in _ABOUT_A_PERSON:
                self.missing.add(field, f"请选择办理项 {item.number} 的事项对象")
            return
        if item.subject_number not in self.order.subject_numbers:
            self.wrong.add(field, "应为本事项所选的事项对象")
            return
        subject = self.subjects.get(item.subject_number)
        if subject is not None:
            self._standing(field, subject)

    def _standing(self, field: str, subject: party_pb2.Subject) -> None:
        """Note a subject whose role in the case does not fit, unless a ground for it is given (practice.md §9)."""
        role = SUBJECT_ROLES.from_proto(subject.role, field)
        if role in self.rules.subject_roles or subject.role_ground.strip():
            return
        fitting = "、".join(fit.zh for fit in sorted(self.rules.subject_roles))
        self.wrong.add(field, f"事项对象应为{fitting}；对{role.zh}办理的，请先在案件中填写依据")

    def _item_property(self, field: str, item: item_pb2.Item) -> None:
        if not item.HasField("property"):
            return
        found, field = item.property, f"{field}.property"
        with self.wrong.collecting():
            PROPERTY_CATEGORIES.from_proto(found.category, f"{field}.category")
        if not found.description.strip():
            self.missing.add(f"{field}.description", f"请说明办理项 {item.number} 的财产")
        self.wrong.limit_text(f"{field}.description", found.description, LONGEST_TEXT)
        self.wrong.require_amount(f"{field}.value_fen", found.value_fen)


_ABOUT_A_PERSON: Final = frozenset({Act.LOCATE_PERSON, Act.CONTROL_PERSON})


def _reason(rule: PaperRule) -> str:
    """Return why a paper is needed, with the article where its text has been confirmed."""
    return f"{rule.reason}（{rule.citation.source}）" if rule.citation.confirmed else rule.reason


def rules_of(seat: Seat) -> KindRules:
    """Return the rules in force for find instructions."""
    return seat.rulebook.kind(Kind.FIND)
