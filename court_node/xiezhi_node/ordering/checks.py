"""What an order may say and must say, by the rulebook in force.

A draft may lack what is *missing* and may not contain what is *wrong*; what is submitted or issued may do neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xiezhi.v1 import document_pb2, find_service_pb2, instruction_pb2
from xiezhi.v1.delegation_service_pb2 import DelegationOrder
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import LimitExceeded, Reason, WrongState
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.ladder.delegable import wrong_courts
from xiezhi_domain.rulebook import KindRules, PaperRule
from xiezhi_domain.terms import Act
from xiezhi_node.cases.checks import normal_case_number
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.ordering.case_parts import CaseParts
from xiezhi_node.ordering.item_checks import ItemCheck, Period
from xiezhi_node.ordering.order_check import OrderCheck
from xiezhi_node.ordering.order_type import (
    OrderMessage,
    is_by_telephone,
    items_of_order,
    same_order,
    texts_of,
)
from xiezhi_node.ordering.sender import Sender
from xiezhi_node.ordering.typed_orders import check_typed

ROOT: Final = "order"
MOST_DOCUMENTS: Final = 100
LARGEST_ORDER: Final = 200 * 1024
"""Bytes of order and case together; leaves room for salts and approval in a body of 256 KiB (protocol §1)."""

OTHER: Final = "OTHER"
"""The code that every table of reasons may have; it asks for words beside."""
_IDS: Final = ("bundle_id", "linked_instruction_id")


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """An order in normal form, what it still lacks, and what its author should know.

    `sums` are the amounts, in fen, that count towards the sums of its case, by item; `ordered` is how much of them
    is to be controlled or collected.
    """

    order: OrderMessage
    rules: KindRules
    missing: Fields
    missing_papers: Sequence[find_service_pb2.MissingPaper]
    warnings: Sequence[str]
    sums: Mapping[int, int]
    ordered: int

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


def normal_order_case(order: OrderMessage) -> str:
    """Return the number of the case that an order is about, in normal form.

    :raises InvalidInput: naming ``order.case_number``.
    """
    return normal_case_number(order.case_number, f"{ROOT}.case_number")


def check_order(
    order: OrderMessage, case: CaseParts, sender: Sender, uploaded: Mapping[bytes, document_pb2.Document]
) -> CheckedOrder:
    """Return the order in normal form with what it lacks. *uploaded* are the documents that lie here for it.

    :raises InvalidInput: with every wrong field below ``order``.
    :raises NotFound: UNKNOWN_COURT.
    :raises NotAllowed: NO_COMMON_HUB.
    :raises LimitExceeded: TOO_LARGE.
    """
    if order.ByteSize() + case.size > LARGEST_ORDER:
        raise LimitExceeded(Reason.TOO_LARGE, "事项内容过大，请将较长的文字作为文书上传")
    normal = same_order(order)
    normal.case_number = case.case.case_number
    check = _OrderCheck(normal, case, sender, uploaded)
    check.run()
    check.wrong.require_none()
    papers, warnings = check.missing_papers(), check.warnings()
    items = check.items
    return CheckedOrder(normal, check.rules, check.missing, papers, warnings, items.sums, items.ordered)


class _OrderCheck:
    """One check of one order, which is brought into normal form on the way."""

    def __init__(
        self,
        order: OrderMessage,
        case: CaseParts,
        sender: Sender,
        uploaded: Mapping[bytes, document_pb2.Document],
    ) -> None:
        self.order = order
        self.case = case
        self.sender = sender
        self.uploaded = uploaded
        self.wrong = Fields()
        self.missing = Fields()
        self.notes: list[str] = []
        self._receiver()
        self.rules = sender.rules(order)
        numbers = frozenset(order.subject_numbers)
        self.items = ItemCheck(self.rules, case.subjects, numbers, self.wrong, self.missing)

    def run(self) -> None:
        self._subject_numbers()
        self._limit()
        self._urgency()
        self._items()
        self._phone_first()
        self._documents()
        for name, text in texts_of(self.order):
            self.wrong.limit_text(f"{ROOT}.{name}", text, LONGEST_TEXT)
        if isinstance(self.order, DelegationOrder):
            self._ids(self.order)
        if self.items.sums:
            self._excess()
        self._typed()

    def missing_papers(self) -> list[find_service_pb2.MissingPaper]:
        if is_by_telephone(self.order):
            return []
        papers = (self.uploaded[document.sha256].paper_type for document in self.order.documents)
        present = frozenset(PAPER_TYPES.from_proto(paper, "documents") for paper in papers)
        return [
            find_service_pb2.MissingPaper(paper_type=PAPER_TYPES.to_proto(paper), reason=_reason(rule))
            for paper, rule in self.rules.missing_papers(frozenset(self.items.acts), present)
        ]

    def warnings(self) -> list[str]:
        return [*self.notes, *(f"提交前还需：{violation.message}" for violation in self.missing.violations)]

    # --- The order ---------------------------------------------------------------------------------------------------

    def _receiver(self) -> None:
        field = f"{ROOT}.receiver"
        if not self.order.receiver:
            self.missing.add(field, "请选择受托法院")
            return
        with self.wrong.collecting():
            self.order.receiver = parse_court_code(self.order.receiver, field)
            self.sender.check_receiver(self.order.receiver)

    def _typed(self) -> None:
        """Check what only an order of its kind says, and between which courts that kind is used."""
        receiver = self.order.receiver
        if receiver and (text := wrong_courts(self.sender.court, receiver, self.rules)):
            citation = self.rules.start.citation.source
            self.wrong.add(f"{ROOT}.receiver", f"{text}（依据：{citation}）")
        check_typed(
            OrderCheck(
                self.order,
                self.case,
                self.rules,
                self.sender.today,
                self.wrong,
                self.missing,
                self.notes,
                self.sender.court,
            )
        )

    def _ids(self, order: DelegationOrder) -> None:
        for name in _IDS:
            if text := getattr(order, name):
                with self.wrong.collecting():
                    check_uuid7(text, f"{ROOT}.{name}")

    def _subject_numbers(self) -> None:
        numbers = self.order.subject_numbers
        if not numbers:
            self.missing.add(f"{ROOT}.subject_numbers", "请选择事项对象")
        for at, number in enumerate(numbers):
            field = f"{ROOT}.subject_numbers[{at}]"
            if number in numbers[:at]:
                self.wrong.add(field, "事项对象重复")
            elif number not in self.case.subjects:
                self.wrong.add(field, f"案件中没有序号为 {number} 的事项对象")

    def _limit(self) -> None:
        rules = self.rules
        days = self.order.limit_days
        if days and not rules.min_limit_days <= days <= rules.max_limit_days:
            self.wrong.add(
                f"{ROOT}.limit_days", f"办理期限应为 {rules.min_limit_days} 至 {rules.max_limit_days} 日"
            )

    def _urgency(self) -> None:
        """Ask why it is urgent: a code of the rulebook, words too where it leaves it open (practice.md §13)."""
        order, codes = self.order, self.rules.reasons.get("urgency", {})
        if order.urgency not in instruction_pb2.Urgency.values():
            self.wrong.add(f"{ROOT}.urgency", "选项无法识别，请升级程序或重新选择")
        if order.urgency_code and order.urgency_code not in codes:
            self.wrong.add(f"{ROOT}.urgency_code", f"请从规则库选择紧急原因：{'、'.join(codes.values())}")
        if order.urgency != instruction_pb2.URGENCY_URGENT:
            return
        if codes and not order.urgency_code:
            self.missing.add(f"{ROOT}.urgency_code", f"请选择紧急原因：{'、'.join(codes.values())}")
        if order.urgency_code in ("", OTHER) and not order.urgency_reason.strip():
            self.missing.add(f"{ROOT}.urgency_reason", "请写明紧急事由")

    def _phone_first(self) -> None:
        """Let only what the rulebook names go before its papers (practice.md §13)."""
        acts = self.rules.phone_first_acts
        urgent = self.order.urgency == instruction_pb2.URGENCY_URGENT
        if is_by_telephone(self.order) and not (urgent and acts and acts.issuperset(self.items.acts)):
            words = "、".join(act.zh for act in sorted(acts)) or "无"
            self.wrong.add(f"{ROOT}.phone_first", f"电话先行只适用于紧急事项的下列行为：{words}")

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

    def _items(self) -> None:
        items = items_of_order(self.order)
        if not items and self.rules.max_items:
            self.missing.add(f"{ROOT}.items", "请至少填写一个办理项")
        if len(items) > self.rules.max_items:
            self.wrong.add(f"{ROOT}.items", f"办理项最多 {self.rules.max_items} 个")
        seen: set[int] = set()
        measures: list[tuple[int, Act]] = []
        for at, item in enumerate(items):
            item.number = item.number or at + 1
            if item.number < 1 or item.number in seen:
                self.wrong.add(f"{ROOT}.items[{at}].number", "办理项序号应为从 1 开始的整数，且不能重复")
            seen.add(item.number)
            act = self.items.item(f"{ROOT}.items[{at}]", item)
            if act is not None and act in self.rules.content.measures:
                measures.append((at, act))
        if measures:
            self._measures(measures)

    def _measures(self, measures: Sequence[tuple[int, Act]]) -> None:
        period = Period(self.sender.today, self.sender.due_day(self.order, self.rules))
        items = items_of_order(self.order)
        for at, act in measures:
            self.items.measure(f"{ROOT}.items[{at}]", items[at], act, period)

    def _excess(self) -> None:
        """Warn of an order above what is claimed with costs, and ask for its reason (查封规定 19; practice.md §1)."""
        case, asked = self.case.case, self.items.ordered
        limit = case.claimed_fen + case.costs_fen
        if not asked or not case.claimed_fen:
            return
        before = self.sender.exposure(case.case_number)
        if before + asked <= limit:
            return
        self.notes.append(
            f"拟控制 {yuan(asked)} 元，连同已委托或控制的 {yuan(before)} 元，超过申请标的及费用 {yuan(limit)} 元"
        )
        if not getattr(self.order, "excess_reason", "").strip():
            self.missing.add(f"{ROOT}.excess_reason", "委托金额超过申请标的及费用，请填写理由")


def yuan(fen: int) -> str:
    """Return an amount as people write it, such as 1,234.50."""
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{rest // 100:,}.{rest % 100:02}"


def _reason(rule: PaperRule) -> str:
    """Return why a paper is needed, with the article where its text has been confirmed."""
    return f"{rule.reason}（{rule.citation.source}）" if rule.citation.confirmed else rule.reason
