"""How a call of the hub's people becomes work for the writer."""

from collections.abc import Callable
from functools import partial
from typing import Any

from xiezhi.v1 import court_pb2, event_pb2
from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_desk.requests import request_key
from xiezhi_domain.errors import InvalidInput
from xiezhi_hub.confidentiality import current_reader, find_matter
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_hub.superior.acting import PartContent, SuperiorAct, SuperiorMove
from xiezhi_hub.superior.people import person_of
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.writer import Work
from xiezhi_wire.caller import current_caller

LONGEST_TEXT = 4_000


class SuperiorDesk:
    """Takes the actions of the hub's people on matters, once each."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate

    async def act(
        self,
        method: str,
        request: Any,
        move: SuperiorMove,
        around: Callable[[SuperiorAct], Work[Ledger, bytes]] = lambda act: act,
    ) -> ActionReceipt:
        """Return what *move* did to the matter that *request*, a message of the contract, names.

        *around* makes the work of which the action is a part.

        :raises DomainError: as `SuperiorAct.run`; or the hub recovers.
        """
        self._gate.require_open()
        caller = current_caller()
        key = request_key(caller, method, request)
        find = partial(find_matter, wanted=request.instruction_id, reader=current_reader(self._journal))
        instruction = await self._journal.read(find)
        person = await self._journal.read(partial(person_of, caller=caller))
        work = SuperiorAct(self._seat, key, person, instruction, move, request.base_event_id)
        return ActionReceipt.FromString(await self._journal.submit(around(work)))


def prose(
    field: str, text: str, contact: court_pb2.Officer | None = None, *, required: bool = True
) -> list[PartContent]:
    """Return the part that says *text* to both courts; none for an empty one that may be empty.

    :raises InvalidInput: naming *field*; nothing is said, or too much.
    """
    said = text.strip()
    if required and not said:
        raise InvalidInput.in_field(field, "请填写理由或说明")
    if len(said) > LONGEST_TEXT:
        raise InvalidInput.in_field(field, f"最长 {LONGEST_TEXT} 个字")
    return [("prose", event_pb2.Prose(text=said, contact=contact).SerializeToString())] if said else []
