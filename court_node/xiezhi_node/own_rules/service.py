"""`OwnRulesService` at a court's desk."""

# Methods are named by the contract.
# ruff: noqa: N802

import os
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import own_rules_service_pb2 as pb
from xiezhi.v1.own_rules_service_pb2_grpc import OwnRulesServiceServicer
from xiezhi_desk.once import stored_answer
from xiezhi_desk.own_rules import (
    NO_CHANGE,
    ProposedRules,
    add_proposed,
    changes_between,
    first_day,
    is_any_waiting,
    proposed_page,
)
from xiezhi_desk.requests import request_key
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.rulebook import newest_rulebook
from xiezhi_domain.rulebook.own_rules import changed_keys, needing_consent, own_document, with_own
from xiezhi_domain.terms import OwnRulesState
from xiezhi_journal.journal import Journal
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import current_caller

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class OwnRulesService(OwnRulesServiceServicer):
    """Serves this court's proposals; *proposed* is called when there is one to tell to the hub."""

    def __init__(self, journal: Journal, seat: Seat, proposed: Callable[[], None]) -> None:
        self._journal = journal
        self._seat = seat
        self._proposed = proposed

    async def ProposeRules(
        self, request: pb.ProposeRulesRequest, _context: _Context
    ) -> pb.ProposeRulesResponse:
        """Check the document against the rules that this node knows, and store it for the hub."""
        caller = current_caller()
        if request.dry_run:
            return await self._journal.read(partial(self._told, request=request, person=caller.name))
        key = request_key(caller, "ProposeRules", request)
        # Asked again, the day that was wanted may have gone by: the first answer holds.
        known = await self._journal.read(partial(stored_answer, key=key))
        if known is not None:
            return pb.ProposeRulesResponse.FromString(known)
        told = await self._journal.read(partial(self._told, request=request, person=caller.name))
        told.proposal.proposal_id = str(uuid7(self._journal.clock(), os.urandom(10)))
        row = ProposedRules.of(told.proposal)

        def work(connection: Connection) -> bytes:
            add_proposed(connection, row)
            return told.SerializeToString()

        answer = pb.ProposeRulesResponse.FromString(await self._journal.write_once(key, work))
        self._proposed()
        return answer

    async def ListProposedRules(
        self, request: pb.ListProposedRulesRequest, _context: _Context
    ) -> pb.ListProposedRulesResponse:
        """Return a page of this court's proposals as they stand here."""
        return await self._journal.read(partial(proposed_page, request=request))

    async def DecideProposedRules(
        self, _request: pb.DecideProposedRulesRequest, _context: _Context
    ) -> pb.DecideProposedRulesResponse:
        """Refuse: consent is given at the hub."""
        raise NotAllowed(Reason.FORBIDDEN)

    def _told(
        self, connection: Connection, request: pb.ProposeRulesRequest, person: str
    ) -> pb.ProposeRulesResponse:
        """Return the proposal, without an id, and what it changes; slips are found here, before anything is sent.

        What changes nothing is proposed only to take back what waits.
        """
        court, now = self._seat.court, self._journal.clock()
        day, today = first_day(request.valid_from), to_date(now)
        if day < today:
            raise InvalidInput.in_field("valid_from", f"生效日期不能早于今天（{today}）")
        newest = newest_rulebook(self._journal.rulebooks.values())
        name, content = request.document.name.strip(), request.document.content
        rulebook = with_own(newest, own_document(court, name, content), day, today)
        shown, more = changes_between(newest, rulebook)
        keys = changed_keys(newest, rulebook, court)
        if not keys and not is_any_waiting(connection):
            raise InvalidInput.in_field("document", NO_CHANGE)
        consent = needing_consent(newest, rulebook, keys, today)
        proposed = ProposedRules(
            proposal="",
            court=court,
            state=OwnRulesState.QUEUED,
            name=name,
            content=content if content.strip() else "",
            valid_from=rulebook.valid_from.isoformat(),
            proposed_by=person,
            proposed_at=now,
            consent=" ".join(consent),
        )
        return pb.ProposeRulesResponse(proposal=proposed.message(), differences=shown, more_differences=more)
