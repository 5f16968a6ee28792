"""Rows of drafts and of their steps."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from xiezhi.v1 import event_pb2
from xiezhi_domain.terms import Action
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_node.acting.issue import Order


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft says (`order`, a `Body` without salts, serialised), who wrote it, and its approval so far."""

    instruction: str
    author: str
    order: bytes
    approval: bytes
    remark: str = ""
    rulebook: str = ""
    """Hash of the rulebook under which it was checked last; empty for drafts older than the column."""

    @property
    def body(self) -> event_pb2.Body:
        """The parts of the order."""
        return event_pb2.Body.FromString(self.order)

    @property
    def approval_record(self) -> event_pb2.ApprovalRecord:
        """The approval so far."""
        return event_pb2.ApprovalRecord.FromString(self.approval)

    @property
    def approvals(self) -> int:
        """How many have approved it."""
        record = self.approval_record
        return len(record.earlier_approvals) + record.HasField("approved_by")


@dataclass(frozen=True, slots=True)
class DraftStep:
    """A step that somebody took on a draft; `at` in ms since 1970."""

    instruction: str
    action: Action
    account: str
    name: str
    remark: str
    at: int


def draft_content(order: Order) -> bytes:
    """Return the parts of an order as a draft holds them."""
    parts = [event_pb2.BodyPart(name=name, content=content) for name, content in order.parts]
    return event_pb2.Body(parts=parts).SerializeToString()


def find_draft(connection: Connection, instruction: str) -> Draft | None:
    """Return the draft of a matter, kept after it was issued too; None for a matter that was never drafted here."""
    row = tables.draft.c
    query = select(row.instruction, row.author, row.order, row.approval, row.remark, row.rulebook)
    found = connection.execute(query.where(row.instruction == instruction)).one_or_none()
    return Draft(*found) if found else None


def put_draft(connection: Connection, draft: Draft) -> None:
    """Store a draft as it has become."""
    row = (draft.instruction, draft.author, draft.order, draft.approval, draft.remark, draft.rulebook)
    upsert_rows(connection, tables.draft, [row])


def find_last_step(connection: Connection, instruction: str) -> DraftStep | None:
    """Return the step that was taken last on the draft of a matter; None for a matter that was never drafted here."""
    row = tables.draft_step.c
    query = select(row.instruction, row.action, row.account, row.name, row.remark, row.at)
    last = query.where(row.instruction == instruction).order_by(row.id.desc()).limit(1)
    found = connection.execute(last).one_or_none()
    return DraftStep(found.instruction, Action(found.action), *found[2:]) if found else None


def add_step(connection: Connection, step: DraftStep) -> None:
    """Add a step to the draft's history."""
    connection.execute(
        insert(tables.draft_step),
        {
            "instruction": step.instruction,
            "action": str(step.action),
            "account": step.account,
            "name": step.name,
            "remark": step.remark,
            "at": step.at,
        },
    )
