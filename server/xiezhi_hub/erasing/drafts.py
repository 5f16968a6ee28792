"""Drafts of orders to erase as rows, and what is checked of them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from xiezhi.v1 import erasure_service_pb2 as pb
from xiezhi_domain.errors import InvalidInput, NotFound, Reason, WrongState
from xiezhi_domain.evidence.canonical import HASH_BYTES
from xiezhi_hub.urging.drafts import Drafts, DraftState, StoredDraft
from xiezhi_journal import tables
from xiezhi_journal.proofs import decode_body
from xiezhi_journal.reading import find_by_number
from xiezhi_journal.tables import erasure_draft as table

LONGEST_TEXT: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredErasure(StoredDraft):
    """A row of `erasure_draft`; `content` is an `ErasureOrder`, `instruction` the matter."""

    instruction: str

    @property
    def order(self) -> pb.ErasureOrder:
        """What is to be ordered."""
        return pb.ErasureOrder.FromString(self.content)


ERASURES: Final = Drafts(table, "清除决定", StoredErasure)


def check_order(connection: Connection, order: pb.ErasureOrder) -> pb.ErasureOrder:
    """Return *order* as it would be given, the matter by its id.

    :raises NotFound: UNKNOWN_INSTRUCTION.
    :raises InvalidInput: no reason, no ground, nothing to erase, or something that the matter has not.
    :raises WrongState: the matter is open, or a draft about it waits.
    """
    wanted = order.instruction_id.strip()
    matter = require_ended(connection, find_by_number(connection, wanted) or wanted)
    if one_waits(connection, matter):
        raise WrongState(Reason.WRONG_STATE, "该事项已有待审批的清除决定，请先处理")
    checked = pb.ErasureOrder()
    checked.CopyFrom(order)
    checked.instruction_id = matter
    checked.reason = _text(order.reason, "order.reason")
    checked.legal_ground = _text(order.legal_ground, "order.legal_ground")
    checked.drafted_by = checked.approved_by = ""
    if order.whole and (order.contents or order.documents):
        raise InvalidInput.in_field("order.whole", "已选择清除全部内容，请不要再列部分内容或文书")
    if not (order.whole or order.contents or order.documents):
        raise InvalidInput.in_field("order.contents", "请选择清除全部内容，或列明要清除的内容部分、文书")
    _check_contents(connection, matter, checked)
    _check_documents(connection, matter, checked)
    return checked


def require_ended(connection: Connection, instruction: str) -> str:
    """Let pass a matter that has ended; returns its id.

    :raises NotFound: UNKNOWN_INSTRUCTION.
    :raises WrongState: it is open: who works on it needs what it says.
    """
    matter = tables.instruction.c
    row = connection.execute(
        select(matter.open).where(matter.instruction == instruction, matter.accepted != "")
    ).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    if row.open:
        raise WrongState(Reason.WRONG_STATE, "该事项尚未办结，办结后才能清除其内容")
    return instruction


def one_waits(connection: Connection, instruction: str) -> bool:
    """Return whether a draft about the matter waits for approval."""
    waiting = select(table.c.draft_id).where(
        table.c.instruction == instruction, table.c.state == DraftState.WAITING
    )
    return connection.scalar(waiting.limit(1)) is not None


def _check_contents(connection: Connection, matter: str, order: pb.ErasureOrder) -> None:
    event, body = tables.event, tables.body
    for at, content in enumerate(order.contents):
        query = (
            select(body.c.content)
            .join(event, event.c.position == body.c.position)
            .where(event.c.instruction == matter, event.c.event_id == content.event_id)
        )
        stored = connection.scalar(query)
        if stored is None:
            raise InvalidInput.in_field(
                f"order.contents[{at}].event_id", "该事项没有这一步骤，请核对步骤标识"
            )
        names = {part.name for part in decode_body(stored).parts}
        if unknown := sorted(set(content.part_names) - names):
            known = "、".join(sorted(names))
            message = f"这一步骤没有内容部分 {unknown[0]}，有：{known}"
            raise InvalidInput.in_field(f"order.contents[{at}].part_names", message)


def _check_documents(connection: Connection, matter: str, order: pb.ErasureOrder) -> None:
    of = tables.document_of.c
    known = set(connection.scalars(select(of.sha256).where(of.instruction == matter)))
    for at, sha256 in enumerate(order.documents):
        if len(sha256) != HASH_BYTES or sha256 not in known:
            raise InvalidInput.in_field(f"order.documents[{at}]", "该事项没有这份文书，请核对校验值")


def _text(text: str, field: str) -> str:
    stripped = text.strip()
    if not 0 < len(stripped) <= LONGEST_TEXT:
        raise InvalidInput.in_field(
            field, f"必填，最长 {LONGEST_TEXT} 个字；请勿写入姓名、证件号码等，此处内容不会被清除"
        )
    return stripped
