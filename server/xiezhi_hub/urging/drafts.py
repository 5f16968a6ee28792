"""Drafts of what the superior issues as rows: 督办, its orders, and its decisions on handovers."""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, Table, insert, select, update

from xiezhi.v1 import order_pb2, urge_pb2
from xiezhi_domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, Reason, WrongState
from xiezhi_domain.terms import Kind, State
from xiezhi_hub.confidentiality import Reader
from xiezhi_journal.tables import SUPERIORS_DRAFTS, instruction, order_draft, urge_draft
from xiezhi_wire.caller import Caller


class DraftState(StrEnum):
    """What became of a draft."""

    WAITING = "WAITING"
    ISSUED = "ISSUED"
    REJECTED = "REJECTED"
    # The word by which drafts of all kinds are known to be given up where papers are collected.
    DISCARDED = State.DISCARDED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDraft:
    """A row; `content` is what would be issued, serialised; times are in ms, 0 where there is none."""

    draft_id: str
    state: DraftState = DraftState.WAITING
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterDraft(StoredDraft):
    """What becomes matters of its own, an `UrgeOrder` or a `CourtOrder`: they begin in a role of its author."""

    author_roles: str


def may_rewrite(draft: StoredDraft, caller: Caller) -> bool:
    """Return whether *caller* may write *draft* anew: its author, in person, while it waits.

    Who stands in for him may not: the words would be taken for the author's, and one of the two could approve them.
    """
    return draft.state is DraftState.WAITING and draft.author == caller.account_id


def require_seen(draft: StoredDraft, seen: str) -> None:
    """Let pass who approves what *draft* says: *seen* is the hash of what was read.

    :raises Conflict: STALE_BASE; it was written anew since.
    """
    if draft.content_hash != seen:
        raise Conflict(
            Reason.STALE_BASE, "该拟稿与您审阅的内容不一致，可能已被拟稿人修改，请刷新并重新审阅后再审批"
        )


DraftT = TypeVar("DraftT", bound=StoredDraft)


