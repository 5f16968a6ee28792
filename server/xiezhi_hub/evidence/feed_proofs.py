"""`FeedProofService`: proofs for what a court's own feed has brought."""

# Methods are named by the contract.
# ruff: noqa: N802

from functools import partial
from typing import Any, Final, TypeAlias

import grpc
from sqlalchemy import Connection

from xiezhi.v1 import feed_proof_service_pb2 as pb
from xiezhi.v1.feed_proof_service_pb2_grpc import FeedProofServiceServicer
from xiezhi_domain.errors import FormatError, InvalidInput, NotAllowed, Reason
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.log_head import read_head
from xiezhi_journal.feeds import entries_of_items
from xiezhi_journal.translog import inclusion_proofs
from xiezhi_wire.caller import any_caller
from xiezhi_wire.peer import PeerCertificate

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

MOST_ITEMS: Final = 256


class FeedProofService(FeedProofServiceServicer):
    """Serves proofs from the journal. What is refused is said in the contract."""

    def __init__(self, journal: HubJournal) -> None:
        self._journal = journal

    async def ProveFeed(self, request: pb.ProveFeedRequest, _context: _Context) -> pb.ProveFeedResponse:
        """Return the proofs of the items that the caller's feed has."""
        caller = any_caller()
        if not isinstance(caller, PeerCertificate):
            raise NotAllowed(Reason.FORBIDDEN)
        if len(request.feed_seqs) > MOST_ITEMS:
            raise FormatError(f"一次最多核对收件流的 {MOST_ITEMS} 项")
        return await self._journal.read(partial(_proofs, request=request, court=caller.court))


def _proofs(connection: Connection, request: pb.ProveFeedRequest, court: str) -> pb.ProveFeedResponse:
    head, size = read_head(connection), request.tree_size
    if not 0 < size <= head.size:
        raise InvalidInput(
            Reason.OFFSET_OUT_OF_RANGE,
            "长度超出平台日志的范围，请核对",
            metadata={"size": str(head.size)},
        )
    entries = entries_of_items(connection, court, request.lane, request.feed_seqs)
    covered = {feed_seq: index for feed_seq, index in entries.items() if index < size}
    paths = inclusion_proofs(connection, list(covered.values()), size)
    return pb.ProveFeedResponse(
        proofs=[
            pb.FeedItemProof(feed_seq=feed_seq, log_index=index, path=path)
            for (feed_seq, index), path in zip(covered.items(), paths, strict=True)
        ]
    )
