"""Drafts of 督办 as rows."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from xiezhi_domain.errors import InvalidInput, NotFound, Reason, WrongState
from xiezhi_journal.tables import instruction
from xiezhi_journal.tables import urge_draft as table


class DraftState(StrEnum):
    """What became of a draft."""

    WAITING = "WAITING"
    ISSUED = "ISSUED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A row of `urge_draft`; `content` is an `UrgeOrder`, times are in ms, 0 where there is none."""

    draft_id: str
    state: DraftState
    content: bytes
    author: str
    author_roles: str
    drafted_at: int
    decided_by: str = ""
    decided_at: int = 0
    opinion: str = ""


def require_new(connection: Connection, draft_id: str) -> None:
    """Let pass an id that neither a draft nor a matter has: documents of another would be taken for its own.

    :raises InvalidInput: naming ``draft_id``.
    """
    drafts = select(table.c.draft_id).where(table.c.draft_id == draft_id)
    matters = select(instruction.c.instruction).where(instruction.c.instruction == draft_id)
    if connection.scalar(drafts.union_all(matters).limit(1)) is not None:
        raise InvalidInput.in_field("draft_id", "该编号已使用，请重新拟稿")


def add_draft(connection: Connection, draft: StoredDraft) -> None:
    """Add a draft."""
    connection.execute(insert(table), asdict(draft))


def get_waiting(connection: Connection, draft_id: str) -> StoredDraft:
    """Return a draft that waits for approval.

    :raises NotFound: no such draft.
    :raises WrongState: it was decided on.
    """
    row = connection.execute(select(table).where(table.c.draft_id == draft_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该督办拟稿，请刷新列表")
    draft = _draft(row)
    if draft.state is not DraftState.WAITING:
        raise WrongState(Reason.WRONG_STATE, "该督办拟稿已经审批，请刷新列表")
    return draft


def list_drafts(connection: Connection, *, waiting_only: bool, limit: int) -> list[StoredDraft]:
    """Return drafts, those that wait first, newest first."""
    query = select(table).order_by((table.c.state != DraftState.WAITING), table.c.draft_id.desc())
    if waiting_only:
        query = query.where(table.c.state == DraftState.WAITING)
    return [_draft(row) for row in connection.execute(query.limit(limit))]


def decide_draft(connection: Connection, draft: StoredDraft) -> None:
    """Keep what was decided on a draft."""
    values = {"state": str(draft.state), "decided_by": draft.decided_by}
    values |= {"decided_at": draft.decided_at, "opinion": draft.opinion}  # type: ignore[dict-item]  # of two types
    connection.execute(update(table).where(table.c.draft_id == draft.draft_id).values(values))


def _draft(row: Any) -> StoredDraft:
    values = {field.name: getattr(row, field.name) for field in fields(StoredDraft)}
    return StoredDraft(**{**values, "state": DraftState(row.state)})