@dataclass(frozen=True, slots=True)
class Drafts(Generic[DraftT]):
    """The drafts in one table, as *row*; *name* is what people call one, *names* gives the matters that one names.

    Who may not know of a matter that a draft names does not find the draft.
    """

    table: Table
    name: str
    row: type[DraftT]
    names: Callable[[DraftT], Collection[str]] = lambda _draft: ()

    def require_new(self, connection: Connection, draft_id: str) -> None:
        """Let pass an id that neither a draft nor a matter has: documents of another would be taken for its own.

        :raises InvalidInput: naming ``draft_id``.
        """
        drafts = [select(table.c.draft_id).where(table.c.draft_id == draft_id) for table in SUPERIORS_DRAFTS]
        matters = select(instruction.c.instruction).where(instruction.c.instruction == draft_id)
        if connection.scalar(matters.union_all(*drafts).limit(1)) is not None:
            raise InvalidInput.in_field("draft_id", "该编号已使用，请重新拟稿")

    def require_writable(self, connection: Connection, draft_id: str, caller: Caller, reader: Reader) -> None:
        """Let pass the id of a new draft, and that of one that waits for its author, who writes it anew.

        :raises InvalidInput: naming ``draft_id``; something else has the id.
        :raises WrongState: it was decided on, or discarded.
        :raises NotAllowed: FORBIDDEN, somebody else's.
        """
        if self.find(connection, draft_id) is None:
            self.require_new(connection, draft_id)
        elif not may_rewrite(self.get_waiting(connection, draft_id, reader), caller):
            raise NotAllowed(Reason.FORBIDDEN, f"只有拟稿人可以修改该{self.name}拟稿")

    def keep(self, connection: Connection, draft: DraftT) -> None:
        """Keep a draft as `require_writable` lets it pass: a new one, or one written anew."""
        if self.find(connection, draft.draft_id) is None:
            connection.execute(insert(self.table), asdict(draft))
        else:
            self.put(connection, draft)

    def find(self, connection: Connection, draft_id: str) -> DraftT | None:
        """Return a draft, whatever became of it."""
        row = connection.execute(select(self.table).where(self.table.c.draft_id == draft_id)).one_or_none()
        return None if row is None else self.of_row(row)

    def get(self, connection: Connection, draft_id: str, reader: Reader | None = None) -> DraftT:
        """Return a draft, whatever became of it, as far as *reader* may know of it; None: the hub itself.

        :raises NotFound: no such draft.
        """
        draft = self.find(connection, draft_id)
        if draft is None or (reader is not None and not self._knows(connection, draft, reader)):
            raise NotFound(Reason.UNKNOWN_INSTRUCTION, f"找不到该{self.name}拟稿，请刷新列表")
        return draft

    def get_waiting(self, connection: Connection, draft_id: str, reader: Reader | None = None) -> DraftT:
        """Return a draft that waits for approval, as far as *reader* may know of it; None: the hub itself.

        :raises NotFound: no such draft.
        :raises WrongState: it was decided on, or discarded.
        """
        draft = self.get(connection, draft_id, reader)
        if draft.state is not DraftState.WAITING:
            done = State.DISCARDED.zh if draft.state is DraftState.DISCARDED else "已经审批"
            raise WrongState(Reason.WRONG_STATE, f"该{self.name}拟稿{done}，请刷新列表")
        return draft

    def list(self, connection: Connection, reader: Reader, *, waiting_only: bool, limit: int) -> list[DraftT]:
        """Return drafts that *reader* may know of, those that wait first, newest first; without discarded ones."""
        table = self.table
        query = select(table).where(table.c.state != DraftState.DISCARDED)
        query = query.order_by((table.c.state != DraftState.WAITING), table.c.draft_id.desc())
        if waiting_only:
            query = query.where(table.c.state == DraftState.WAITING)
        drafts, shown = map(self.of_row, connection.execute(query)), list[DraftT]()
        while len(shown) < limit and (some := [*islice(drafts, limit)]):
            known = reader.known(connection, {each for draft in some for each in self.names(draft)})
            shown += [draft for draft in some if known.issuperset(self.names(draft))]
        return shown[:limit]

    def _knows(self, connection: Connection, draft: DraftT, reader: Reader) -> bool:
        named = frozenset(self.names(draft))
        return named <= reader.known(connection, named)

    def discard(
        self, connection: Connection, draft_id: str, caller: Caller, reader: Reader, now: int
    ) -> DraftT:
        """Discard at *now* (ms) a draft that waits, by its author or who stands in for him; return what became of it.

        *reader* is the caller, as far as he knows of matters.

        :raises NotFound: no such draft.
        :raises WrongState: it was decided on, or discarded.
        :raises NotAllowed: FORBIDDEN, somebody else's.
        """
        draft = self.get_waiting(connection, draft_id, reader)
        if why := self.why_not_discard(draft, caller):
            raise NotAllowed(Reason.FORBIDDEN, why)
        by = caller.account_id
        discarded = replace(draft, state=DraftState.DISCARDED, decided_by=by, decided_at=now)
        self.put(connection, discarded)
        return discarded

    def why_not_discard(self, draft: DraftT, caller: Caller) -> str:
        """Return in Chinese why *caller* may not discard a draft that waits; empty if he may."""
        return "" if draft.author in caller.accounts else f"只有拟稿人可以废弃该{self.name}拟稿"

    def reject(
        self, connection: Connection, draft_id: str, caller: Caller, reader: Reader, opinion: str, now: int
    ) -> DraftT:
        """Keep at *now* (ms) that a draft that waits is not approved, and why; return what became of it.

        *reader* is the caller, as far as he knows of matters.

        :raises InvalidInput: naming ``opinion``; no reason is given.
        :raises NotFound: no such draft.
        :raises WrongState: it was decided on, or discarded.
        """
        why = opinion.strip()
        if not why:
            raise InvalidInput.in_field("opinion", "请填写不同意的理由")
        draft = self.get_waiting(connection, draft_id, reader)
        by = caller.account_id
        rejected = replace(draft, state=DraftState.REJECTED, decided_by=by, decided_at=now, opinion=why)
        self.put(connection, rejected)
        return rejected

    def put(self, connection: Connection, draft: DraftT) -> None:
        """Keep what became of a draft, or what its author has written anew."""
        values = {name: value for name, value in asdict(draft).items() if name != "draft_id"}
        own = self.table.c.draft_id == draft.draft_id
        connection.execute(update(self.table).where(own).values({**values, "state": str(draft.state)}))

    def of_row(self, row: Any) -> DraftT:
        """Return the draft that a row of the table is."""
        values = {field.name: getattr(row, field.name) for field in fields(self.row)}
        return self.row(**{**values, "state": DraftState(row.state)})


def _named_by_urge(draft: MatterDraft) -> list[str]:
    order = urge_pb2.UrgeOrder.FromString(draft.content)
    return [each for target in order.targets for each in target.instruction_ids]


def _named_by_order(draft: MatterDraft) -> list[str]:
    order = order_pb2.CourtOrder.FromString(draft.content)
    return [*order.request_ids, *order.handover_ids]


URGES: Final = Drafts(urge_draft, Kind.SUPERVISION.zh, MatterDraft, _named_by_urge)
ORDERS: Final = Drafts(order_draft, "决定", MatterDraft, _named_by_order)
