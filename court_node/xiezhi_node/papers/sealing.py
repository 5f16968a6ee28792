"""Affixing the court's seal to a document of a matter, and checking seals once more."""

import hashlib
from functools import partial
from pathlib import PurePath
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import paper_service_pb2 as pb
from xiezhi_desk.documents.document import LONGEST_NAME, DocumentSpec, StoredDocument, check_sha256
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.examination import WorkshopExaminer
from xiezhi_desk.once import stored_answer
from xiezhi_desk.terms import SEAL_STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_journal.journal import Journal
from xiezhi_journal.ledger import RequestKey
from xiezhi_node.confidentiality import find_visible
from xiezhi_node.papers.letters import keep
from xiezhi_node.seat import Seat
from xiezhi_papers.seals.provider import SealProvider
from xiezhi_papers.seals.seals import PDF, CheckedSeal
from xiezhi_wire.caller import Caller

_SEALED: Final = "（已签章）"
LARGEST: Final = 50 * 1024 * 1024


class Sealing:
    """Seals and checks. The provider may be the court's own platform."""

    def __init__(
        self,
        journal: Journal,
        seat: Seat,
        documents: Documents,
        examiner: WorkshopExaminer,
        provider: SealProvider,
    ) -> None:
        self._journal = journal
        self._seat = seat
        self._documents = documents
        self._examiner = examiner
        self._provider = provider

    async def affix(
        self, request: pb.SealDocumentRequest, caller: Caller, key: RequestKey
    ) -> pb.SealDocumentResponse:
        """Return the sealed document, which stands beside the one without a seal.

        :raises NotFound: UNKNOWN_INSTRUCTION; UNKNOWN_DOCUMENT.
        :raises WrongState: DOCUMENT_TYPE_REFUSED or DOCUMENT_TOO_LARGE; SEAL_MISSING; DOCUMENT_BROKEN.
        """
        answered = await self._journal.read(partial(stored_answer, key=key))
        if answered is not None:
            return pb.SealDocumentResponse.FromString(answered)
        stored = await self._document(caller, request.instruction_id, request.sha256)
        if stored.media_type != PDF:
            raise WrongState(
                Reason.DOCUMENT_TYPE_REFUSED, "只能对 PDF 加盖电子签章，其他格式请在签章系统中签章后上传"
            )
        if stored.spec.size > LARGEST:
            raise WrongState(Reason.DOCUMENT_TOO_LARGE)
        content = await self._documents.content(stored.spec.sha256)
        sealed = await self._provider.affix(content, stored.spec.paper_type.zh)
        document = await keep(self._documents, _sealed_spec(stored.spec, sealed), sealed, caller)
        answer = pb.SealDocumentResponse(document=document).SerializeToString()
        return pb.SealDocumentResponse.FromString(await self._journal.write_once(key, lambda _: answer))

    async def check(self, request: pb.CheckSealRequest, caller: Caller) -> pb.CheckSealResponse:
        """Return what the seals of a document say now.

        :raises NotFound: UNKNOWN_INSTRUCTION; UNKNOWN_DOCUMENT.
        :raises Unavailable: it could not be looked at now.
        """
        stored = await self._document(caller, request.instruction_id, request.sha256)
        path = await self._documents.path(stored.spec.sha256)
        checked = await self._examiner.seals(path, stored.media_type)
        return pb.CheckSealResponse(
            state=SEAL_STATES.to_proto(checked.state), seals=[_seal(seal) for seal in checked.seals]
        )

    async def _document(self, caller: Caller, instruction: str, sha256: bytes) -> StoredDocument:
        identifier = check_uuid7(instruction, "instruction_id")
        check_sha256(sha256, "sha256")

        def look(connection: Connection) -> None:
            find_visible(connection, caller, self._seat.rulebook, identifier)

        await self._journal.read(look)
        return await self._documents.get(identifier, sha256)


def _sealed_spec(spec: DocumentSpec, content: bytes) -> DocumentSpec:
    stem = PurePath(spec.name).stem[: LONGEST_NAME - len(_SEALED) - len(".pdf")]
    digest = hashlib.sha256(content).digest()
    return DocumentSpec(spec.instruction, digest, len(content), f"{stem}{_SEALED}.pdf", spec.paper_type)


def _seal(seal: CheckedSeal) -> pb.Seal:
    message = pb.Seal(state=SEAL_STATES.to_proto(seal.state), signer=seal.signer)
    if seal.claimed_at:
        message.claimed_at.CopyFrom(to_timestamp(seal.claimed_at))
    return message
