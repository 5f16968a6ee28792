"""Drafts of decisions as rows."""

from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, update

from xiezhi_domain.errors import NotFound, Reason, WrongState
from xiezhi_hub.urging.drafts import DraftState
from xiezhi_journal.tables import disposal_draft as table


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A row of `disposal_draft`; `content` is a `DecisionOrder`, times are in ms, 0 where there is none."""

    draft_id: str
    instruction: str
    state: DraftState
    content: bytes
    author: str
    drafted_at: int
    decided_by: str = ""
    decided_at: int = 0
    opinion: str = ""

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of what it says."""
        return sha256(self.content).hexdigest()


def add_draft(connection: Connection, draft: StoredDecision) -> None:
    """Add a draft.

    :raises WrongState: another one about the same matter waits.
    """
    waiting = select(table.c.draft_id).where(
        table.c.instruction == draft.instruction, table.c.state == DraftState.WAITING
    )
    if connection.scalar(waiting.limit(1)) is not None:
        raise WrongState(Reason.WRONG_STATE, "该事项已有待审批的决定拟稿，请先审批或者退回")
    connection.execute(insert(table), asdict(draft))


def get_draft(connection: Connection, draft_id: str) -> StoredDecision:
    """Return a draft, whatever became of it.

    :raises NotFound: no such draft.
    """
    row = connection.execute(select(table).where(table.c.draft_id == draft_id)).one_or_none()
    if row is None:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION, "找不到该决定拟稿，请刷新列表")
    return _draft(row)


def get_waiting(connection: Connection, draft_id: str) -> StoredDecision:
    """Return a draft that waits for approval.

    :raises NotFound: no such draft.
    :raises WrongState: it was decided on.
    """
    draft = get_draft(connection, draft_id)
    if draft.state is not DraftState.WAITING:
        raise WrongState(Reason.WRONG_STATE, "该决定拟稿已经审批，请刷新列表")
    return draft


def list_drafts(connection: Connection, *, waiting_only: bool, limit: int) -> list[StoredDecision]:
    """Return drafts, those that wait first, newest first."""
    query = select(table).order_by((table.c.state != DraftState.WAITING), table.c.draft_id.desc())
    if waiting_only:
        query = query.where(table.c.state == DraftState.WAITING)
    return [_draft(row) for row in connection.execute(query.limit(limit))]


def decide_draft(connection: Connection, draft: StoredDecision) -> None:
    """Keep what was decided on a draft."""
    values = {name: value for name, value in asdict(draft).items() if name in _DECIDED}
    connection.execute(update(table).where(table.c.draft_id == draft.draft_id).values(values))


_DECIDED = frozenset({"state", "decided_by", "decided_at", "opinion"})


def _draft(row: Any) -> StoredDecision:
    values = {field.name: getattr(row, field.name) for field in fields(StoredDecision)}
    return StoredDecision(**{**values, "state": DraftState(row.state)})
