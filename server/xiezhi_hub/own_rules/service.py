"""`OwnRulesService` at the hub: for courts' nodes, which propose, and for its people, who consent."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import own_rules_service_pb2 as pb
from xiezhi.v1.own_rules_service_pb2_grpc import OwnRulesServiceServicer
from xiezhi_desk.once import act_once
from xiezhi_desk.own_rules import ProposedRules, changes_between, find_proposed, first_day, proposed_page
from xiezhi_desk.requests import request_key
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import Conflict, InvalidInput, Reason
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.rulebook import Rulebook, newest_rulebook
from xiezhi_domain.rulebook.own_rules import changed_keys, own_document, with_own
from xiezhi_domain.terms import OwnRulesState
from xiezhi_hub.directory.rulebooks import require_newest
from xiezhi_hub.own_rules.deciding import DecideProposed, TakeProposed, require_waiting
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.journal import Journal
from xiezhi_wire.caller import any_caller, current_caller, current_node
from xiezhi_wire.peer import PeerCertificate

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
LONGEST_REASON: Final = 500
_LONGEST_PERSON: Final = 100


class OwnRulesService(OwnRulesServiceServicer):
    """Serves the proposals in the journal; *decided* is told the court after each decision on one of its proposals."""

    def __init__(self, journal: Journal, seat: Seat, gate: Gate, decided: Callable[[str], None]) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._decided = decided

    async def ProposeRules(
        self, request: pb.ProposeRulesRequest, _context: _Context
    ) -> pb.ProposeRulesResponse:
        """Take what a court's node proposes."""
        self._gate.require_open()
        if request.dry_run:
            raise InvalidInput.in_field("dry_run", "枢纽只受理正式申报，请在本院节点上预览差异")
        court = current_node().court
        found = await self._journal.read(partial(find_proposed, proposal=request.request_id))
        if found is None:
            found = await self._journal.submit(await self._journal.read(self._taking(court, request)))
        if found.court != court:
            raise Conflict(Reason.REQUEST_ID_REUSED)
        return pb.ProposeRulesResponse(proposal=found.message())

    async def ListProposedRules(
        self, request: pb.ListProposedRulesRequest, _context: _Context
    ) -> pb.ListProposedRulesResponse:
        """Return a page of proposals; to a node, of its own court."""
        caller = any_caller()
        court = caller.court if isinstance(caller, PeerCertificate) else ""
        return await self._journal.read(partial(proposed_page, request=request, court=court))

    async def DecideProposedRules(
        self, request: pb.DecideProposedRulesRequest, _context: _Context
    ) -> pb.DecideProposedRulesResponse:
        """Consent or refuse, or tell what consent would change."""
        self._gate.require_open()
        if request.dry_run:
            return await self._journal.read(partial(self._told, request=request))
        caller, reason = current_caller(), request.reason.strip()
        if len(reason) > LONGEST_REASON or not (reason or request.consent):
            raise InvalidInput.in_field("reason", f"不同意的，请写明理由，最长 {LONGEST_REASON} 个字")
        if request.consent and not request.seen:
            raise InvalidInput.in_field("seen", "请先查看同意后的变动，再作同意")
        key = request_key(caller, "DecideProposedRules", request)

        def prepare(connection: Connection) -> DecideProposed:
            waiting = require_waiting(find_proposed(connection, request.proposal_id))
            newest = newest_rulebook(self._journal.rulebooks.values())
            if request.consent:
                require_newest(newest, request.seen)
            rulebook = self._rulebook(newest, waiting) if request.consent else None
            return DecideProposed(self._seat, key, waiting.proposal, caller.name, reason, newest, rulebook)

        answer = await act_once(self._journal, key, prepare)
        response = pb.DecideProposedRulesResponse.FromString(answer)
        self._decided(response.proposal.court)
        return response

    def _taking(self, court: str, request: pb.ProposeRulesRequest) -> Callable[[Connection], TakeProposed]:
        """Return what makes the work; that takes a while, so it is asked in a reader's thread."""
        document, person = request.document, request.proposed_by.strip()
        proposed = ProposedRules(
            proposal=check_uuid7(request.request_id, "request_id"),
            court=court,
            state=OwnRulesState.QUEUED,
            name=document.name.strip(),
            content=document.content if document.content.strip() else "",
            valid_from=first_day(request.valid_from).isoformat(),
            proposed_by=person[:_LONGEST_PERSON],
            proposed_at=self._journal.clock(),
        )

        def taking(_connection: Connection) -> TakeProposed:
            newest = newest_rulebook(self._journal.rulebooks.values())
            rulebook = self._rulebook(newest, proposed)
            keys = changed_keys(newest, rulebook, court)
            return TakeProposed(self._seat, proposed, newest, rulebook, keys)

        return taking

    def _told(
        self, connection: Connection, request: pb.DecideProposedRulesRequest
    ) -> pb.DecideProposedRulesResponse:
        waiting = require_waiting(find_proposed(connection, request.proposal_id))
        newest = newest_rulebook(self._journal.rulebooks.values())
        shown, more = changes_between(newest, self._rulebook(newest, waiting))
        return pb.DecideProposedRulesResponse(
            proposal=waiting.message(), differences=shown, more_differences=more, newest=newest.hash
        )

    def _rulebook(self, newest: Rulebook, proposed: ProposedRules) -> Rulebook:
        """Return what a proposal makes of *newest*: not for days gone by, however long it was on its way or waited."""
        document = own_document(proposed.court, proposed.name, proposed.content)
        return with_own(newest, document, first_day(proposed.valid_from), to_date(self._journal.clock()))
