"""`EnrolmentService`: on the join listener for courts that join, on the link listener for renewals."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import enrolment_service_pb2 as pb
from xiezhi.v1.enrolment_service_pb2_grpc import EnrolmentServiceServicer
from xiezhi.v1.link_service_pb2 import DirectoryUpdate
from xiezhi_desk.directory import list_courts
from xiezhi_domain.court_time import to_date
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.keyring import Purpose
from xiezhi_domain.rulebook import rulebook_in_force
from xiezhi_hub.directory.courts import get_court
from xiezhi_hub.enrolment.authorities import Authorities
from xiezhi_hub.enrolment.certificates import renew_certificate
from xiezhi_hub.enrolment.first_keys import check_first_keys
from xiezhi_hub.enrolment.join import JoinCourt, join_response
from xiezhi_hub.enrolment.tokens import JoinTokens, require_unused
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.translog import newest_checkpoint
from xiezhi_wire.ca import Issued, RequestRefused
from xiezhi_wire.caller import current_joiner, current_node

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What enrolling needs beside the journal.

    `link_address` is known once the listeners run; `announce` tells the connected nodes who has joined;
    `handed_out` lets the doors know of a new certificate before its node comes with it.
    """

    authorities: Authorities
    lifetime: timedelta
    link_address: Callable[[], str]
    announce: Callable[[DirectoryUpdate], None]
    handed_out: Callable[[], Awaitable[None]]


class EnrolmentService(EnrolmentServiceServicer):
    """Lets courts in. What each method refuses is said in the contract."""

    def __init__(self, journal: HubJournal, seat: Seat, gate: Gate, enrolment: Enrolment) -> None:
        self._journal = journal
        self._seat = seat
        self._gate = gate
        self._enrolment = enrolment
        self._tokens = JoinTokens(journal)

    async def Greet(self, _request: pb.GreetRequest, _context: _Context) -> pb.GreetResponse:
        """Return what a joining node has to know and pin."""
        joiner = current_joiner()
        require_unused(await self._tokens.find(joiner.token_hash))
        return await self._journal.read(partial(self._greeting, court=joiner.court))

    async def Join(self, request: pb.JoinRequest, _context: _Context) -> pb.JoinResponse:
        """Let a court in."""
        self._gate.require_open()
        joiner = current_joiner()
        events = check_first_keys(joiner.court, request.key_events)
        work = JoinCourt(
            joiner=joiner,
            request_hash=sha256(request.SerializeToString(deterministic=True)).digest(),
            events=events,
            # Made first: whoever is refused after this never sees it.
            certificate=self._issue(request.certificate_request, joiner.court),
            seat=self._seat,
        )
        chain = await self._journal.submit(work)
        await self._enrolment.handed_out()
        court = await self._journal.read(partial(get_court, code=joiner.court))
        self._enrolment.announce(DirectoryUpdate(courts=[court]))
        ids = [event.header.id for event in events]
        authority = self._enrolment.authorities.trusted_pem()
        return await self._journal.read(
            partial(join_response, court=joiner.court, event_ids=ids, chain=chain, authority=authority)
        )

    async def RenewCertificate(
        self, request: pb.RenewCertificateRequest, _context: _Context
    ) -> pb.RenewCertificateResponse:
        """Return a new certificate of the calling court; the old one lasts as long as it lasts."""
        node = current_node()
        issued = self._issue(request.certificate_request, node.court)
        await self._journal.write(partial(renew_certificate, issued=issued, shown=node))
        await self._enrolment.handed_out()
        return pb.RenewCertificateResponse(certificate_chain=issued.chain_pem)

    async def GetTrust(self, _request: pb.GetTrustRequest, _context: _Context) -> pb.GetTrustResponse:
        """Return which authorities and log keys the calling node shall trust."""
        signer = self._journal.signer
        return pb.GetTrustResponse(
            authorities=self._enrolment.authorities.trusted(),
            log_key_changes=signer.changes,
            log_vkeys=[key.format() for key in signer.verifier_keys],
        )

    def _issue(self, request_der: bytes, court: str) -> Issued:
        now, lifetime = self._journal.clock(), self._enrolment.lifetime
        try:
            return self._enrolment.authorities.issuing.issue_node(request_der, court, now, lifetime)
        except RequestRefused as error:
            raise InvalidInput.in_field(
                "certificate_request", "证书申请无法受理：应为本院的 P-256 证书申请（PKCS#10，DER）"
            ) from error

    def _greeting(self, connection: Connection, court: str) -> pb.GreetResponse:
        today = to_date(self._journal.clock())
        return pb.GreetResponse(
            court=get_court(connection, court),
            origin=self._seat.origin,
            log_vkey=self._journal.signer.verifier_key.format(),
            checkpoint=newest_checkpoint(connection),
            hub_court=get_court(connection, self._seat.court),
            rulebook=rulebook_in_force(self._journal.rulebooks.values(), today).hash,
            courts=list_courts(connection),
            link_address=self._enrolment.link_address(),
            log_key_changes=self._journal.signer.changes,
            event_keys=sorted(
                key.key_id
                for key in read_keyring(connection).of_nodes().of_court(court)
                if key.purpose is Purpose.EVENT and key.ended_index is None
            ),
        )
