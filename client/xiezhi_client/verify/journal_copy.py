"""A node's or hub's own journal (an SQLite database, or a backup of it), read without writing to it."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from google.protobuf.message import DecodeError

from xiezhi.v1.event_pb2 import PushProof as PushMessage
from xiezhi_client.verify.findings import Finding, NotHeldError, not_proven, tampered
from xiezhi_client.verify.log_audit import MOST_FINDINGS, AuditedCopy
from xiezhi_client.verify.log_rules import EntryRules
from xiezhi_client.verify.log_tree import check_roots, contiguous, open_checkpoint
from xiezhi_client.verify.signatures import is_signed
from xiezhi_domain.errors import DomainError, FormatError
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.events.ruling import encode_entry
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import leaf_hash
from xiezhi_domain.evidence.push import PushProof, PushVerifier
from xiezhi_domain.evidence.trust import TrustedLog

_MAGIC: Final = b"SQLite format 3\x00"
_ENTRIES: Final = """
    SELECT ruling.log_index, event.header, event.push, ruling.ruling, ruling.leaf
    FROM ruling JOIN event ON event.position = ruling.position ORDER BY ruling.log_index
"""
_CHECKPOINTS: Final = "SELECT note FROM checkpoint WHERE length(note) > 0 ORDER BY size"

_RULEBOOKS: Final = "SELECT content FROM rulebook WHERE typeof(content) = 'blob'"
_CALENDARS: Final = "SELECT content FROM calendar WHERE typeof(content) = 'blob'"


def is_journal(path: Path) -> bool:
    """Return whether *path* is an SQLite database."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def audit_journal(path: Path, trusted: TrustedLog, earlier: Collection[Checkpoint] = ()) -> AuditedCopy:
    """Return what is wrong with the entries of a journal, their courts' signatures and its checkpoints.

    A node's journal has its own matters alone: where in the log they stand, the whole log says
    (:func:`.log_compare.compare_logs`).
    """
    copy = AuditedCopy(str(path))
    try:
        with _opened(path) as database:
            _Reading(copy).follow(database)
            copy.checkpoints += _checkpoints(database, trusted, copy.findings)
    except NotHeldError as error:
        copy.findings.append(not_proven(error.message))
        return copy
    leaves = contiguous(copy.leaves)
    copy.whole = len(leaves) == len(copy.leaves) == (copy.newest.size if copy.newest else 0)
    checkpoints = [*copy.checkpoints, *earlier]
    if not copy.whole:
        checkpoints = [each for each in checkpoints if each.size <= len(leaves)]
    copy.findings += check_roots(leaves, checkpoints)
    return copy


def court_of(path: Path) -> str:
    """Return the court whose program keeps this journal; empty for one that cannot be read."""
    try:
        with _opened(path) as database:
            found = database.execute("SELECT value FROM pin WHERE name = 'court'").fetchone()
    except NotHeldError:
        return ""
    return str(found[0]) if found else ""


def read_published(path: Path) -> tuple[list[bytes], list[bytes]]:
    """Return the rulebooks and the calendars that a journal keeps, which its court has of the hub.

    :raises FormatError: it is no journal, or cannot be read.
    """
    try:
        with _opened(path) as database:
            books, calendars = (database.execute(query).fetchall() for query in (_RULEBOOKS, _CALENDARS))
    except NotHeldError as error:
        raise FormatError(error.message) from None
    return [content for (content,) in books], [content for (content,) in calendars]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            yield database
    except sqlite3.Error as error:
        raise NotHeldError(f"{path} 不是协执的日志库，或者无法读取（{error}）") from None


def _checkpoints(
    database: sqlite3.Connection, trusted: TrustedLog, findings: list[Finding]
) -> list[Checkpoint]:
    notes = [note for (note,) in database.execute(_CHECKPOINTS)]
    opened = [open_checkpoint(note if isinstance(note, bytes) else b"", trusted) for note in notes]
    findings += islice((each for each in opened if isinstance(each, Finding)), MOST_FINDINGS)
    return [each.checkpoint for each in opened if not isinstance(each, Finding)]


class _Reading:
    def __init__(self, copy: AuditedCopy) -> None:
        self._copy = copy
        self._rules = EntryRules()
        self._pushes = PushVerifier(is_signed)

    def follow(self, database: sqlite3.Connection) -> None:
        """Check entry after entry."""
        self._copy.leaves = leaves = {}
        for index, *values in database.execute(_ENTRIES):
            if not all(isinstance(value, bytes) for value in values):
                self._report([tampered(f"日志第 {index} 项在库中不是协执所写的内容")])
                continue
            header, push, ruling, stored = values
            try:
                entry = encode_entry(header, ruling)
            except (DomainError, OverflowError):
                self._report([tampered(f"日志第 {index} 项过长，不是平台受理过的记录")])
                continue
            leaf = leaves[index] = leaf_hash(entry)
            if leaf != stored:
                self._report([tampered(f"日志第 {index} 项的内容与入库时的哈希值不符：库中记录被改动")])
            self._report(self._rules.check(index, entry, leaf))
            self._report(self._signature(index, header, push))

    def _signature(self, index: int, header: bytes, push: bytes) -> Iterator[Finding]:
        try:
            proof = _proof(push)
            key = self._rules.keyring.keys.get(proof.key_id)
            said = decode_header(header)
            if key is None or (proof.court, proof.key_id) != (said.sender, said.key):
                yield not_proven(f"日志第 {index} 项的签名无法核对：库中没有 {said.sender} 的密钥 {said.key}")
                return
            self._pushes.check(proof, header, key.public_key)
        except (DecodeError, DomainError) as error:
            text = error.message if isinstance(error, DomainError) else "签名数据读不懂"
            yield tampered(f"日志第 {index} 项的法院签名不成立：{text}")
            return
        self._copy.signatures += 1

    def _report(self, found: Iterable[Finding]) -> None:
        room = MOST_FINDINGS - len(self._copy.findings)
        self._copy.findings += islice(found, max(0, room))


def _proof(data: bytes) -> PushProof:
    push = PushMessage.FromString(data)
    return PushProof(
        push.court,
        push.key_id,
        push.first_position,
        push.count,
        push.root,
        push.signature,
        push.index,
        tuple(push.path),
    )
