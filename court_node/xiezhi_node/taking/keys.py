"""Key events of the feed: which of them count, and which raise the alarm (protocol §6)."""

import structlog

from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.keyring import refused_by_log
from xiezhi_journal.keyrings import apply_key_event, keyring_of
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.quarantine import KEYS, quarantine
from xiezhi_node.pins import note_joined
from xiezhi_node.seat import Seat
from xiezhi_node.taking.check import CheckedItem

_log = structlog.get_logger(__name__)


def take_key_event(ledger: Ledger, seat: Seat, item: CheckedItem, *, made_here: bool) -> None:
    """Take an accepted key event into the keyring, unless no honest hub would have logged it.

    The alarm is raised for such a one, and for every key event of this court that this node did not make. The link
    goes on: the entry is in the log for good, and every court is shown it.
    """
    refusal = refused_by_log(keyring_of(ledger), item.header, item.log_index)
    if refusal is None:
        apply_key_event(ledger, item.header, item.log_index)
        note_joined(ledger.connection, item.header, item.ruling.at)
    if item.header.sender == seat.court and not made_here and not _is_hubs_own(ledger, item):
        _alarm(ledger, item, "平台日志中有以本院名义登记、却不是本院所作的密钥")
    elif refusal is not None:
        _alarm(ledger, item, f"平台日志为 {item.header.sender} 登记的密钥没有该院原有密钥的签名，不予采信")


def _is_hubs_own(ledger: Ledger, item: CheckedItem) -> bool:
    """Return whether the entry brings a key of the hub, which is in the stream of its court and is no node's."""
    key_id, keyring = item.header.facts.get("key"), keyring_of(ledger)
    key = keyring.keys.get(str(key_id))
    return key is not None and key.added_index == item.log_index and key_id not in keyring.of_nodes().keys


def _alarm(ledger: Ledger, item: CheckedItem, text: str) -> None:
    _log.error(
        "key_alarm", court=item.header.sender, key=item.header.facts.get("key"), log_index=item.log_index
    )
    quarantine(ledger.connection, KEYS, item.header.id, ProofError(text), ledger.now)
