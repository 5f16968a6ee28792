"""The court's case source (`xiezhi.v1.CaseSource`) as the node calls it: in bounded time, with errors for clerks.

Nothing of the node depends on it being there: cases can be entered and papers uploaded by hand at any time.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import grpc

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_source_pb2 as pb
from xiezhi.v1.case_source_pb2_grpc import CaseSourceStub
from xiezhi_domain.errors import DomainError, NotFound, Reason, Unavailable, WrongState
from xiezhi_journal.journal import Clock, system_clock
from xiezhi_node.answering import Answering
from xiezhi_node.config import NodeSettings
from xiezhi_node.hub_calls import as_told
from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ClientMaterial, channel_credentials
from xiezhi_wire.transport import CHANNEL_OPTIONS

AnswerT = TypeVar("AnswerT")
Page = tuple[list[AnswerT], str]
"""What a page holds, and the token of the next one."""

ATTEMPTS: Final = 4
FIRST_PAUSE_S: Final = 0.3
"""Together longer than the channel waits before it dials again."""
LONGEST_MESSAGE: Final = 1_000
# The pauses are ours: the channel has to dial when it is asked.
_DIALLING: Final = {
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.use_local_subchannel_pool": 1,
}
_Code = grpc.StatusCode
_PASSING: Final = frozenset({_Code.UNAVAILABLE})
_REFUSED: Final = frozenset({_Code.UNAUTHENTICATED, _Code.PERMISSION_DENIED})
_UNREADABLE: Final = frozenset({_Code.FAILED_PRECONDITION, _Code.INVALID_ARGUMENT, _Code.DATA_LOSS})


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """Where the source is, which authority its certificate comes from, what it asks for."""

    address: str
    authority: Path
    token: str
    timeout_s: float


def source_address(settings: NodeSettings) -> SourceAddress | None:
    """Return where the configuration says the case source is; None for a court without one.

    :raises StartupError: half of it is configured, or a file cannot be read.
    """
    address, authority, token = (
        settings.case_source_address,
        settings.case_source_authority,
        settings.case_source_token,
    )
    if not address:
        return None
    if authority is None or not token:
        raise StartupError(
            "配置了 case_source_address 的，还须配置 case_source_authority 和 case_source_token_file"
        )
    return SourceAddress(address, authority, token, settings.case_source_timeout_s)


class CaseSource:
    """The one channel to the case source; every method raises as `_explained` says."""

    def __init__(self, place: SourceAddress | None, clock: Clock = system_clock) -> None:
        self._place = place
        self._clock = clock
        self.answering = Answering()
        self._opened: grpc.aio.Channel | None = None

    @property
    def configured(self) -> bool:
        """Whether the court has a case source."""
        return self._place is not None

    @property
    def address(self) -> str:
        """Where it is: host and port; empty for a court without one."""
        return self._place.address if self._place else ""

    async def get_case(self, case_number: str) -> case_pb2.Case:
        """Return a case."""
        request = pb.CaseSourceGetCaseRequest(case_number=case_number)
        answer: pb.CaseSourceGetCaseResponse = await self._ask("GetCase", request)
        return answer.case_file

    async def list_documents(
        self, case_number: str, page_size: int, page_token: str
    ) -> Page[case_pb2.DossierDocument]:
        """Return a page of a dossier."""
        request = pb.CaseSourceListDocumentsRequest(
            case_number=case_number, page_size=page_size, page_token=page_token
        )
        answer = await self._ask("ListDocuments", request)
        return list(answer.documents), answer.next_page_token

    async def list_open_cases(self, page_token: str = "") -> Page[pb.OpenCase]:
        """Return a page of the open cases."""
        answer = await self._ask("ListOpenCases", pb.CaseSourceListOpenCasesRequest(page_token=page_token))
        return list(answer.cases), answer.next_page_token

    async def push_feedback(self, feedback: pb.CaseFeedback) -> None:
        """Write a result back."""
        await self._ask("PushFeedback", pb.CaseSourcePushFeedbackRequest(feedback=feedback))

    def fetch_document(
        self, case_number: str, document_id: str, offset: int
    ) -> AsyncGenerator[pb.CaseSourceFetchDocumentResponse, None]:
        """Give a paper in pieces, from *offset* on."""
        request = pb.CaseSourceFetchDocumentRequest(
            case_number=case_number, document_id=document_id, offset=offset
        )
        return self._stream("FetchDocument", request)

    def watch_cases(self, after: str) -> AsyncGenerator[pb.CaseSourceWatchCasesResponse, None]:
        """Give changes behind the cursor *after*, until the source goes."""
        return self._stream("WatchCases", pb.CaseSourceWatchCasesRequest(after=after))

    async def close(self) -> None:
        """Close the channel."""
        if self._opened is not None:
            await self._opened.close()

    async def _ask(self, method: str, request: Any) -> Any:
        place, stub = self._stub()
        call: Callable[..., Awaitable[Any]] = getattr(stub, method)
        pause = FIRST_PAUSE_S
        for attempt in range(ATTEMPTS):
            try:
                answer = await call(request, timeout=place.timeout_s, metadata=_credentials(place))
            except grpc.aio.AioRpcError as error:
                if error.code() not in _PASSING or attempt == ATTEMPTS - 1:
                    raise self._noted(error) from error
            else:
                self.answering.answered(self._clock())
                return answer
            await asyncio.sleep(pause)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    async def _stream(self, method: str, request: Any) -> AsyncGenerator[Any, None]:
        place, stub = self._stub()
        call = getattr(stub, method)(request, metadata=_credentials(place))
        try:
            async for message in call:
                self.answering.answered(self._clock())
                yield message
        except grpc.aio.AioRpcError as error:
            raise self._noted(error) from error
        finally:
            call.cancel()

    def _noted(self, error: grpc.aio.AioRpcError) -> DomainError:
        explained = _explained(error)
        self.answering.note(explained, self._clock())
        return explained

    def _stub(self) -> tuple[SourceAddress, CaseSourceStub]:
        if self._place is None:
            raise WrongState(Reason.CASE_SOURCE_MISSING)
        if self._opened is None:
            credentials = channel_credentials(ClientMaterial(self._place.authority))
            options = (*(each for each in CHANNEL_OPTIONS if each[0] not in _DIALLING), *_DIALLING.items())
            self._opened = grpc.aio.secure_channel(self._place.address, credentials, options=options)
        return self._place, CaseSourceStub(self._opened)


def _credentials(place: SourceAddress) -> tuple[tuple[str, str]]:
    return (("authorization", f"Bearer {place.token}"),)


def _explained(error: grpc.aio.AioRpcError) -> DomainError:
    """Return what the source said. Adapters in other languages may say no more than a code and a message."""
    code, said = error.code(), (error.details() or "")[:LONGEST_MESSAGE]
    if code in _REFUSED:
        return Unavailable(Reason.CASE_SOURCE_AWAY, "办案系统接口不接受本节点的令牌，请联系系统管理员")
    told = as_told(error)
    if told is not None and code not in _PASSING:
        return told
    if code is _Code.NOT_FOUND:
        return NotFound(Reason.UNKNOWN_CASE, "办案系统中没有该案件或文书，请核对案号")
    if code in _UNREADABLE:
        return WrongState(Reason.CASE_UNREADABLE, said)
    return Unavailable(Reason.CASE_SOURCE_AWAY)
