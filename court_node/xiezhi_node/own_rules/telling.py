"""Telling the hub what this court proposes, and hearing how it stands.

A proposal has one id at both ends: told again after an answer was lost, it is the same proposal.
"""

from dataclasses import replace
from typing import Final

from xiezhi.v1 import directory_service_pb2
from xiezhi.v1 import own_rules_service_pb2 as pb
from xiezhi.v1.own_rules_service_pb2_grpc import OwnRulesServiceStub
from xiezhi_desk.own_rules import ProposedRules, keep_proposed, queued
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.terms import OwnRulesState
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub

PROPOSAL_TIMEOUT_S: Final = 60.0
"""The hub makes and checks a whole rulebook before it answers."""
_REFUSALS: Final = frozenset(
    {
        Reason.MALFORMED,
        Reason.INVALID_FIELD,
        Reason.TOO_LARGE,
        Reason.REQUEST_ID_REUSED,
        Reason.WRONG_COURT,
        Reason.FORBIDDEN,
    }
)
"""What the hub would answer to the same proposal again; everything else passes."""


class RulesTelling:
    """Proposals on their way to the hub and back."""

    def __init__(self, journal: Journal, hub: HubChannel) -> None:
        self._journal = journal
        self._hub = hub

    async def exchange(self) -> None:
        """Tell what waits here, the first first, and hear how all of this court's proposals stand.

        :raises DomainError: the hub cannot be reached, or cannot decide now.
        """
        for proposed in await self._journal.read(queued):
            await self._keep(await self._tell(proposed))
        stub, request = OwnRulesServiceStub(self._hub.channel), pb.ListProposedRulesRequest()
        while True:
            answer = await from_hub(stub.ListProposedRules(request, timeout=CALL_TIMEOUT_S))
            await self._keep(*map(ProposedRules.of, answer.proposals))
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    async def _keep(self, *proposed: ProposedRules) -> None:
        await self._journal.write(lambda connection: keep_proposed(connection, proposed))

    async def _tell(self, proposed: ProposedRules) -> ProposedRules:
        request = pb.ProposeRulesRequest(
            request_id=proposed.proposal,
            document=directory_service_pb2.RulebookDocument(name=proposed.name, content=proposed.content),
            valid_from=proposed.valid_from,
            proposed_by=proposed.proposed_by,
        )
        stub = OwnRulesServiceStub(self._hub.channel)
        try:
            answer = await from_hub(stub.ProposeRules(request, timeout=PROPOSAL_TIMEOUT_S))
        except DomainError as error:
            if error.reason not in _REFUSALS:
                raise
            return replace(
                proposed,
                state=OwnRulesState.REFUSED,
                decided_at=self._journal.clock(),
                reason=error.message,
            )
        return ProposedRules.of(answer.proposal)
