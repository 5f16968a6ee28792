"""Checks on the key events with which a court joins: signed by the key that the first of them adds (ADR 0001)."""

from collections.abc import Sequence

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.keyring import CourtKey, KeyFacts, Keyring, Purpose
from xiezhi_domain.terms import EventKind
from xiezhi_hub.ruling.check import CheckedEvent, PushChecker
from xiezhi_journal.proofs import stored_event

_FIRST = (EventKind.KEY_ADDED, EventKind.KEY_REPLACED)


def check_first_keys(court: str, records: Sequence[event_pb2.EventRecord]) -> list[CheckedEvent]:
    """Return the two events: the first adds the court's event key, the second its cosigning key.

    :raises InvalidInput: other events than these.
    :raises DomainError: malformed, forged, or another court's, as `PushChecker` says.
    """
    if len(records) != len(Purpose):
        raise InvalidInput.in_field("key_events", "应为两项：登记签名密钥、登记见证密钥")
    headers = [decode_header(record.header) for record in records]
    if any(header.kind not in KEY_EVENTS for header in headers):
        raise InvalidInput.in_field("key_events", "应为密钥登记事件")
    added = KeyFacts.of(headers[0])
    _check_purposes(headers, added)
    key = CourtKey(court, added.key_id, Purpose.EVENT, added.public_key, 0)
    checker = PushChecker(court, Keyring({key.key_id: key}))
    return [checker.check(stored_event(record)) for record in records]


def _check_purposes(headers: Sequence[Header], added: KeyFacts) -> None:
    event, cosign = headers
    if event.kind not in _FIRST or added.purpose is not Purpose.EVENT or event.key != added.key_id:
        raise InvalidInput.in_field("key_events[0]", "首项应登记签名密钥，并由该密钥自己签名")
    if cosign.kind != EventKind.KEY_ADDED or KeyFacts.of(cosign).purpose is not Purpose.COSIGN:
        raise InvalidInput.in_field("key_events[1]", "第二项应登记见证密钥")
