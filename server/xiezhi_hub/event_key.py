"""Exchanging the key of the hub's own events while the hub runs (protocol §6).

`xiezhi-hub rotate-key` lays a new key beside the one in use; the running hub does the rest with one entry of the log,
`KeyRotated`, which the old key signs and which ends it. A court needs two entries, as what its old key signed may still
wait for its ruling; the hub rules on what it makes itself in the transaction that stores it, so nothing of it waits.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from xiezhi_domain.errors import DomainError, Reason, WrongState
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.keyring import Purpose
from xiezhi_domain.terms import EventKind
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.ruling.directory import own_key_id, rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.durable_files import move_file
from xiezhi_journal.keyrings import read_keyring
from xiezhi_journal.keys import SigningKey, make_next_key, next_key
from xiezhi_journal.ledger import Ledger
from xiezhi_wire.startup import StartupError

LOOK_EVERY_S: Final = 5.0
_log = structlog.get_logger(__name__)


def prepare_exchange(path: Path, holder: str = "") -> str:
    """Lay a new key beside the one at *path*, for the running hub to go on with; returns its id.

    *holder* says who keeps it, as `make_next_key` has it.

    :raises SignerAway: the signer makes none.
    :raises StartupError: there is none in use, or its exchange is under way.
    """
    if not path.exists():
        raise StartupError(f"密钥 {path} 不存在，请先运行 xiezhi-hub init")
    if next_key(path).exists():
        raise StartupError("签名密钥正在更换，请待枢纽运行时完成")
    return make_next_key(path, holder).key_id


class EventKeyExchange:
    """Takes up the key that is to follow the one at *path*."""

    def __init__(self, path: Path, journal: HubJournal, seat: Seat, gate: Gate) -> None:
        self._path = path
        self._journal = journal
        self._seat = seat
        self._gate = gate

    def begin(self) -> None:
        """Finish what was cut off, before the hub makes anything.

        :raises StartupError: the log has ended the key in use, which came from an old backup.
        """
        if next_key(self._path).exists():
            self._take_up(SigningKey.load(next_key(self._path)))
        key = self._journal.read_now(read_keyring).keys.get(self._key_id)
        if key is not None and key.ended_index is not None:
            raise StartupError(
                f"签名密钥 {self._path} 已由平台日志第 {key.ended_index} 项更换，请从更换以后的备份恢复"
            )

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            try:
                await self.look()
            except (DomainError, OSError, ValueError) as error:
                _log.warning("event_key_not_exchanged", problem=str(error))
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Exchange the key if one is to follow. No other event may be in its transaction, which the old key signs.

        :raises DomainError, OSError, ValueError: nothing can be stored now, or the file holds no key.
        """
        if self._gate.is_open and next_key(self._path).exists():
            await self._journal.writer.run_alone(self._exchange)

    def _exchange(self) -> None:
        new = SigningKey.load(next_key(self._path))
        try:
            if not self._is_valid(new):
                self._journal.writer.run_now(_Rotate(self._seat, new))
        finally:
            # Also where what follows the commit has failed: the old key has ended then.
            self._take_up(new)

    def _take_up(self, new: SigningKey) -> None:
        """Sign with *new* from now on, if the log has it."""
        if self._is_valid(new):
            self._journal.key = new
            move_file(next_key(self._path), self._path)
            _log.info("event_key_exchanged", key=new.key_id)

    def _is_valid(self, key: SigningKey) -> bool:
        known = self._journal.read_now(read_keyring).keys.get(key.key_id)
        return known is not None and known.ended_index is None

    @property
    def _key_id(self) -> str:
        assert self._journal.key is not None, "a hub has an event key of its own"
        return self._journal.key.key_id


@dataclass(frozen=True, slots=True)
class _Rotate:
    """Work for the writer, alone in its transaction: the entry that adds *new* and ends the key in use."""

    seat: Seat
    new: SigningKey

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Make it and rule on it.

        :raises WrongState: the log refuses it.
        """
        facts = {
            "purpose": str(Purpose.EVENT),
            "key": self.new.key_id,
            "public": format_base64(self.new.public_key),
            "old": own_key_id(ledger),
        }
        event = own_directory_event(ledger, self.seat, EventKind.KEY_ROTATED, {**facts})
        ruling = rule_on_directory_event(ledger, event, self.seat)
        if not ruling.accepted:
            raise WrongState(Reason(ruling.reason))
