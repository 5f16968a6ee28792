"""Exchanging the court's own keys while the node runs, with an overlap (protocol §6).

`xiezhi-node rotate-key` lays a new key beside the one in use; the rest is done here. A new event key is added by an
event that the old one signs. Once the log has it, the node signs with it; once nothing that the old key signed is
pending any more, the old one is revoked by the new. So no event of the court is ever under a key that has ended. A
cosigning key is exchanged by one event, and used once the log has it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import select

from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.keyring import CourtKey, Keyring, Purpose
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.durable_files import move_file, sync_directory
from xiezhi_journal.journal import Journal
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import SigningKey, make_next_key, next_key
from xiezhi_journal.ledger import Ledger
from xiezhi_node.config import NodePaths
from xiezhi_node.key_events import OwnKeyEvent, Stream, append_key_event, head_of_stream, key_facts
from xiezhi_node.seat import Seat, last_seen
from xiezhi_wire.startup import StartupError

LOOK_EVERY_S: Final = 10.0
_log = structlog.get_logger(__name__)


class KeyName(StrEnum):
    """Which key of the court is exchanged."""

    EVENT = "event"
    COSIGN = "cosign"


def prepare_exchange(paths: NodePaths, name: KeyName, holder: str = "") -> str:
    """Lay a new key beside the one in use, for the running node to go on with; returns its id.

    *holder* says who keeps it, as `make_next_key` has it.

    :raises SignerAway: the signer makes none.
    :raises StartupError: there is none in use, or its exchange is under way.
    """
    current = paths.event_key if name is KeyName.EVENT else paths.cosign_key
    if not current.exists():
        raise StartupError(f"密钥 {current} 不存在，请先加入平台")
    if next_key(current).exists() or _before(current).exists():
        raise StartupError("该密钥正在更换，请待节点联网完成（xiezhi-node doctor 可查看）")
    return make_next_key(current, holder).key_id


def under_exchange(paths: NodePaths) -> list[str]:
    """Return the names of keys whose exchange is under way."""
    both = {KeyName.EVENT: paths.event_key, KeyName.COSIGN: paths.cosign_key}
    return [name for name, path in both.items() if next_key(path).exists() or _before(path).exists()]


class KeyExchange:
    """Takes each exchange that is under way as far as the log allows; *cosigns_with* is told of a new cosigning key."""

    def __init__(
        self,
        paths: NodePaths,
        journal: Journal,
        seat: Seat,
        cosigns_with: Callable[[SigningKey], None],
    ) -> None:
        self._paths = paths
        self._journal = journal
        self._seat = seat
        self._cosigns_with = cosigns_with
        # Looked for once: a court that has joined with new keys has left a cosigning key behind.
        self._lost_are_left = True

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            try:
                await self.look()
            except (DomainError, OSError, ValueError) as error:
                _log.warning("key_not_exchanged", problem=str(error))
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Do what can be done now.

        :raises DomainError, OSError, ValueError: nothing can be stored now, or a file is no key.
        """
        if self._seat.catching_up.is_behind or not (under_exchange(self._paths) or self._lost_are_left):
            return
        keyring = await self._journal.read(read_keyring)
        await self._end_lost_cosign_key(keyring)
        await self._add_event_key(keyring)
        await self._end_event_key(keyring)
        await self._exchange_cosign_key(keyring)

    async def _add_event_key(self, keyring: Keyring) -> None:
        current = self._paths.event_key
        new = await self._coming(keyring, current)
        if new is None:
            return
        if _is_valid(keyring, new.key_id):
            await asyncio.to_thread(take_up_next, current)
            _log.info("event_key_exchanged", key=new.key_id)
        else:
            await self._make(EventKind.KEY_ADDED, key_facts(Purpose.EVENT, new))

    async def _end_event_key(self, keyring: Keyring) -> None:
        current = self._paths.event_key
        before = _before(current)
        if not before.exists() or next_key(current).exists():
            return
        # Here and not where the file was moved: that may have been cut off just after.
        self._journal.key = SigningKey.load(current)
        old = keyring.keys.get(SigningKey.load(before).key_id)
        if old is None:
            return  # the entry that added it is still on its way to a new database
        if old.ended_index is None:
            await self._make(EventKind.KEY_REVOKED, key_facts(Purpose.EVENT, old), none_pending=True)
            return
        before.unlink()
        _log.info("old_event_key_ended", key=old.key_id, log_index=old.ended_index)

    async def _exchange_cosign_key(self, keyring: Keyring) -> None:
        current = self._paths.cosign_key
        # What a version before has left, of which each step could not be repeated.
        _before(current).unlink(missing_ok=True)
        new = await self._coming(keyring, current)
        if new is None:
            return
        if _is_valid(keyring, new.key_id):
            self._cosigns_with(new)
            await asyncio.to_thread(move_file, next_key(current), current)
            _log.info("cosign_key_exchanged", key=new.key_id)
        else:
            old = SigningKey.load(current).key_id
            await self._make(EventKind.KEY_ROTATED, {**key_facts(Purpose.COSIGN, new), "old": old})

    async def _coming(self, keyring: Keyring, current: Path) -> SigningKey | None:
        """Return the key that is to follow *current*, if one is; one that the log has ended already is dropped."""
        path = next_key(current)
        if not path.exists():
            return None
        new = SigningKey.load(path)
        if new.key_id not in keyring.keys or _is_valid(keyring, new.key_id):
            return new
        # The court's keys were replaced meanwhile, this one with them.
        await asyncio.to_thread(path.unlink)
        _log.warning("coming_key_has_ended", key=new.key_id)
        return None

    async def _end_lost_cosign_key(self, keyring: Keyring) -> None:
        current = SigningKey.load(self._paths.cosign_key)
        if next_key(self._paths.cosign_key).exists() or not _is_valid(keyring, current.key_id):
            return
        others = [
            key
            for key in keyring.of_court(self._seat.court)
            if key.purpose is Purpose.COSIGN and key.ended_index is None and key.key_id != current.key_id
        ]
        self._lost_are_left = bool(others)
        for key in others[:1]:
            await self._make(EventKind.KEY_REVOKED, key_facts(Purpose.COSIGN, key))

    async def _make(self, kind: EventKind, facts: JsonObject, *, none_pending: bool = False) -> None:
        await self._journal.submit(_MakeKeyEvent(self._seat, kind, facts, none_pending))


