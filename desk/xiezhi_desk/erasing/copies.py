"""What lies of a matter in the journal beside its events: copies for work, which go with what they were made of."""

from typing import Final

from sqlalchemy import Connection, LargeBinary, Table, bindparam, delete, func, select, update

from xiezhi_desk.erasing.drafts import erase_drafts
from xiezhi_journal import tables

_OF_MATTER: Final[tuple[Table, ...]] = (
    tables.draft,
    tables.draft_step,
    tables.reply_draft,
    tables.notification,
    tables.wanted_document,
    tables.case_feedback,
    tables.case_choice,
)
_EMPTIED: Final = (
    (tables.registry_query, {"subject_name": "", "content": b""}),
    (tables.registry_act, {"request": b"", "response": b""}),
    (tables.registry_hit, {"content": b""}),
)
"""That somebody asked, when and what for, stays on record; about whom and what came of it does not."""

_OF_CASE: Final = (tables.case_change, tables.case_file, tables.party_mark, tables.open_case)

TOUCHED: Final = (
    tables.body,
    tables.instruction,
    tables.document,
    tables.document_of,
    tables.upload,
    tables.request,
    tables.quarantine,
    tables.field_visit,
    tables.field_sheet,
    tables.registry_answer,
    *(table for table, _ in _EMPTIED),
    *_OF_MATTER,
    *tables.SUPERIORS_DRAFTS,
    tables.handed_on,
    *_OF_CASE,
)
"""All tables in which an order erases something."""

_OF_THE_ORDER: Final = ("DraftErasure", "ApproveErasure")
"""What these have answered says nothing that the order itself does not say for ever."""


def erase_copies(connection: Connection, instruction: str) -> None:
    """Erase them all."""
    asked = select(tables.registry_query.c.query_id).where(tables.registry_query.c.instruction == instruction)
    answer = tables.registry_answer
    connection.execute(update(answer).where(answer.c.query_id.in_(asked)).values(content=b"", problem=""))
    for table, empty in _EMPTIED:
        connection.execute(update(table).where(table.c.instruction == instruction).values(**empty))
    for table in _OF_MATTER:
        connection.execute(delete(table).where(table.c.instruction == instruction))
    erase_drafts(connection, instruction)
    _erase_visits(connection, instruction)
    _erase_put_aside(connection, instruction)
    _erase_answers(connection, instruction)


def erase_case(connection: Connection, case_number: str, instruction: str) -> None:
    """Remove a case from this court's register, unless a matter other than *instruction* names it."""
    matter = tables.instruction.c
    other = select(matter.instruction).where(
        matter.case_number == case_number, matter.instruction != instruction
    )
    if not case_number or connection.scalar(other.limit(1)) is not None:
        return
    change, choice = tables.case_change, tables.case_choice
    changes = select(change.c.change_id).where(change.c.case_number == case_number)
    connection.execute(delete(choice).where(choice.c.change_id.in_(changes)))
    for table in _OF_CASE:
        connection.execute(delete(table).where(table.c.case_number == case_number))


def _erase_visits(connection: Connection, instruction: str) -> None:
    """Take the matter off its sheets; a sheet goes with its last visit."""
    sheet, visit = tables.field_sheet, tables.field_visit
    of_matter = visit.c.instruction == instruction
    sheets = list(connection.scalars(select(visit.c.sheet_id).where(of_matter).distinct()))
    connection.execute(delete(visit).where(of_matter))
    used = select(visit.c.sheet_id)
    connection.execute(delete(sheet).where(sheet.c.sheet_id.in_(sheets), sheet.c.sheet_id.not_in(used)))


def _erase_put_aside(connection: Connection, instruction: str) -> None:
    """What was put aside keeps its reason, not its bytes."""
    held, event = tables.quarantine, tables.event
    own = select(event.c.event_id).where(event.c.instruction == instruction)
    connection.execute(update(held).where(held.c.event_id.in_(own)).values(record=b"", detail=""))


def _erase_answers(connection: Connection, instruction: str) -> None:
    """Forget the stored answers to requests that name the matter: repeated after this they are new requests."""
    needle, response = bindparam("needle", type_=LargeBinary()), tables.request.c.response
    if connection.dialect.name == "sqlite":
        place = func.instr(response, needle)
    else:
        place = func.position(needle.op("IN")(response))
    others = tables.request.c.method.not_in(_OF_THE_ORDER)
    connection.execute(delete(tables.request).where(place > 0, others), {"needle": instruction.encode()})
