"""Who may read and bring documents at the hub (`xiezhi_desk.documents.service.DocumentAccess`)."""

from functools import partial

from sqlalchemy import Connection, and_, not_, select

from xiezhi_desk.documents.service import DocumentCaller
from xiezhi_hub.evidence.entries import is_party
from xiezhi_hub.recovery.gate import Gate, Phase
from xiezhi_hub.urging.drafts import DraftState
from xiezhi_journal.journal import Journal
from xiezhi_journal.restrictions import is_readable
from xiezhi_journal.tables import SUPERIORS_DRAFTS, document_of, instruction, upload
from xiezhi_wire.peer import PeerCertificate


class HubDocumentAccess:
    """Nodes read and bring documents of their courts' matters; the hub's people read, by their roles' policy.

    What they bring goes with something that is going to be drafted, and never to a matter that is there.

    While the hub recovers, every node may bring: whose a lost matter was, the hub has lost, too.
    """

    def __init__(self, journal: Journal, gate: Gate) -> None:
        self._journal = journal
        self._gate = gate

    async def may_read(self, caller: DocumentCaller, instruction_id: str, sha256: bytes) -> bool:
        """Whether the caller may read this document of the instruction, if there is one."""
        del sha256
        if not isinstance(caller, PeerCertificate):
            open_to = partial(is_readable, instruction=instruction_id, roles=caller.roles)
            return await self._journal.read(open_to)
        party = partial(is_party, instruction_id=instruction_id, court=caller.court)
        return await self._journal.read(party)

    async def may_write(self, caller: DocumentCaller, instruction_id: str) -> bool:
        """Whether the caller may bring documents for the instruction, which need not exist yet."""
        if not isinstance(caller, PeerCertificate):
            new = partial(_may_begin, identifier=instruction_id, court=caller.court, owner=caller.account_id)
            return await self._journal.read(new)
        if self._gate.phase is Phase.RECOVERING:
            return True
        return await self._journal.read(
            partial(_may_bring, instruction_id=instruction_id, court=caller.court)
        )


def _may_bring(connection: Connection, instruction_id: str, court: str) -> bool:
    if is_party(connection, instruction_id, court):
        return True
    found = connection.scalar(
        select(instruction.c.instruction).where(instruction.c.instruction == instruction_id)
    )
    return found is None and not _is_anothers(connection, instruction_id, court, court)


def _may_begin(connection: Connection, identifier: str, court: str, owner: str) -> bool:
    """Return whether nothing has this id yet, neither a matter nor a draft, and nobody else brings documents for it.

    A draft that waits may still be written anew by its author.
    """
    matters = select(instruction.c.instruction).where(instruction.c.instruction == identifier)
    drafts = [
        select(table.c.draft_id).where(
            table.c.draft_id == identifier,
            not_(and_(table.c.author == owner, table.c.state == DraftState.WAITING)),
        )
        for table in SUPERIORS_DRAFTS
    ]
    taken = connection.scalar(matters.union_all(*drafts).limit(1)) is not None
    return not taken and not _is_anothers(connection, identifier, court, owner)


def _is_anothers(connection: Connection, instruction_id: str, court: str, owner: str) -> bool:
    """Return whether someone else has begun to bring documents for an instruction that does not exist yet."""
    brought = select(document_of.c.court).where(
        document_of.c.instruction == instruction_id, document_of.c.court != court
    )
    begun = select(upload.c.owner).where(upload.c.instruction == instruction_id, upload.c.owner != owner)
    return connection.scalar(brought.union_all(begun).limit(1)) is not None
