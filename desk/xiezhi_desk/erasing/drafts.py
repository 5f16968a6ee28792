"""Drafts of the superior and the matters that they became: an order to erase a matter means them, too.

A draft has papers under its own id before there is a matter. What it became is kept for ever, by ids alone.
"""

from sqlalchemy import Connection, Select, delete, insert, literal, select, union

from xiezhi_journal.tables import SUPERIORS_DRAFTS, disposal_draft, handed_on


def note_handed_on(connection: Connection, draft_id: str, instruction: str) -> None:
    """Keep that the words and papers of a draft are in a matter from now on."""
    known = drafts_of(instruction).where(handed_on.c.draft_id == draft_id)
    if connection.scalar(known) is None:
        connection.execute(insert(handed_on).values(draft_id=draft_id, instruction=instruction))


def erase_drafts(connection: Connection, instruction: str) -> None:
    """Delete the drafts that a matter came from, and those of decisions in it, whatever became of them.

    Where a draft became several matters, the others have all that it says of them.
    """
    unknown = select(disposal_draft.c.draft_id, literal(instruction)).where(
        disposal_draft.c.instruction == instruction, disposal_draft.c.draft_id.not_in(drafts_of(instruction))
    )
    # Their papers go after this, when their rows are gone.
    connection.execute(insert(handed_on).from_select(["draft_id", "instruction"], unknown))
    for table in SUPERIORS_DRAFTS:
        connection.execute(delete(table).where(table.c.draft_id.in_(drafts_of(instruction))))


def holders_of_papers(connection: Connection, instruction: str) -> frozenset[str]:
    """Return the ids under which the papers of a matter lie: its own, and those of its drafts."""
    own = select(literal(instruction))
    return frozenset(connection.scalars(union(own, drafts_of(instruction))))


def drafts_of(instruction: str) -> Select[tuple[str]]:
    """Return the query for the drafts that a matter came from."""
    return select(handed_on.c.draft_id).where(handed_on.c.instruction == instruction)
