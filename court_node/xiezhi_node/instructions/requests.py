"""A request that acts on a matter: who makes it and when, and the receipt of what it did."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from xiezhi.v1.instruction_pb2 import ActionReceipt
from xiezhi_desk.once import act_once
from xiezhi_desk.requests import request_key
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.writer import Work
from xiezhi_node.instructions.actions import Acting
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

Prepare = Callable[[Connection, Acting], Work[Ledger, bytes]]
"""Checks what is asked against what is stored and returns the work, which answers with an `ActionReceipt`."""


async def take_action(
    journal: Journal, seat: Seat, method: str, request: Any, prepare: Prepare
) -> ActionReceipt:
    """Return what *request* did, one of the contract's for *method*; asked again, it does nothing again.

    :raises DomainError: as *prepare* and its work.
    """
    caller = current_caller()
    acting = Acting(
        seat,
        journal.rulebooks,
        caller,
        request_key(caller, method, request),
        request.instruction_id,
        journal.clock(),
        # Reports of findings and outcomes commute with everything and name no base.
        getattr(request, "base_event_id", ""),
    )
    answer = await act_once(journal, acting.key, lambda connection: prepare(connection, acting))
    return ActionReceipt.FromString(answer)
