"""Proving what the feed has brought: that the log which this node vouched for has it, and other courts saw this log.

An item of the feed is the hub's word; its index lies below a signed size, no more. So every entry is proven under the
checkpoint that this node has checked against all that it stored, before it may be shown as witnessed; and the
checkpoints that other courts have signed that they saw are held against the same one. Both are done behind the link,
in bounded pieces, and hold up neither storing nor acting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import Connection, select, update

from xiezhi.v1.feed_proof_service_pb2 import ProveFeedRequest
from xiezhi.v1.feed_proof_service_pb2_grpc import FeedProofServiceStub
from xiezhi_domain.errors import DomainError, FormatError
from xiezhi_domain.evidence.canonical import parse_hash
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import InclusionVerifier, verify_consistency
from xiezhi_journal import tables
from xiezhi_journal.bulk import delete_rows
from xiezhi_journal.journal import Journal
from xiezhi_journal.quarantine import LOG, quarantine
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_node.witnessing.store import What, read_vouched
from xiezhi_node.witnessing.witness import Prove

AT_ONCE: Final = 256
"""Entries of one question; a hub answers no more."""
CLAIMS_AT_ONCE: Final = 32
PAUSE_S: Final = 5.0
"""After a piece that was the last; a full one is followed at once."""

_log = structlog.get_logger(__name__)


class ItemProof(NamedTuple):
    """The hub's proof of one item of the feed."""

    log_index: int
    path: tuple[bytes, ...]


ProveItems = Callable[[int, Sequence[int], int], Awaitable[Mapping[int, ItemProof]]]
"""Asks the hub for proofs of items: lane, numbers, size of the tree → by number; raises DomainError."""


def ask_for_items(hub: HubChannel) -> ProveItems:
    """Return the way to ask the hub of the link."""

    async def prove(lane: int, feed_seqs: Sequence[int], size: int) -> Mapping[int, ItemProof]:
        request = ProveFeedRequest(lane=lane, feed_seqs=feed_seqs, tree_size=size)  # type: ignore[arg-type]  # a number
        answer = await from_hub(FeedProofServiceStub(hub.channel).ProveFeed(request, timeout=CALL_TIMEOUT_S))
        return {each.feed_seq: ItemProof(each.log_index, tuple(each.path)) for each in answer.proofs}

    return prove


@dataclass(frozen=True, slots=True)
class _Fault:
    """What does not fit, and the event by which it was found."""

    event_id: str
    text: str


class LogProver:
    """Works off what is to be proven, under the checkpoint that this node has vouched for last."""

    def __init__(self, journal: Journal, prove_items: ProveItems, prove: Prove) -> None:
        self._journal = journal
        self._prove_items = prove_items
        self._prove = prove

    async def run(self) -> None:
        """Run until cancelled; what could not be asked now is asked again."""
        while True:
            more = False
            try:
                more = await self.prove_some()
            except DomainError as error:
                _log.info("log_not_proven_now", reason=error.reason)
            await asyncio.sleep(0 if more else PAUSE_S)

    async def prove_some(self) -> bool:
        """Prove a piece of what waits, and check the claims of other courts; returns whether more waits.

        :raises DomainError: the hub cannot be asked now, or nothing can be stored.
        """
        vouched = await self._journal.read(partial(read_vouched, what=What.COSIGNED))
        if vouched is None:
            return False
        tree = vouched.checkpoint
        waiting = await self._journal.read(partial(_waiting, size=tree.size))
        for lane, rows in groupby(waiting, attrgetter("lane")):
            await self._prove_lane(lane, list(rows), tree)
        await self._check_claims(tree)
        return len(waiting) == AT_ONCE

    async def _prove_lane(self, lane: int, rows: Sequence[Any], tree: Checkpoint) -> None:
        proofs = await self._prove_items(lane, [row.feed_seq for row in rows], tree.size)
        verifier = InclusionVerifier(tree.size, tree.root)
        proven, faults = [], []
        for row in rows:
            if _holds(verifier, row, proofs.get(row.feed_seq)):
                proven.append(row.log_index)
            else:
                faults.append(_Fault(row.event_id, _not_logged(row)))
        now = self._journal.clock()
        await self._journal.write(partial(_settle, proven=proven, faults=faults, now=now))

    async def _check_claims(self, tree: Checkpoint) -> None:
        for claim in await self._journal.read(partial(_claims, size=tree.size)):
            fault = None
            if not await self._is_part(claim.size, claim.root, tree):
                fault = _Fault(claim.event_id, _other_history(claim))
            await self._journal.write(
                partial(_settle_claim, claim=claim, fault=fault, now=self._journal.clock())
            )

    async def _is_part(self, size: int, root: str, tree: Checkpoint) -> bool:
        """Return whether the log that another court saw is the beginning of this one."""
        try:
            seen = parse_hash(root, "根")
            if size == tree.size:
                return seen == tree.root
            path = await self._prove(size, tree.size)
            verify_consistency(size, seen, tree.size, tree.root, path)
        except (FormatError, ProofError):
            return False
        return True


def _not_logged(row: Any) -> str:
    return f"平台送来的一步称在日志第 {row.log_index} 项，平台签名的日志在该处却没有这一步"


def _other_history(claim: Any) -> str:
    return (
        f"{claim.court} 签名声明所见的平台日志（{claim.size} 项）与本院所见的不是同一份，"
        f"平台可能给两院看了不同的日志：请与该院互换 xiezhi-node checkpoints 导出的文件，"
        "用 xiezhi-node compare-checkpoints 比对取证"
    )


def _holds(verifier: InclusionVerifier, row: Any, proof: ItemProof | None) -> bool:
    """Return whether the tree has the entry as it lies here, at the index that the hub stated with it."""
    if proof is None or proof.log_index != row.log_index:
        return False
    try:
        verifier.verify(row.leaf, row.log_index, proof.path)
    except (FormatError, ProofError):
        return False
    return True


def _waiting(connection: Connection, size: int) -> list[Any]:
    table, ruling = tables.unproven, tables.ruling
    query = (
        select(table.c.log_index, table.c.event_id, table.c.lane, table.c.feed_seq, ruling.c.leaf)
        .join(ruling, ruling.c.log_index == table.c.log_index)
        .where(table.c.log_index < size, ~table.c.failed)
        .order_by(table.c.lane, table.c.feed_seq)
        .limit(AT_ONCE)
    )
    return list(connection.execute(query))


def _settle(connection: Connection, proven: Sequence[int], faults: Sequence[_Fault], now: int) -> None:
    table = tables.unproven
    delete_rows(connection, table, [(log_index,) for log_index in proven])
    for fault in faults:
        connection.execute(update(table).where(table.c.event_id == fault.event_id).values(failed=True))
        _alarm(connection, fault, now)


def _claims(connection: Connection, size: int) -> list[Any]:
    table = tables.seen_elsewhere
    query = select(table).where(table.c.size <= size).order_by(table.c.court).limit(CLAIMS_AT_ONCE)
    return list(connection.execute(query))


def _settle_claim(connection: Connection, claim: Any, fault: _Fault | None, now: int) -> None:
    table = tables.seen_elsewhere
    # One that came meanwhile stays.
    connection.execute(table.delete().where(table.c.court == claim.court, table.c.event_id == claim.event_id))
    if fault is not None:
        _alarm(connection, fault, now)


def _alarm(connection: Connection, fault: _Fault, now: int) -> None:
    _log.error("log_alarm", event_id=fault.event_id)
    quarantine(connection, LOG, fault.event_id, ProofError(fault.text), now)
