"""What may be drafted as a 督办."""

from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import urge_pb2
from xiezhi_domain.errors import DomainError, InvalidInput
from xiezhi_domain.rulebook import KindRules, Rulebook
from xiezhi_domain.terms import Kind
from xiezhi_hub.confidentiality import Reader, find_matter
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.urging.papers import fill_in_documents
from xiezhi_journal.reading import read_summary

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 4_000
MOST_TARGETS: Final = 64
MOST_LINKS: Final = 32
_TEXTS: Final = (
    ("subject", "督办的标题", LONGEST_LINE),
    ("requirement", "督办的要求", LONGEST_TEXT),
    ("ground", "督办的事实和依据", LONGEST_TEXT),
)


def check_order(
    connection: Connection,
    order: urge_pb2.UrgeOrder,
    rulebook: Rulebook,
    seat: Seat,
    draft_id: str,
    author: Reader,
) -> urge_pb2.UrgeOrder:
    """Return *order* as it is kept: its limit filled in, matters by their ids, documents as they lie here.

    *draft_id* is what its documents were uploaded under; *author* names no matter of which he may not know.

    :raises InvalidInput: naming the field that is wrong.
    """
    checked = urge_pb2.UrgeOrder()
    checked.CopyFrom(order)
    for name, what, longest in _TEXTS:
        text = getattr(order, name).strip()
        if not text:
            raise InvalidInput.in_field(f"order.{name}", f"请填写{what}")
        if len(text) > longest:
            raise InvalidInput.in_field(f"order.{name}", f"最长 {longest} 个字")
    for name in ("case_number", "property", "complaint_event_id"):
        if len(getattr(order, name)) > LONGEST_LINE:
            raise InvalidInput.in_field(f"order.{name}", f"最长 {LONGEST_LINE} 个字")
    rules = rulebook.kind(Kind.SUPERVISION)
    if order.about not in rules.reasons["about"]:
        raise InvalidInput.in_field("order.about", "请选择督办的类别")
    checked.limit_days = order.limit_days or rules.limits["handle"].amount
    _check_targets(connection, checked, seat.courts.subtree(seat.court) - {seat.court}, author)
    for target in order.targets:
        _check_limit(checked.limit_days, rulebook.rules(Kind.SUPERVISION, seat.court, target.court))
    fill_in_documents(connection, checked.documents, draft_id)
    return checked


def _check_limit(days: int, rules: KindRules) -> None:
    if not rules.min_limit_days <= days <= rules.max_limit_days:
        words = f"回复期限应为 {rules.min_limit_days} 至 {rules.max_limit_days} 天"
        raise InvalidInput.in_field("order.limit_days", words)


def _check_targets(
    connection: Connection, order: urge_pb2.UrgeOrder, courts: frozenset[str], author: Reader
) -> None:
    if not 0 < len(order.targets) <= MOST_TARGETS:
        raise InvalidInput.in_field("order.targets", f"请选择被督办法院，最多 {MOST_TARGETS} 个")
    for at, target in enumerate(order.targets):
        field = f"order.targets[{at}]"
        if target.court not in courts:
            raise InvalidInput.in_field(f"{field}.court", "请选择本枢纽服务的下级法院，并核对法院代字")
        if len(target.instruction_ids) > MOST_LINKS:
            raise InvalidInput.in_field(f"{field}.instruction_ids", f"关联事项最多 {MOST_LINKS} 件")
        found = [
            _linked(connection, wanted, target.court, f"{field}.instruction_ids[{number}]", author)
            for number, wanted in enumerate(target.instruction_ids)
        ]
        del target.instruction_ids[:]
        target.instruction_ids.extend(dict.fromkeys(found))


def _linked(connection: Connection, wanted: str, court: str, field: str, author: Reader) -> str:
    try:
        instruction = find_matter(connection, wanted, author)
    except DomainError as error:
        raise InvalidInput.in_field(field, error.message) from error
    summary = read_summary(connection, instruction)
    assert summary is not None, "the matter was just found in this transaction"
    if court not in (summary.sender, summary.receiver):
        raise InvalidInput.in_field(field, "被督办法院不是该事项的委托法院或受托法院，请核对")
    return instruction
