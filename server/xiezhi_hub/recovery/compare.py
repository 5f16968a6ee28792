"""Comparing the hub's log with what others hold of it (protocol §8)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.ruling import entry_leaf
from xiezhi_domain.evidence import tiles
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import CompactRange
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_hub.log_head import read_head
from xiezhi_journal.keys import verify_signature
from xiezhi_journal.tables import head as head_table
from xiezhi_journal.translog import LogHashes, LogSigner


class Diverged(Exception):  # noqa: N818  # the name says what was found
    """Two logs under one name contradict each other; the message (Chinese) says which."""


class OwnLog:
    """The log as the hub's key signed it."""

    def __init__(self, signer: LogSigner) -> None:
        self._trusted = TrustedLog(signer.origin, signer.every_key)

    def open(self, note: bytes) -> Checkpoint:
        """Return the checkpoint of a note that this hub has signed.

        :raises DomainError: another log's, or not signed by this hub's key.
        """
        return self._trusted.open(note, verify_signature).checkpoint

    def check_database(self, connection: Connection) -> Checkpoint | None:
        """Return the database's newest checkpoint, None for an empty log, if tree and signature fit it.

        :raises Diverged: they do not.
        """
        signed = read_head(connection)
        row = connection.execute(
            select(head_table.c.log_size, head_table.c.log_frontier).where(head_table.c.id == 1)
        ).one_or_none()
        frontier = CompactRange.decode(row.log_frontier) if row else CompactRange()
        if (frontier.size, frontier.root()) != (signed.size, signed.root) or (
            row and row.log_size != signed.size
        ):
            raise Diverged("数据库中的日志与其最新检查点不一致")
        if not signed.note:
            return None
        try:
            return self.open(signed.note)
        except DomainError as error:
            raise Diverged("最新检查点的签名与日志密钥不符，请检查 keys/log.pem 是否为原密钥") from error


def root_at(connection: Connection, size: int) -> bytes:
    """Return the root of the first *size* entries."""
    return tiles.root(LogHashes(connection), size)


def check_extends(connection: Connection, checkpoint: Checkpoint, who: str) -> None:
    """Check that the log begins with what *checkpoint*, not larger, says of it.

    :raises Diverged: it does not.
    """
    if checkpoint.size and root_at(connection, checkpoint.size) != checkpoint.root:
        raise Diverged(f"{who}所存检查点（{checkpoint.size} 条）与本机日志的根不同")


def that_lead_to(
    connection: Connection, goal: Checkpoint, choices: Iterable[list[StoredEvent]]
) -> list[list[StoredEvent]]:
    """Return those of *choices* that lead from the log as it is to *goal*."""
    row = connection.execute(select(head_table.c.log_frontier).where(head_table.c.id == 1)).one_or_none()
    begun = row.log_frontier if row else CompactRange().encode()
    found = []
    for records in choices:
        frontier = CompactRange.decode(begun)
        frontier.append_many(entry_leaf(record.header, record.ruling) for record in records)
        if (frontier.size, frontier.root()) == (goal.size, goal.root):
            found.append(records)
    return found


def first_contradiction(
    connection: Connection, size: int, goal: Checkpoint, choices: Iterable[list[StoredEvent]]
) -> int | None:
    """Return the first of the own log's *size* entries that the log of *goal* has not; None if none is proven.

    Proven, because *goal* is signed with this hub's key, and one of *choices* leads to it in place of own entries.
    """
    own = LogHashes(connection).read(0, 0, size)
    for records in choices:
        leaves = dict(enumerate(own))
        leaves.update((each.log_index, entry_leaf(each.header, each.ruling)) for each in records)
        tree = CompactRange()
        tree.append_many(leaves[index] for index in sorted(leaves))
        different = [index for index, leaf in enumerate(own) if leaves[index] != leaf]
        if different and (tree.size, tree.root()) == (goal.size, goal.root):
            return different[0]
    return None


def not_own(connection: Connection, size: int, records: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Return those of *records* that the own log, of *size* entries, has not."""
    own: dict[int, bytes] = {}
    below = [record.log_index for record in records if 0 <= record.log_index < size]
    if below:
        first, last = min(below), max(below)
        own = dict(enumerate(LogHashes(connection).read(0, first, last + 1 - first), first))
    return [
        record
        for record in records
        if record.log_index >= 0 and own.get(record.log_index) != entry_leaf(record.header, record.ruling)
    ]
