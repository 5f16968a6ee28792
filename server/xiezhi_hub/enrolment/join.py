"""Joining in the writer: token, keys and certificate in one transaction, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from xiezhi.v1 import enrolment_service_pb2 as pb
from xiezhi_domain.errors import InvalidInput, NotAllowed, Reason
from xiezhi_domain.events.ids import stream_id
from xiezhi_hub.enrolment.certificates import record_certificate
from xiezhi_hub.enrolment.tokens import find_token, use_token
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading import event_record, history
from xiezhi_journal.tables import checkpoint
from xiezhi_wire.ca import Issued
from xiezhi_wire.caller import JoinCaller


@dataclass(frozen=True, slots=True)
class JoinCourt:
    """Work for the writer: use the token up, rule on the keys, keep the certificate. Answers with its chain.

    A repetition of the request is answered with the chain of the first time. Events that were ruled on under an
    earlier token pass, so that a join whose answer was lost can be done again under a new one.
    """

    joiner: JoinCaller
    request_hash: bytes
    events: Sequence[CheckedEvent]
    certificate: Issued
    seat: Seat

    def prepare(self, ledger: Ledger) -> None:
        """Ask whether the events were ruled on before."""
        for event in self.events:
            ledger.want_event(event.header.id)

    def run(self, ledger: Ledger) -> bytes:
        """Let the court join.

        :raises NotAllowed: TOKEN_INVALID; expired, or used by another request.
        :raises InvalidInput: an event is refused, and nothing of this happened.
        """
        connection, hashed = ledger.connection, self.joiner.token_hash
        token = find_token(connection, hashed, ledger.now)
        if token is None or (token.used_by and token.used_by != self.request_hash):
            raise NotAllowed(Reason.TOKEN_INVALID)
        if token.used_by:
            return token.answer
        with connection.begin_nested():
            for index, event in enumerate(self.events):
                self._admit(ledger, index, event)
            use_token(connection, hashed, self.request_hash, self.certificate.chain_pem)
            record_certificate(connection, self.certificate, self.joiner.court)
        return self.certificate.chain_pem

    def _admit(self, ledger: Ledger, index: int, event: CheckedEvent) -> None:
        known = ledger.known(event.header.id)
        if known is not None and known.ruling is not None and known.hash == event.hash:
            accepted, reason = known.ruling.accepted, known.ruling.reason
        else:
            ruling = rule_on_directory_event(ledger, event, self.seat, enrolling=True)
            accepted, reason = ruling.accepted, ruling.reason
        if not accepted:
            raise InvalidInput.in_field(f"key_events[{index}]", f"未被受理：{Reason(reason).zh}")


def join_response(
    connection: Connection, court: str, event_ids: Sequence[str], chain: bytes, authority: bytes
) -> pb.JoinResponse:
    """Return the answer to a join: the same whenever it is asked for."""
    stream = history(connection, stream_id(court))
    records = [event_record(row) for row in stream if row.event_id in event_ids]
    covering = (
        select(checkpoint.c.note)
        .where(checkpoint.c.size > max(record.log_index for record in records))
        .order_by(checkpoint.c.size)
        .limit(1)
    )
    return pb.JoinResponse(
        certificate_chain=chain,
        ca_certificate=authority,
        key_events=records,
        checkpoint=connection.execute(covering).scalar_one(),
    )
