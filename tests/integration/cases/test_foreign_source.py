"""A case source that is not ours: codes and messages without details, no cursor, pieces cut its own way."""

import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from xiezhi.v1 import case_pb2
from xiezhi.v1 import case_source_pb2 as pb
from xiezhi.v1.case_source_pb2_grpc import CaseSourceServicer, add_CaseSourceServicer_to_server
from xiezhi_adapters.program import make_certificate
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_domain.errors import DomainError
from xiezhi_domain.events.ids import uuid7
from xiezhi_journal.journal import Journal
from xiezhi_journal.migrate import upgrade
from xiezhi_node.cases.dossier import Dossier, Pick, Target
from xiezhi_node.cases.source import CaseSource, SourceAddress
from xiezhi_wire.tls import ServerMaterial, server_credentials

PAPER = b"%PDF-1.4 " + b"x" * 1000
CODES = {
    "UNKNOWN_CASE": grpc.StatusCode.NOT_FOUND,
    "CASE_UNREADABLE": grpc.StatusCode.FAILED_PRECONDITION,
    "CASE_SOURCE_AWAY": grpc.StatusCode.INTERNAL,
}


class Foreign(CaseSourceServicer):
    """Answers with a code, or with one paper whose first piece has bytes already."""

    sha256 = hashlib.sha256(PAPER).digest()

    async def GetCase(self, request: Any, context: Any) -> Any:  # noqa: N802  named by the contract
        await context.abort(CODES[request.case_number], "第 3 行有误")

    async def FetchDocument(self, request: Any, _context: Any) -> AsyncIterator[Any]:  # noqa: N802  likewise
        document = case_pb2.DossierDocument(name="裁定书.pdf", size=len(PAPER), sha256=self.sha256)
        content = PAPER[request.offset :]
        yield pb.CaseSourceFetchDocumentResponse(document=document, data=content[:10])
        yield pb.CaseSourceFetchDocumentResponse(data=content[10:])


@asynccontextmanager
async def served(servicer: CaseSourceServicer, folder: Path) -> AsyncIterator[CaseSource]:
    authority = make_certificate(folder, ("127.0.0.1",), time.time_ns() // 1_000_000)
    server = grpc.aio.server()
    add_CaseSourceServicer_to_server(servicer, server)
    material = ServerMaterial(folder / "chain.pem", folder / "key.pem")
    port = server.add_secure_port("127.0.0.1:0", server_credentials(material, require_client=False))
    await server.start()
    source = CaseSource(SourceAddress(f"127.0.0.1:{port}", authority, "token", 10.0))
    try:
        yield source
    finally:
        await source.close()
        await server.stop(0)


@pytest.mark.parametrize("reason", CODES)
async def test_a_bare_code_is_told_in_chinese(tmp_path: Path, reason: str) -> None:
    async with served(Foreign(), tmp_path / "tls") as source:
        with pytest.raises(DomainError) as refused:
            await source.get_case(reason)
    assert refused.value.reason == reason
    assert ("第 3 行有误" in refused.value.message) == (reason == "CASE_UNREADABLE")


async def test_bytes_in_the_first_piece_are_kept_and_a_wrong_hash_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    upgrade(url)
    journal = Journal(url, court="苏0505")
    journal.start()
    documents = Documents(journal, FileStorage(tmp_path / "documents"))
    foreign = Foreign()
    try:
        async with served(foreign, tmp_path / "tls") as source:
            dossier = Dossier(journal, source, documents)
            [document] = await dossier.attach(_target(1), [Pick("1", None)])
            assert (document.sha256, document.size) == (Foreign.sha256, len(PAPER))
            foreign.sha256 = bytes(32)
            with pytest.raises(DomainError) as refused:
                await dossier.attach(_target(2), [Pick("1", None)])
            assert refused.value.reason == "DOCUMENT_HASH_MISMATCH"
    finally:
        journal.close()


async def test_without_a_source_the_manual_form_is_named() -> None:
    with pytest.raises(DomainError, match="手工登记案件"):
        await CaseSource(None).get_case("（2026）苏0505执1号")


def _target(number: int) -> Target:
    return Target(uuid7(1_767_225_600_000 + number, bytes(10)), "（2026）苏0505执1号", "judge")
