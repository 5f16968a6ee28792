"""Papers of the sender's dossier that the other court may read for as long as the matter is open (practice.md §12)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi_desk import bodies
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_node.acting.act import Act, MoveTaken
from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.instructions.checks import check_documents


def share_dossier(connection: Connection, acting: Acting, hashes: Sequence[bytes], text: str) -> Act:
    """Return the work of 共享卷宗文书.

    :raises InvalidInput: nothing is ticked, or a paper does not lie among the matter's documents.
    """
    fields = Fields()
    named = [document_pb2.Document(sha256=sha256) for sha256 in hashes]
    shared = check_documents(fields, named, acting.present(connection))
    if not shared:
        fields.add("documents", "请至少勾选一份卷宗文书")
    fields.limit_text("text", text, LONGEST_TEXT)
    fields.require_none()
    prose = event_pb2.Prose(text=text.strip()).SerializeToString()
    parts = [("prose", prose)] if text.strip() else []
    return acting.work(connection, MoveTaken(EventKind.DOSSIER_SHARED, parts=parts, documents=shared))


def share_has_ended(connection: Connection, instruction: str, sha256: bytes) -> bool:
    """Return whether a paper was only shared with this court, in a matter that is no longer open."""
    table = tables.instruction.c
    query = select(table.sent, table.open).where(table.instruction == instruction)
    row = connection.execute(query).one_or_none()
    if row is None or row.sent or row.open:
        return False
    event, body = tables.event, tables.body
    bodies = (
        select(event.c.kind, body.c.content)
        .join(body, body.c.position == event.c.position)
        .where(event.c.instruction == instruction)
    )
    kinds = {kind for kind, content in connection.execute(bodies) if sha256 in _named(content)}
    return kinds == {EventKind.DOSSIER_SHARED}


def _named(content: bytes) -> Iterable[bytes]:
    return [document.sha256 for document in bodies.documents_of(event_pb2.Body.FromString(content))]
