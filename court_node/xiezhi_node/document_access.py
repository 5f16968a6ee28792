"""Who may read and bring documents at a node (`xiezhi_desk.documents.service.DocumentAccess`)."""

from functools import partial

from sqlalchemy import Connection, select

from xiezhi_desk.documents.service import DocumentCaller
from xiezhi_domain.errors import NotFound
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_node.cases.sharing import share_has_ended
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


class NodeDocumentAccess:
    """People and programs read the documents of matters that they may know of, and bring some to those or new ones."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def may_read(self, caller: DocumentCaller, instruction_id: str, sha256: bytes) -> bool:
        """Whether the caller may read this document of the instruction, if there is one."""
        if not isinstance(caller, Caller) or not await self._knows(caller, instruction_id):
            return False
        ended = partial(share_has_ended, instruction=instruction_id, sha256=sha256)
        return not await self._journal.read(ended)

    async def may_write(self, caller: DocumentCaller, instruction_id: str) -> bool:
        """Whether the caller may bring documents for the instruction, which need not exist yet."""
        if not isinstance(caller, Caller):
            return False
        exists = await self._journal.read(partial(_exists, instruction_id=instruction_id))
        return not exists or await self._knows(caller, instruction_id)

    async def _knows(self, caller: Caller, instruction_id: str) -> bool:
        rulebook = self._seat.rulebook

        def look(connection: Connection) -> bool:
            try:
                find_visible(connection, caller, rulebook, instruction_id)
            except NotFound:
                return False
            return True

        return await self._journal.read(look)


def _exists(connection: Connection, instruction_id: str) -> bool:
    table = tables.instruction
    query = select(table.c.instruction).where(table.c.instruction == instruction_id)
    return connection.scalar(query) is not None
