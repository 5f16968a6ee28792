"""Drafts of decisions as rows."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, or_, select

from xiezhi_hub.confidentiality import Reader
from xiezhi_hub.urging.drafts import Drafts, DraftState, StoredDraft
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.paging import token_after
from xiezhi_journal.tables import disposal_draft as table
from xiezhi_journal.tables import instruction as matter


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision(StoredDraft):
    """A row of `disposal_draft`; `content` is a `DecisionOrder`, `instruction` the handover."""

    instruction: str


DECISIONS: Final = Drafts(table, "决定", StoredDecision, lambda draft: [draft.instruction])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which drafts a list shows: in this state (None: in any but discarded), of this court, on this handover."""

    state: DraftState | None = None
    court: str = ""
    instruction: str = ""


def one_waits(connection: Connection, instruction: str, beside: str = "") -> bool:
    """Return whether a draft about this handover, but the one with the id *beside*, waits for approval."""
    waiting = select(table.c.draft_id).where(
        table.c.instruction == instruction, table.c.state == DraftState.WAITING, table.c.draft_id != beside
    )
    return connection.scalar(waiting.limit(1)) is not None


def page_of_drafts(
    connection: Connection, wanted: Wanted, page: Page, reader: Reader
) -> tuple[list[StoredDecision], str]:
    """Return a page of drafts that *reader* may know of, those that wait first, newest first, and the next token.

    :raises InvalidInput: a token of another list.
    """
    decided = case((table.c.state == DraftState.WAITING, 0), else_=1)
    visible = select(matter.c.instruction).where(reader.visible())
    query = select(table).where(*_conditions(wanted), table.c.instruction.in_(visible))
    after = page.after(int, str)
    if after is not None:
        later, earlier = decided > after[0], table.c.draft_id < after[1]
        query = query.where(or_(later, and_(decided == after[0], earlier)))
    query = query.order_by(decided, table.c.draft_id.desc()).limit(page.size + 1)
    found = [DECISIONS.of_row(row) for row in connection.execute(query)]
    shown = found[: page.size]
    if len(found) <= page.size:
        return shown, ""
    last = shown[-1]
    return shown, token_after(int(last.state is not DraftState.WAITING), last.draft_id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    state = table.c.state
    found = [state != DraftState.DISCARDED if wanted.state is None else state == wanted.state]
    if wanted.instruction:
        found.append(table.c.instruction == wanted.instruction)
    if wanted.court:
        party = or_(matter.c.sender == wanted.court, matter.c.receiver == wanted.court)
        found.append(table.c.instruction.in_(select(matter.c.instruction).where(party)))
    return found
