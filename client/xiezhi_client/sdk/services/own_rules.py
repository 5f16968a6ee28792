"""The rules that a court lays over the rulebook itself (本地要求): proposed at its node, consented to at the hub."""

from collections.abc import AsyncIterator
from datetime import date

from xiezhi.v1 import own_rules_service_pb2 as pb
from xiezhi.v1.own_rules_service_pb2_grpc import OwnRulesServiceStub
from xiezhi_client.sdk.calls import Calls
from xiezhi_client.sdk.ids import new_request_id
from xiezhi_client.sdk.kinds import Name
from xiezhi_client.sdk.records.own_rules import DecidedChange, ProposedChange, ProposedRules
from xiezhi_client.sdk.records.rulebook import RulebookDocument
from xiezhi_client.sdk.vocabulary import OwnRulesState

_STATE = Name(pb.OwnRulesState.DESCRIPTOR)


class OwnRules:
    """`OwnRulesService`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._stub = OwnRulesServiceStub(calls.channel)

    async def propose(
        self, document: RulebookDocument, valid_from: date, *, dry_run: bool = False, request_id: str = ""
    ) -> ProposedChange:
        """Propose *document* in place of the court's last one, empty TOML takes that back; with *dry_run* only tell.

        At a node, which sends it when the line is there. Raise `InvalidInput`, with file and line of a slip, or where
        nothing would change.
        """
        request = pb.ProposeRulesRequest(
            request_id=request_id or new_request_id(),
            document=document.to_proto(),
            valid_from=valid_from.isoformat(),
            dry_run=dry_run,
        )
        return ProposedChange.from_proto(await self._calls.unary(self._stub.ProposeRules, request))

    async def proposed(
        self, state: OwnRulesState = "", *, page_size: int = 0
    ) -> AsyncIterator[ProposedRules]:
        """Give proposals, the last first: at a node its court's, at the hub all."""
        request = pb.ListProposedRulesRequest(state=_STATE.to_proto(state), page_size=page_size)
        while True:
            answer = await self._calls.unary(self._stub.ListProposedRules, request)
            for each in answer.proposals:
                yield ProposedRules.from_proto(each)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    async def decide(
        self,
        proposal_id: str,
        *,
        consent: bool,
        reason: str = "",
        seen: str = "",
        dry_run: bool = False,
        request_id: str = "",
    ) -> DecidedChange:
        """Consent, which publishes, or refuse for a *reason*, at the hub; *dry_run* only tells what consent changes.

        Consent is to what was told: *seen* is `newest` of that. Raise `NotFound` (no such proposal), `WrongState` (it
        does not wait), `Conflict` (another rulebook was published since: look at it again).
        """
        request = pb.DecideProposedRulesRequest(
            request_id=request_id or new_request_id(),
            proposal_id=proposal_id,
            consent=consent,
            reason=reason,
            seen=seen,
            dry_run=dry_run,
        )
        return DecidedChange.from_proto(await self._calls.unary(self._stub.DecideProposedRules, request))
