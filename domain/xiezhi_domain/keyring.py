"""The keys of courts, folded from the key events of the log (protocol §6, ADR 0001 «Key events»).

Validity is decided by log index, not by clock: a key is valid from the entry that adds it up to and including
the entry that ends it, so that the entry of a rotation may still be signed by the key that it ends.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

from xiezhi_domain.errors import DomainError, FormatError, Reason
from xiezhi_domain.events.canonical_json import Fields, JsonValue, exact_fields
from xiezhi_domain.events.header import Header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.evidence.canonical import parse_base64
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.terms import EventKind

HUB_KEY_INDEX: Final = 0
"""A log begins with the hub's own key; the node of the hub's court joins beside it like any other."""


class Purpose(StrEnum):
    """What a key of a court signs."""

    EVENT = "EVENT"
    COSIGN = "COSIGN"


@dataclass(frozen=True, slots=True)
class CourtKey:
    """A public key of a court; the indexes are those of the log entries that added and ended it."""

    court: str
    key_id: str
    purpose: Purpose
    public_key: bytes
    added_index: int
    ended_index: int | None = None


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a key event says: the key it adds, or in `KeyRevoked` the key it ends, and whom or what it replaces.

    `old` is the key that a rotation ends, `replaces` the keys that a replacement ends.
    """

    purpose: Purpose
    key_id: str
    public_key: bytes
    old: str = ""
    approved_by: str = ""
    replaces: frozenset[str] = frozenset()

    @classmethod
    def of(cls, header: Header) -> Self:
        """Return the facts of a key event.

        :raises FormatError: a fact is missing, of the wrong type or unknown, or an unknown purpose.
        :raises ProofError: the key id is another key's.
        """
        fields = exact_fields(header.facts, _FACTS.get(header.kind, _KEY), "密钥事件")
        if fields["purpose"] not in Purpose.__members__:
            raise FormatError("密钥事件的用途只能是 EVENT 或 COSIGN")
        public_key = parse_base64(fields["public"], "公钥")
        KeyId.parse(fields["key"]).check(public_key)
        old = fields["old"] if header.kind == EventKind.KEY_ROTATED else ""
        if header.kind != EventKind.KEY_REPLACED:
            return cls(Purpose(fields["purpose"]), fields["key"], public_key, old)
        replaces = _key_ids(fields["replaces"])
        return cls(
            Purpose(fields["purpose"]), fields["key"], public_key, old, fields["approved_by"], replaces
        )


def _key_ids(rows: list[JsonValue]) -> frozenset[str]:
    ids = [row for row in rows if isinstance(row, str)]
    for each in ids:
        KeyId.parse(each)
    # In one order, so that there is one way to say it.
    if ids != sorted(set(ids)) or len(ids) != len(rows):
        raise FormatError("重新登记所列的旧密钥编号应依次排列，不重复")
    return frozenset(ids)


