"""The electronic dossier: its papers listed, and ticked ones fetched into the documents of an instruction."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from xiezhi.v1 import case_pb2, case_service_pb2, case_source_pb2, document_pb2
from xiezhi_desk.documents.document import DocumentSpec, check_name, check_sha256, check_size
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.terms import PAPER_TYPES
from xiezhi_domain.errors import DomainError, InvalidInput, NotFound, Reason, Unavailable, WrongState
from xiezhi_domain.terms import PaperType
from xiezhi_journal.journal import Journal
from xiezhi_node.cases.source import CaseSource
from xiezhi_node.documents import documents_of

MOST_PICKS: Final = 100
LONGEST_DOCUMENT_ID: Final = 512
Pieces = AsyncGenerator[case_source_pb2.CaseSourceFetchDocumentResponse, None]


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper ticked in a dossier; `paper_type` None takes the dossier's."""

    document_id: str
    paper_type: PaperType | None


@dataclass(frozen=True, slots=True)
class Target:
    """For which instruction papers of which case are fetched, and by which account."""

    instruction: str
    case_number: str
    owner: str


class Dossier:
    """Brings papers from the case source into the node's documents."""

    def __init__(self, journal: Journal, source: CaseSource, documents: Documents) -> None:
        self._journal = journal
        self._source = source
        self._documents = documents

    async def attach(self, target: Target, picks: Sequence[Pick]) -> list[document_pb2.Document]:
        """Fetch the ticked papers one after another and return them as they lie here now.

        What was fetched before a failure stays; a repetition goes on there.

        :raises DomainError: the source is away or has no such paper, or the paper is not accepted.
        """
        hashes = [await self._fetch(target, pick) for pick in picks]
        found = await self._journal.read(
            lambda connection: documents_of(connection, target.instruction, hashes)
        )
        by_hash = {document.sha256: document for document in found}
        return [by_hash[sha256] for sha256 in hashes]

    async def _fetch(self, target: Target, pick: Pick) -> bytes:
        pieces = self._source.fetch_document(target.case_number, pick.document_id, 0)
        async with aclosing(pieces):
            spec, head = await _opened(target, pick, pieces)
            offset = await self._documents.received(spec, target.owner)
            if offset == 0:
                await self._store(target, spec, _data(head, pieces))
        if 0 < offset < spec.size:
            await self._resume(target, pick, spec, offset)
        return spec.sha256

    async def _resume(self, target: Target, pick: Pick, spec: DocumentSpec, offset: int) -> None:
        pieces = self._source.fetch_document(target.case_number, pick.document_id, offset)
        async with aclosing(pieces):
            now, head = await _opened(target, pick, pieces)
            if now != spec:
                raise Unavailable(Reason.DOCUMENT_HASH_MISMATCH, "卷宗文书在引入过程中被修改，请重新引入")
            await self._store(target, spec, _data(head, pieces))

    async def _store(self, target: Target, spec: DocumentSpec, data: AsyncIterator[bytes]) -> None:
        await self._documents.store_from(data, spec, target.owner, self._journal.court)


def picks_of(case_picks: Sequence[case_service_pb2.DossierPick]) -> list[Pick]:
    """Return the picks of a request.

    :raises InvalidInput: none or too many, or one that names nothing.
    """
    if not 0 < len(case_picks) <= MOST_PICKS:
        raise InvalidInput.in_field("picks", f"请勾选 1 至 {MOST_PICKS} 份卷宗文书")
    return [_pick(pick, f"picks[{at}]") for at, pick in enumerate(case_picks)]


def _pick(pick: case_service_pb2.DossierPick, field: str) -> Pick:
    if not 0 < len(pick.document_id) <= LONGEST_DOCUMENT_ID:
        raise InvalidInput.in_field(f"{field}.document_id", "请勾选卷宗文书")
    paper_type = PAPER_TYPES.from_proto(pick.paper_type, f"{field}.paper_type") if pick.paper_type else None
    return Pick(pick.document_id, paper_type)


async def _opened(target: Target, pick: Pick, pieces: Pieces) -> tuple[DocumentSpec, bytes]:
    """Return what the first piece says that comes, and the bytes in it."""
    first = await anext(pieces, None)
    if first is None or not first.HasField("document"):
        raise NotFound(Reason.UNKNOWN_DOCUMENT, "办案系统没有给出该卷宗文书，请刷新卷宗目录")
    document = first.document
    try:
        spec = DocumentSpec(
            instruction=target.instruction,
            sha256=check_sha256(document.sha256, "document.sha256"),
            size=check_size(document.size, "document.size"),
            name=check_name(document.name, "document.name"),
            paper_type=pick.paper_type or paper_type_of(document),
        )
    except InvalidInput as error:
        raise WrongState(Reason.CASE_UNREADABLE, f"卷宗文书无法引入：{error.message}") from error
    return spec, first.data


def paper_type_of(document: case_pb2.DossierDocument) -> PaperType:
    """Return the type that the dossier states; 其他材料 where it states none that this version knows."""
    try:
        return PAPER_TYPES.from_proto(document.paper_type, "paper_type")
    except DomainError:
        return PaperType.OTHER


async def _data(head: bytes, pieces: Pieces) -> AsyncIterator[bytes]:
    if head:
        yield head
    async for piece in pieces:
        if piece.data:
            yield piece.data