def take_up_next(current: Path) -> None:
    """Put the next key in the place of *current*, which is kept beside it; may be repeated after a crash."""
    before, coming = _before(current), next_key(current)
    if not before.exists():
        before.hardlink_to(current)
        sync_directory(current.parent)
    move_file(coming, current)


def _before(current: Path) -> Path:
    return current.with_name(f"{current.stem}-before.pem")


def _is_valid(keyring: Keyring, key_id: str) -> bool:
    key: CourtKey | None = keyring.keys.get(key_id)
    return key is not None and key.ended_index is None


@dataclass(frozen=True, slots=True)
class _MakeKeyEvent:
    """Work for the writer: one key event on the head of the court's stream, unless one is pending already."""

    seat: Seat
    kind: EventKind
    facts: JsonObject
    none_pending: bool

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Store it; nothing if it has to wait."""
        seat, pending = self.seat, _pending(ledger)
        if stream_id(seat.court) in {header.instruction for header in pending}:
            return
        if self.none_pending and any(header.key == self.facts["key"] for header in pending):
            return
        assert ledger.key is not None, "a node that has joined has a signing key"
        stream = Stream(seat.court, seat.hub_court, last_seen(ledger, seat.origin))
        event = OwnKeyEvent(self.kind, ledger.key.key_id, self.facts)
        append_key_event(ledger, stream, event, head_of_stream(ledger, seat.court))


def _pending(ledger: Ledger) -> list[Header]:
    event, pending = tables.event, tables.pending
    query = select(event.c.header).join(pending, pending.c.position == event.c.position)
    return [decode_header(row.header) for row in ledger.connection.execute(query)]
