"""Drafts of what the superior issues as rows: 督办, and its orders."""

from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Table, insert, select, update

from xiezhi_domain.errors import InvalidInput, NotAllowed, NotFound, Reason, WrongState
from xiezhi_domain.terms import Kind, State
from xiezhi_journal.tables import instruction, order_draft, urge_draft
from xiezhi_wire.caller import Caller


class DraftState(StrEnum):
    """What became of a draft."""

    WAITING = "WAITING"
    ISSUED = "ISSUED"
    REJECTED = "REJECTED"
    # The word by which drafts of all kinds are known to be given up where papers are collected.
    DISCARDED = State.DISCARDED.value


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A row; `content` is an `UrgeOrder` or a `CourtOrder`, times are in ms, 0 where there is none."""

    draft_id: str
    state: DraftState
    content: bytes
    author: str
    author_roles: str
    drafted_at: int
    decided_by: str = ""
    decided_at: int = 0
    opinion: str = ""

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of what it says."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts in one table; *name* is what people call one."""

    table: Table
    name: str

    def require_new(self, connection: Connection, draft_id: str) -> None:
        """Let pass an id that neither a draft nor a matter has: documents of another would be taken for its own.

        :raises InvalidInput: naming ``draft_id``.
        """
        drafts = select(self.table.c.draft_id).where(self.table.c.draft_id == draft_id)
        matters = select(instruction.c.instruction).where(instruction.c.instruction == draft_id)
        if connection.scalar(drafts.union_all(matters).limit(1)) is not None:
            raise InvalidInput.in_field("draft_id", "该编号已使用，请重新拟稿")

    def add(self, connection: Connection, draft: StoredDraft) -> None:
        """Add a draft."""
        connection.execute(insert(self.table), asdict(draft))

    def find(self, connection: Connection, draft_id: str) -> StoredDraft | None:
        """Return a draft, whatever became of it."""
        row = connection.execute(select(self.table).where(self.table.c.draft_id == draft_id)).one_or_none()
        return None if row is None else _draft(row)

    def get_waiting(self, connection: Connection, draft_id: str) -> StoredDraft:
        """Return a draft that waits for approval.

        :raises NotFound: no such draft.
        :raises WrongState: it was decided on, or discarded.
        """
        draft = self.find(connection, draft_id)
        if draft is None:
            raise NotFound(Reason.UNKNOWN_INSTRUCTION, f"找不到该{self.name}拟稿，请刷新列表")
        if draft.state is not DraftState.WAITING:
            done = State.DISCARDED.zh if draft.state is DraftState.DISCARDED else "已经审批"
            raise WrongState(Reason.WRONG_STATE, f"该{self.name}拟稿{done}，请刷新列表")
        return draft

    def list(self, connection: Connection, *, waiting_only: bool, limit: int) -> list[StoredDraft]:
        """Return drafts, those that wait first, newest first; discarded ones are left out."""
        table = self.table
        query = select(table).where(table.c.state != DraftState.DISCARDED)
        query = query.order_by((table.c.state != DraftState.WAITING), table.c.draft_id.desc())
        if waiting_only:
            query = query.where(table.c.state == DraftState.WAITING)
        return [_draft(row) for row in connection.execute(query.limit(limit))]

    def discard(self, connection: Connection, draft_id: str, caller: Caller, now: int) -> StoredDraft:
        """Discard at *now* (ms) a draft that waits, by its author or who stands in for him; return what became of it.

        :raises NotFound: no such draft.
        :raises WrongState: it was decided on, or discarded.
        :raises NotAllowed: FORBIDDEN, somebody else's.
        """
        draft = self.get_waiting(connection, draft_id)
        if draft.author not in caller.accounts:
            raise NotAllowed(Reason.FORBIDDEN, f"只有拟稿人可以废弃该{self.name}拟稿")
        by = caller.account_id
        discarded = replace(draft, state=DraftState.DISCARDED, decided_by=by, decided_at=now)
        self.put(connection, discarded)
        return discarded

    def put(self, connection: Connection, draft: StoredDraft) -> None:
        """Keep what became of a draft, or what its author has written anew."""
        values = {name: value for name, value in asdict(draft).items() if name != "draft_id"}
        own = self.table.c.draft_id == draft.draft_id
        connection.execute(update(self.table).where(own).values({**values, "state": str(draft.state)}))


URGES: Final = Drafts(urge_draft, Kind.SUPERVISION.zh)
ORDERS: Final = Drafts(order_draft, "决定")


def _draft(row: Any) -> StoredDraft:
    values = {field.name: getattr(row, field.name) for field in fields(StoredDraft)}
    return StoredDraft(**{**values, "state": DraftState(row.state)})