_KEY: Final[Fields] = {"purpose": str, "key": str, "public": str}
_FACTS: Final[Mapping[str, Fields]] = {
    EventKind.KEY_ROTATED: {**_KEY, "old": str},
    EventKind.KEY_REPLACED: {**_KEY, "approved_by": str, "replaces": list},
}


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys that the log has shown so far, by key id. Never changed: `apply` returns the next one."""

    keys: Mapping[str, CourtKey] = field(default_factory=lambda: MappingProxyType({}))

    def valid(self, key_id: str, at_index: int) -> CourtKey | None:
        """Return the key if it was valid for the log entry *at_index*, else None."""
        key = self.keys.get(key_id)
        if key is None or at_index < key.added_index:
            return None
        return key if key.ended_index is None or at_index <= key.ended_index else None

    def of_court(self, court: str) -> Iterator[CourtKey]:
        """Yield every key of *court*, ended ones too, in the order of the log."""
        return (key for key in self.keys.values() if key.court == court)

    def of_nodes(self) -> "Keyring":
        """Return the keyring without the hub's own keys, which no court's node has."""
        own = self.of_hub()
        return Keyring({each: key for each, key in self.keys.items() if each not in own})

    def of_hub(self) -> frozenset[str]:
        """Return the ids of the hub's own event keys, ended ones too.

        They are the first key of the log and those that took its place, each by the entry that ended the one before.
        """
        own, index = set[str](), HUB_KEY_INDEX
        for key in sorted(self.keys.values(), key=lambda each: each.added_index):
            if key.added_index == index and key.purpose is Purpose.EVENT:
                own.add(key.key_id)
                index = -1 if key.ended_index is None else key.ended_index
        return frozenset(own)

    def apply(self, header: Header, log_index: int) -> "Keyring":
        """Return the keyring after the *accepted* event *header*, the log's entry *log_index*.

        An event that is no key event changes nothing. Which keys end is said by the event alone, so that every
        reader of the log ends the same ones.

        :raises FormatError, ProofError: the facts are none that `decide_key_event` would have accepted.
        """
        if header.kind not in KEY_EVENTS:
            return self
        facts = KeyFacts.of(header)
        keys = dict(self.keys)
        for ended in self._ended_by(header, facts):
            keys[ended.key_id] = replace(ended, ended_index=log_index)
        if header.kind != EventKind.KEY_REVOKED:
            keys[facts.key_id] = CourtKey(
                header.sender, facts.key_id, facts.purpose, facts.public_key, log_index
            )
        return Keyring(MappingProxyType(keys))

    def _ended_by(self, header: Header, facts: KeyFacts) -> list[CourtKey]:
        valid = [key for key in self.of_court(header.sender) if key.ended_index is None]
        if header.kind == EventKind.KEY_REPLACED:
            return [key for key in valid if key.key_id in facts.replaces]
        ended_id = facts.key_id if header.kind == EventKind.KEY_REVOKED else facts.old
        return [key for key in valid if key.key_id == ended_id]


def decide_key_event(keyring: Keyring, header: Header, *, superior: str, enrolling: bool) -> Refusal | None:
    """Return why the key event *header* may not happen after *keyring*, or None if it may.

    The signature itself is checked before. *keyring* holds the keys that the court's node may have: where the
    hub sits, without the hub's own. *superior* is the court above the acting one, empty if there is
    none; *enrolling* says that the event came with a join token of the acting court.
    """
    if header.kind not in KEY_EVENTS:
        return Refusal(Reason.WRONG_STATE)
    if header.instruction != stream_id(header.sender):
        return Refusal(Reason.WRONG_COURT)
    try:
        facts = KeyFacts.of(header)
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    if header.kind == EventKind.KEY_REVOKED:
        return wrong_signer(keyring, header) or _wrong_end(keyring, header, facts.key_id, facts)
    if facts.key_id in keyring.keys:
        return Refusal(Reason.INVALID_FIELD, detail="key")
    if header.kind == EventKind.KEY_REPLACED:
        return _wrong_replacement(keyring, header, facts, superior, enrolling=enrolling)
    if not any(keyring.of_court(header.sender)):
        return _wrong_first(header, facts, enrolling=enrolling)
    if header.kind == EventKind.KEY_ADDED:
        return wrong_signer(keyring, header)
    return _wrong_rotation(keyring, header, facts)


def refused_by_log(keyring: Keyring, header: Header, log_index: int) -> Refusal | None:
    """Return why no honest hub logs the key event *header* as accepted entry *log_index* after *keyring*, or None.

    This is `decide_key_event` for those who read the log (protocol §6). That a join token was there, and that the
    superior approved a replacement, is the hub's word; all else the log shows: a key that signs itself is the first
    of its court or replaces every key that the court had, and any other is signed by one of them.
    """
    try:
        facts = KeyFacts.of(header)
    except DomainError as error:
        return Refusal(error.reason, detail=error.message)
    if header.kind not in (EventKind.KEY_ADDED, EventKind.KEY_REPLACED) or header.key != facts.key_id:
        return decide_key_event(keyring, header, superior="", enrolling=False)
    if facts.key_id in keyring.keys or (log_index == HUB_KEY_INDEX and keyring.keys):
        return Refusal(Reason.INVALID_FIELD, detail="key")
    return decide_key_event(keyring.of_nodes(), header, superior=facts.approved_by, enrolling=True)


def _wrong_first(header: Header, facts: KeyFacts, *, enrolling: bool) -> Refusal | None:
    """Judge the first key of a court: it signs itself, and the join token vouches for it."""
    if header.kind != EventKind.KEY_ADDED:
        return Refusal(Reason.KEY_UNKNOWN)
    if not enrolling:
        return Refusal(Reason.TOKEN_INVALID)
    return _not_signed_by_itself(header, facts)


def _wrong_replacement(
    keyring: Keyring, header: Header, facts: KeyFacts, superior: str, *, enrolling: bool
) -> Refusal | None:
    """Judge the key of a court that lost its own: it signs itself, the superior vouches for it by a join token.

    Without the token `approved_by` would be a claim of whoever holds the court's certificate.
    """
    if not any(keyring.of_court(header.sender)):
        return Refusal(Reason.KEY_UNKNOWN)
    if not enrolling:
        return Refusal(Reason.TOKEN_INVALID)
    if not superior or facts.approved_by != superior:
        return Refusal(Reason.FORBIDDEN, detail="approved_by")
    lost = {
        key.key_id
        for key in keyring.of_court(header.sender)
        if key.purpose is facts.purpose and key.ended_index is None
    }
    if facts.purpose is Purpose.EVENT and facts.replaces != lost:
        # One that is left out would go on signing for the court in the hands of whoever has it.
        return Refusal(Reason.INVALID_FIELD, detail="replaces")
    return _not_signed_by_itself(header, facts)


def _not_signed_by_itself(header: Header, facts: KeyFacts) -> Refusal | None:
    if facts.purpose is not Purpose.EVENT:
        return Refusal(Reason.INVALID_FIELD, detail="purpose")
    return None if header.key == facts.key_id else Refusal(Reason.KEY_UNKNOWN)


def wrong_signer(keyring: Keyring, header: Header) -> Refusal | None:
    """Return why the key that signed *header* may not sign for its court now, or None if it may."""
    signer = keyring.keys.get(header.key)
    if signer is None or signer.purpose is not Purpose.EVENT:
        return Refusal(Reason.KEY_UNKNOWN)
    if signer.court != header.sender:
        return Refusal(Reason.WRONG_COURT)
    return None if signer.ended_index is None else Refusal(Reason.KEY_REVOKED)


def _wrong_rotation(keyring: Keyring, header: Header, facts: KeyFacts) -> Refusal | None:
    """Judge a rotation: an event key is ended by its own signature, a cosigning key by an event key's."""
    refusal = wrong_signer(keyring, header) or _wrong_end(keyring, header, facts.old, facts)
    if refusal or facts.purpose is Purpose.COSIGN or header.key == facts.old:
        return refusal
    return Refusal(Reason.KEY_UNKNOWN, detail="old")


def _wrong_end(keyring: Keyring, header: Header, ended: str, facts: KeyFacts) -> Refusal | None:
    key = keyring.keys.get(ended)
    if key is None:
        return Refusal(Reason.KEY_UNKNOWN)
    if key.court != header.sender:
        return Refusal(Reason.WRONG_COURT)
    if key.purpose is not facts.purpose:
        return Refusal(Reason.INVALID_FIELD, detail="purpose")
    return None if key.ended_index is None else Refusal(Reason.KEY_REVOKED)
