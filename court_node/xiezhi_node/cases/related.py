"""Cases of other courts with a common party: publishing this court's marks, and asking the hub (design §9).

The key of the marks stays in memory; neither it nor a mark is written down here or in a log.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import structlog

from xiezhi.v1 import case_pb2, case_service_pb2
from xiezhi.v1 import related_case_service_pb2 as pb
from xiezhi.v1.related_case_service_pb2_grpc import RelatedCaseServiceStub
from xiezhi_desk.access import Access, record_access
from xiezhi_domain.errors import DomainError, Reason, WrongState
from xiezhi_domain.terms.cases import CLOSING_CHANGES
from xiezhi_journal.journal import Journal
from xiezhi_link.hub_channel import HubChannel
from xiezhi_node.cases.change_store import closed_cases
from xiezhi_node.cases.open_cases import marked_case, open_cases
from xiezhi_node.cases.source import CaseSource
from xiezhi_node.hub_calls import CALL_TIMEOUT_S, from_hub
from xiezhi_wire.caller import Caller

AT_ONCE: Final = 200
PUBLISH_EVERY_S: Final = 900.0
TELL_ANYWAY_MS: Final = 24 * 3_600_000
"""After this the hub is told again even where nothing changed: it may have been restored from a copy."""
_log = structlog.get_logger(__name__)


class RelatedCases:
    """What this court tells the hub of its open cases, and what it asks."""

    def __init__(self, journal: Journal, source: CaseSource, hub: HubChannel) -> None:
        self._journal = journal
        self._source = source
        self._hub = hub
        self._key = pb.GetMarkKeyResponse()
        self._told: tuple[bytes, int] = (b"", 0)

    async def run(self) -> None:
        """Publish every quarter of an hour what has changed, until cancelled."""
        while True:
            try:
                await self.publish()
            except DomainError as error:
                _log.warning("open_cases_not_published", reason=error.reason)
            await asyncio.sleep(PUBLISH_EVERY_S)

    async def publish(self) -> int:
        """Tell the hub all open cases, where they are others than the last time; returns how many were told.

        :raises DomainError: hub or case source are away.
        """
        key = await self._mark_key(anew=True)
        cases = await open_cases(self._journal, self._source, key.key)
        digest, now = _digest(key.key_id, cases), self._journal.clock()
        told, told_at = self._told
        if digest == told and now - told_at < TELL_ANYWAY_MS:
            return 0
        round_ = str(uuid.uuid4())
        for first in range(0, max(len(cases), 1), AT_ONCE):
            part = cases[first : first + AT_ONCE]
            complete = first + AT_ONCE >= len(cases)
            await self._publish(key.key_id, part, round_, complete=complete)
        self._told = (digest, now)
        return len(cases)

    async def find(
        self, case: case_pb2.Case, caller: Caller, purpose: str
    ) -> Sequence[case_service_pb2.RelatedCase]:
        """Return the open cases of other courts with a party of *case*, after the look is on record here.

        :raises WrongState: the case is closed, or nobody in it can be told apart.
        :raises DomainError: the hub is away or refuses.
        """
        look = Access(self._journal.clock(), caller.account_id, "FindRelatedCases", case.case_number, purpose)
        await self._journal.write(partial(record_access, access=look))
        closed = await self._journal.read(partial(closed_cases, closing=CLOSING_CHANGES))
        if case.case_number in closed:
            raise WrongState(Reason.WRONG_STATE, "案件已结，不能查找关联案件")
        try:
            return await self._ask(case, caller, purpose, await self._mark_key())
        except DomainError as error:
            if error.reason is not Reason.KEY_UNKNOWN:
                raise
        # The hub has made a new key since.
        return await self._ask(case, caller, purpose, await self._mark_key(anew=True))

    async def _ask(
        self, case: case_pb2.Case, caller: Caller, purpose: str, key: pb.GetMarkKeyResponse
    ) -> Sequence[case_service_pb2.RelatedCase]:
        marked = marked_case(case, key.key)
        if not marked.marks:
            raise WrongState(
                Reason.WRONG_STATE, "当事人没有证件号码或单位名称，不能查找关联案件，请先补充案件信息"
            )
        await self._publish(key.key_id, [marked], "", complete=False)
        request = pb.QueryRelatedCasesRequest(
            case_number=case.case_number,
            marks=marked.marks,
            account_id=caller.account_id,
            account_name=caller.name,
            purpose=purpose,
        )
        answer: pb.QueryRelatedCasesResponse = await self._call("QueryRelatedCases", request)
        return answer.cases

    async def _publish(
        self, key_id: str, cases: Sequence[pb.MarkedCase], round_: str, *, complete: bool
    ) -> None:
        request = pb.PublishOpenCasesRequest(key_id=key_id, round=round_, cases=cases, complete=complete)
        await self._call("PublishOpenCases", request)

    async def _mark_key(self, *, anew: bool = False) -> pb.GetMarkKeyResponse:
        if anew or not self._key.key:
            self._key = await self._call("GetMarkKey", pb.GetMarkKeyRequest())
        return self._key

    async def _call(self, method: str, request: Any) -> Any:
        call = getattr(RelatedCaseServiceStub(self._hub.channel), method)
        return await from_hub(call(request, timeout=CALL_TIMEOUT_S))


def _digest(key_id: str, cases: Sequence[pb.MarkedCase]) -> bytes:
    content = hashlib.sha256(key_id.encode())
    for case in cases:
        content.update(case.SerializeToString(deterministic=True))
    return content.digest()
