"""What a node tells other courts: its witness key, and the checkpoints that it holds."""

import json
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from xiezhi_domain.evidence.note import COSIGNATURE_ED25519, VerifierKey
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.migrate import is_current
from xiezhi_node.config import NodeSettings
from xiezhi_node.pins import Pins, read_pins
from xiezhi_wire.startup import StartupError

FORMAT: Final = "xiezhi/checkpoints/v1"


def own_witness_key(settings: NodeSettings) -> VerifierKey:
    """Return the key under which this node cosigns; its name is the court.

    :raises StartupError: the node has not joined, or the key is not there.
    """
    journal, pins = opened_journal(settings)
    journal.close()
    try:
        key = SigningKey.load(settings.paths.cosign_key)
    except (OSError, ValueError) as error:
        raise StartupError("见证密钥 keys/cosign.pem 无法读取，请从备份恢复") from error
    return VerifierKey(pins.court, COSIGNATURE_ED25519, key.public_key)


def export_checkpoints(settings: NodeSettings, to: Path) -> int:
    """Write the checkpoints that this node holds, by size, as JSON; returns how many.

    ``format``, ``court``, ``origin``, ``log_vkey`` and ``checkpoints``: the notes as text, with the cosignatures that
    came along. Nothing in it is secret or personal.

    :raises StartupError: the node has not joined, or the file cannot be written.
    """
    journal, pins = opened_journal(settings)
    try:
        notes = journal.read_now(_notes)
    finally:
        journal.close()
    values = {
        "format": FORMAT,
        "court": pins.court,
        "origin": pins.origin,
        "log_vkey": pins.log_vkey,
        "checkpoints": notes,
    }
    try:
        to.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StartupError(f"文件 {to} 无法写入：{error.strerror}") from error
    return len(notes)


def opened_journal(settings: NodeSettings) -> tuple[Journal, Pins]:
    """Return the journal, which the caller closes, and what the node has pinned.

    :raises StartupError: the schema is another one, or the node has not joined.
    """
    if not is_current(settings.database_url):
        raise StartupError("数据库结构不是当前版本，请先运行 xiezhi-node migrate")
    journal = Journal(settings.database_url)
    pins = journal.read_now(read_pins)
    if pins is None:
        journal.close()
        raise StartupError("本节点尚未加入平台，请先运行 xiezhi-node join <加入令牌>")
    return journal, pins


def _notes(connection: Connection) -> list[str]:
    table = tables.checkpoint
    return [note.decode() for note in connection.scalars(select(table.c.note).order_by(table.c.size))]
