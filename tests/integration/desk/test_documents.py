"""Documents over real gRPC: pieces, resuming, checks, who may, what is told."""

import asyncio
import hashlib
import os
import threading
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from sqlalchemy import insert, select
from tests.integration.desk.desk import Clock, refusal, serving

from xiezhi.v1 import document_pb2, document_service_pb2, document_service_pb2_grpc
from xiezhi.v1 import document_service_pb2 as pb
from xiezhi_desk.access import AccessFilter, read_accesses
from xiezhi_desk.documents import store
from xiezhi_desk.documents.collect import KEPT_MS
from xiezhi_desk.documents.document import ACCEPTED, DocumentSpec, Limits
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_desk.documents.service import DocumentCaller, DocumentService
from xiezhi_domain.errors import Conflict, NotFound, Reason
from xiezhi_domain.events.ids import uuid7
from xiezhi_domain.terms import PaperType, Role
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_wire.call import Call
from xiezhi_wire.caller import AnyCaller, Caller
from xiezhi_wire.listener import Service
from xiezhi_wire.peer import PeerCertificate

PIECE = 100_000
PDF = b"%PDF-1.7\n" + os.urandom(400_000)
MINE = uuid7(1_800_000_000_000, bytes(10))
THEIRS = uuid7(1_800_000_000_000, bytes([1] * 10))
JUDGE = Caller("judge", "测试法官", "苏0508", frozenset({Role.JUDGE}))
OTHER = Caller("other", "别的法官", "苏0508", frozenset({Role.JUDGE}))
NODE = PeerCertificate("苏0581", "01", 1 << 50)
CALLERS: dict[str | None, AnyCaller] = {"judge": JUDGE, "other": OTHER, "node": NODE}


async def by_name(call: Call) -> AnyCaller | None:
    return CALLERS.get(call.metadata("x-caller"))


@dataclass
class Rights:
    """Who works on which instruction."""

    of: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.of = {MINE: {"judge", "苏0581"}, THEIRS: {"other"}}

    def _has(self, caller: DocumentCaller, instruction_id: str) -> bool:
        name = caller.account_id if isinstance(caller, Caller) else caller.court
        return name in self.of.get(instruction_id, ())

    async def may_read(self, caller: DocumentCaller, instruction_id: str, sha256: bytes) -> bool:
        return self._has(caller, instruction_id)

    async def may_write(self, caller: DocumentCaller, instruction_id: str) -> bool:
        return self._has(caller, instruction_id)


def described(data: bytes, **changes: Any) -> document_pb2.Document:
    said = {
        "sha256": hashlib.sha256(data).digest(),
        "name": "裁定书.pdf",
        "size": len(data),
        "paper_type": document_pb2.PAPER_TYPE_RULING,
    }
    return document_pb2.Document(**(said | changes))


def pieces(upload_id: str, data: bytes, offset: int = 0) -> Iterable[pb.UploadDocumentRequest]:
    yield pb.UploadDocumentRequest(upload_id=upload_id, offset=offset, data=data[offset : offset + PIECE])
    for at in range(offset + PIECE, len(data), PIECE):
        yield pb.UploadDocumentRequest(offset=at, data=data[at : at + PIECE])


@dataclass
class Desk:
    journal: Journal
    clock: Clock
    storage: FileStorage
    documents: Documents
    rights: Rights
    stub: document_service_pb2_grpc.DocumentServiceStub
    free: list[int]

    async def start(
        self, document: document_pb2.Document, *, who: str = "judge", instruction: str = MINE
    ) -> pb.StartUploadResponse:
        request = pb.StartUploadRequest(instruction_id=instruction, document=document)
        return await self.stub.StartUpload(request, metadata=(("x-caller", who),))

    async def send(
        self, messages: Iterable[pb.UploadDocumentRequest], who: str = "judge"
    ) -> document_pb2.Document:
        answer = await self.stub.UploadDocument(iter(messages), metadata=(("x-caller", who),))
        return answer.document

    async def send_when_free(self, place: pb.StartUploadResponse, data: bytes) -> document_pb2.Document:
        """Sends again while the server has not let go of a broken stream and says so."""
        while True:
            messages = pieces(place.upload_id, data, place.offset)
            call = self.stub.UploadDocument(iter(messages), metadata=(("x-caller", "judge"),))
            if await call.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                return (await call).document
            await asyncio.sleep(0.01)

    async def bring(self, data: bytes, who: str = "judge", instruction: str = MINE) -> document_pb2.Document:
        place = await self.start(described(data), who=who, instruction=instruction)
        return await self.send(pieces(place.upload_id, data, place.offset), who)

    async def fetch(
        self,
        data: bytes,
        *,
        who: str = "judge",
        instruction: str = MINE,
        offset: int = 0,
        purpose: str = "办案",
    ) -> tuple[document_pb2.Document, bytes]:
        request = pb.DownloadDocumentRequest(
            instruction_id=instruction, sha256=hashlib.sha256(data).digest(), offset=offset, purpose=purpose
        )
        call = self.stub.DownloadDocument(request, metadata=(("x-caller", who),))
        answers = [answer async for answer in call]
        return answers[0].document, b"".join(answer.data for answer in answers)

    async def rows(self, table: Any) -> list[Any]:
        return await self.journal.read(lambda connection: list(connection.execute(select(table))))


@pytest.fixture
async def desk(journal: Journal, clock: Clock, tmp_path: Path) -> AsyncIterator[Desk]:
    free = [1 << 40]
    storage = FileStorage(tmp_path / "documents", reserve=0, free=lambda _: free[0])
    limits = Limits({**ACCEPTED, "text/plain": 1_000})
    documents = Documents(journal, storage, limits)
    rights = Rights()
    service = Service(
        document_service_pb2.DESCRIPTOR.services_by_name["DocumentService"],
        document_service_pb2_grpc.add_DocumentServiceServicer_to_server,
        DocumentService(journal, documents, rights),
    )
    async with serving(journal, by_name, service) as channel:
        stub = document_service_pb2_grpc.DocumentServiceStub(channel)
        yield Desk(journal, clock, storage, documents, rights, stub, free)


async def test_there_and_back(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    assert (place.offset, place.present) == (0, False)
    document = await desk.send(pieces(place.upload_id, PDF))
    assert document.media_type == "application/pdf"
    assert document.stored_at.ToMilliseconds() == desk.clock.now
    described_again = described(
        PDF,
        media_type="application/pdf",
        stored_at=document.stored_at,
        seal_state=document_pb2.SEAL_STATE_UNCHECKED,
    )
    assert document == described_again
    assert await desk.fetch(PDF) == (document, PDF)
    assert await desk.fetch(PDF, offset=399_990) == (document, PDF[399_990:])
    assert await desk.fetch(PDF, offset=len(PDF)) == (document, b"")
    assert await desk.rows(tables.upload) == []
    assert await desk.documents.has(document.sha256)


async def test_the_same_document_twice_is_sent_once(desk: Desk) -> None:
    first = await desk.bring(PDF)
    desk.clock.now += 1
    again = await desk.start(described(PDF, name="另一个名字.pdf"))
    assert (again.upload_id, again.present) == ("", True)
    document, _ = await desk.fetch(PDF)
    assert document == first


async def test_a_court_brings_documents_as_a_node(desk: Desk) -> None:
    await desk.bring(PDF, who="node")
    [row] = await desk.rows(tables.document_of)
    assert (row.court, row.instruction) == ("苏0581", MINE)


async def test_what_other_instructions_have_is_not_told(desk: Desk) -> None:
    await desk.bring(PDF)
    desk.clock.now += 60_000
    place = await desk.start(described(PDF), who="other", instruction=THEIRS)
    assert (place.offset, place.present) == (0, False)
    unread = await refusal(desk.fetch(PDF, who="other", instruction=THEIRS))
    assert (unread.code, unread.reason) == (grpc.StatusCode.NOT_FOUND, Reason.UNKNOWN_DOCUMENT)
    theirs = await desk.send(pieces(place.upload_id, PDF), "other")
    assert theirs.stored_at.ToMilliseconds() == desk.clock.now
    assert (await desk.fetch(PDF))[1] == (await desk.fetch(PDF, who="other", instruction=THEIRS))[1] == PDF


async def test_who_does_not_work_on_a_matter_gets_nothing(desk: Desk) -> None:
    await desk.bring(PDF)
    for call in (desk.start(described(PDF), who="other"), desk.fetch(PDF, who="other")):
        told = await refusal(call)
        assert (told.code, told.reason) == (grpc.StatusCode.PERMISSION_DENIED, Reason.FORBIDDEN)
    assert (await refusal(desk.fetch(b"what nobody has", who="other"))).reason == Reason.FORBIDDEN
    assert (await refusal(desk.fetch(PDF, who="nobody"))).reason == Reason.SIGNED_OUT


async def test_an_upload_is_its_owners(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    for who in ("other", "node"):
        told = await refusal(desk.send(pieces(place.upload_id, PDF), who))
        assert told.code == grpc.StatusCode.NOT_FOUND
    desk.rights.of[MINE].remove("judge")
    told = await refusal(desk.send(pieces(place.upload_id, PDF)))
    assert told.code == grpc.StatusCode.PERMISSION_DENIED


async def test_a_broken_stream_is_taken_up_where_it_broke(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    call = desk.stub.UploadDocument(metadata=(("x-caller", "judge"),))
    sent = list(pieces(place.upload_id, PDF))
    for message in sent[:2]:
        await call.write(message)
    while desk.storage.received(place.upload_id) < 2 * PIECE:
        await asyncio.sleep(0.01)
    call.cancel()
    again = await desk.start(described(PDF))
    assert (again.upload_id, again.offset) == (place.upload_id, 2 * PIECE)
    document = await desk.send_when_free(again, PDF)
    assert (await desk.fetch(PDF)) == (document, PDF)


async def test_two_streams_do_not_write_one_upload(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    part = desk.storage.partial(place.upload_id)
    part.open()
    told = await refusal(desk.send(pieces(place.upload_id, PDF)))
    assert (told.code, told.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, Reason.RATE_LIMITED)
    assert told.retry_ms > 0
    part.close()
    await desk.send(pieces(place.upload_id, PDF))


async def test_a_stream_that_ends_early_can_go_on(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    told = await refusal(desk.send(list(pieces(place.upload_id, PDF))[:3]))
    assert (told.reason, told.metadata["offset"]) == (Reason.DOCUMENT_TRUNCATED, str(3 * PIECE))
    assert await desk.rows(tables.document_of) == []
    again = await desk.start(described(PDF))
    assert again.offset == 3 * PIECE
    await desk.send(pieces(again.upload_id, PDF, again.offset))


async def test_bytes_that_are_all_here_need_only_the_last_word(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    part = desk.storage.partial(place.upload_id)
    part.open()
    part.write(PDF)
    part.close()
    again = await desk.start(described(PDF))
    assert again.offset == len(PDF)
    await desk.send(pieces(again.upload_id, PDF, again.offset))
    assert (await desk.fetch(PDF))[1] == PDF


async def test_other_bytes_than_promised_begin_anew(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    forged = PDF[:-1] + bytes([PDF[-1] ^ 1])
    told = await refusal(desk.send(pieces(place.upload_id, forged)))
    assert (told.code, told.reason) == (grpc.StatusCode.DATA_LOSS, Reason.DOCUMENT_HASH_MISMATCH)
    assert not await desk.documents.has(hashlib.sha256(forged).digest())
    again = await desk.start(described(PDF))
    assert (again.upload_id, again.offset) == (place.upload_id, 0)
    await desk.send(pieces(again.upload_id, PDF))


async def test_a_promise_of_another_size_begins_anew(desk: Desk) -> None:
    place = await desk.start(described(PDF, size=3 * PIECE))
    await refusal(desk.send(list(pieces(place.upload_id, PDF))[:2]))
    shorter = await desk.start(described(PDF, size=PIECE))
    assert (shorter.upload_id, shorter.offset) == (place.upload_id, 0)
    right = await desk.start(described(PDF))
    await desk.send(pieces(right.upload_id, PDF, right.offset))


@pytest.mark.parametrize(
    ("offsets", "wanted"), [([1], 0), ([-1], 0), ([0, 0], PIECE), ([0, 2 * PIECE], PIECE), ([1 << 40], 0)]
)
async def test_a_piece_has_its_place(desk: Desk, offsets: list[int], wanted: int) -> None:
    place = await desk.start(described(PDF))
    messages = [
        pb.UploadDocumentRequest(upload_id=place.upload_id, offset=offset, data=PDF[:PIECE])
        for offset in offsets
    ]
    told = await refusal(desk.send(messages))
    assert (told.code, told.reason) == (grpc.StatusCode.OUT_OF_RANGE, Reason.OFFSET_OUT_OF_RANGE)
    assert told.metadata["offset"] == str(wanted)


async def test_more_than_was_promised_is_not_taken(desk: Desk) -> None:
    place = await desk.start(described(PDF, size=PIECE + 1))
    told = await refusal(desk.send(pieces(place.upload_id, PDF)))
    assert told.code == grpc.StatusCode.OUT_OF_RANGE
    assert desk.storage.received(place.upload_id) == PIECE


async def test_a_piece_is_at_most_a_mebibyte(desk: Desk) -> None:
    data = b"%PDF-1.7\n" + bytes(1024 * 1024)
    place = await desk.start(described(data))
    told = await refusal(desk.send([pb.UploadDocumentRequest(upload_id=place.upload_id, data=data)]))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ["data"])


@pytest.mark.parametrize("messages", [[], [pb.UploadDocumentRequest(data=b"%PDF-")]])
async def test_a_stream_says_first_what_it_is_for(
    desk: Desk, messages: list[pb.UploadDocumentRequest]
) -> None:
    assert (await refusal(desk.send(messages))).fields == ["upload_id"]


async def test_an_upload_that_nobody_began(desk: Desk) -> None:
    for upload_id in ("no such upload", "../../etc/passwd"):
        told = await refusal(desk.send(pieces(upload_id, PDF)))
        assert (told.code, told.reason) == (grpc.StatusCode.NOT_FOUND, Reason.UNKNOWN_DOCUMENT)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"sha256": b"short"}, "document.sha256"),
        ({"sha256": b""}, "document.sha256"),
        ({"size": 0}, "document.size"),
        ({"size": -1}, "document.size"),
        ({"name": ""}, "document.name"),
        ({"name": "../../etc/passwd"}, "document.name"),
        ({"name": "..\\裁定书.pdf"}, "document.name"),
        ({"name": ".."}, "document.name"),
        ({"name": "裁定书\u202efdp.exe"}, "document.name"),
        ({"name": "裁定书\n.pdf"}, "document.name"),
        ({"name": " 裁定书.pdf"}, "document.name"),
        ({"name": "长" * 256}, "document.name"),
        ({"paper_type": document_pb2.PAPER_TYPE_UNSPECIFIED}, "document.paper_type"),
        ({"paper_type": 999}, "document.paper_type"),
    ],
)
async def test_a_wrong_entry_names_its_field(desk: Desk, changes: dict[str, Any], wrong: str) -> None:
    told = await refusal(desk.start(described(PDF, **changes)))
    assert (told.code, told.fields) == (grpc.StatusCode.INVALID_ARGUMENT, [wrong])


@pytest.mark.parametrize("bad", ["", "../..", "6f0a3c1e-5a0e-5d7c-9c1b-7e3a1d9b0c55"])
async def test_an_instruction_id_is_a_uuid7(desk: Desk, bad: str) -> None:
    assert (await refusal(desk.start(described(PDF), instruction=bad))).fields == ["instruction_id"]
    assert (await refusal(desk.fetch(PDF, instruction=bad))).fields == ["instruction_id"]


async def test_what_is_too_large_is_not_begun(desk: Desk) -> None:
    told = await refusal(desk.start(described(PDF, size=2 << 30)))
    assert (told.code, told.reason) == (grpc.StatusCode.FAILED_PRECONDITION, Reason.DOCUMENT_TOO_LARGE)


async def test_what_is_too_large_for_its_type_or_of_none_is_thrown_away(desk: Desk) -> None:
    for data, reason in (
        (b"text " * 1_000, Reason.DOCUMENT_TOO_LARGE),
        (b"MZ\x00\x01" + os.urandom(1_000), Reason.DOCUMENT_TYPE_REFUSED),
    ):
        place = await desk.start(described(data))
        told = await refusal(desk.send(pieces(place.upload_id, data)))
        assert (told.code, told.reason) == (grpc.StatusCode.FAILED_PRECONDITION, reason)
        assert desk.storage.received(place.upload_id) == 0
        assert not await desk.documents.has(hashlib.sha256(data).digest())


async def test_a_full_disk_is_said_and_forgotten_when_there_is_room(desk: Desk) -> None:
    desk.free[0] = len(PDF) - 1
    told = await refusal(desk.start(described(PDF)))
    assert (told.code, told.reason) == (grpc.StatusCode.UNAVAILABLE, Reason.DISK_FULL)
    desk.free[0] = len(PDF)
    place = await desk.start(described(PDF))
    desk.free[0] = 0
    assert (await refusal(desk.send(pieces(place.upload_id, PDF)))).reason == Reason.DISK_FULL
    desk.free[0] = len(PDF)
    await desk.send(pieces(place.upload_id, PDF))


async def test_every_look_is_on_record_before_it_is_granted(desk: Desk) -> None:
    await desk.bring(PDF)
    await desk.fetch(PDF, purpose=" 核对裁定 ")
    desk.clock.now += 10
    await desk.fetch(PDF, who="node", purpose="", offset=5)
    await refusal(desk.fetch(PDF, who="other"))
    assert (await refusal(desk.fetch(PDF, purpose="长" * 201))).fields == ["purpose"]
    sha256 = hashlib.sha256(PDF).hexdigest()

    async def looks(limit: int = 10, before: int | None = None, **wanted: Any) -> list[Any]:
        query = AccessFilter(**wanted)
        return await desk.journal.read(
            lambda connection: list(read_accesses(connection, query, limit=limit, before=before))
        )

    [(last, by_node), (_, by_judge)] = await looks()
    assert (by_node.account, by_node.purpose, by_node.at) == ("苏0581", "", desk.clock.now)
    assert (by_judge.account, by_judge.purpose, by_judge.object) == ("judge", "核对裁定", sha256)
    assert by_judge.method == "DownloadDocument"
    assert [look for _, look in await looks(accounts=["judge"])] == [by_judge]
    assert [look for _, look in await looks(since=desk.clock.now)] == [by_node]
    assert [look for _, look in await looks(until=desk.clock.now)] == [by_judge]
    assert len(await looks(object=sha256)) == 2
    assert await looks(object="another") == []
    assert await looks(limit=1) == [(last, by_node)]
    assert [look for _, look in await looks(before=last)] == [by_judge]


@pytest.mark.parametrize("offset", [-1, len(PDF) + 1])
async def test_there_is_nothing_behind_the_end(desk: Desk, offset: int) -> None:
    await desk.bring(PDF)
    assert (await refusal(desk.fetch(PDF, offset=offset))).code == grpc.StatusCode.OUT_OF_RANGE


async def test_bytes_that_got_lost_can_be_brought_again(desk: Desk) -> None:
    document = await desk.bring(PDF)
    desk.storage.delete(document.sha256)
    assert not await desk.documents.has(document.sha256)
    assert (await refusal(desk.fetch(PDF))).reason == Reason.DOCUMENT_MISSING
    assert await desk.bring(PDF) == document
    assert (await desk.fetch(PDF))[1] == PDF


# --- For programs ----------------------------------------------------------------------------------------------------


def spec(data: bytes, instruction: str = MINE) -> DocumentSpec:
    return DocumentSpec(instruction, hashlib.sha256(data).digest(), len(data), "裁定书.pdf", PaperType.RULING)


async def chunks(data: bytes, *, until: int | None = None) -> AsyncIterator[bytes]:
    for at in range(0, len(data) if until is None else until, PIECE):
        yield data[at : at + PIECE]


async def test_a_program_stores_what_it_fetches(desk: Desk) -> None:
    wanted = spec(PDF)
    with pytest.raises(Conflict):
        await desk.documents.store_from(chunks(PDF, until=2 * PIECE), wanted, "hub", "苏05")
    offset = await desk.documents.received(wanted, "hub")
    assert offset == 2 * PIECE
    stored = await desk.documents.store_from(chunks(PDF[offset:]), wanted, "hub", "苏05")
    assert (stored.spec, stored.media_type) == (wanted, "application/pdf")
    assert await desk.documents.received(wanted, "hub") == len(PDF)
    assert await desk.documents.store_from(chunks(b""), wanted, "hub", "苏05") == stored
    assert await desk.documents.get(MINE, wanted.sha256) == stored
    with pytest.raises(NotFound):
        await desk.documents.get(THEIRS, wanted.sha256)
    read = [chunk async for chunk in desk.documents.chunks(wanted.sha256)]
    assert b"".join(read) == PDF


async def test_which_documents_an_instruction_lacks(desk: Desk) -> None:
    await desk.bring(PDF)
    await desk.bring(PDF + b"2")
    here, absent = spec(PDF).sha256, spec(b"absent").sha256
    for instruction, missing in ((MINE, [absent]), (THEIRS, [absent, here])):
        assert missing == await desk.journal.read(
            lambda connection, instruction=instruction: store.missing_documents(
                connection, instruction, [absent, here]
            )
        )
    listed = await desk.journal.read(lambda connection: store.list_documents(connection, MINE))
    assert {stored.spec.size for stored in listed} == {len(PDF), len(PDF) + 1}


def drafted(instruction: str) -> Any:
    columns = {"author": "judge", "state": "DRAFT", "order": b"", "approval": b"", "remark": ""}
    return lambda connection: connection.execute(
        insert(tables.draft), {"instruction": instruction, **columns}
    )


def aged(desk: Desk, data: bytes) -> None:
    """Makes a file look as old as the test's clock says."""
    seconds = desk.clock.now / 1_000 - 1
    os.utime(desk.storage._path(hashlib.sha256(data).digest()), (seconds, seconds))


async def test_what_nobody_names_goes_after_seven_days(desk: Desk) -> None:
    orphan, kept, young = PDF + b"orphan", PDF + b"kept", PDF + b"young"
    await desk.bring(orphan)
    await desk.bring(kept)
    await desk.journal.write(drafted(MINE))
    await desk.bring(orphan, "other", THEIRS)
    await desk.bring(young, "other", THEIRS)
    stale = await desk.start(described(PDF + b"never sent"))
    await refusal(desk.send(list(pieces(stale.upload_id, PDF))[:1]))
    for data in (orphan, kept, young):
        aged(desk, data)
    assert await desk.documents.collect_unreferenced(desk.clock.now + KEPT_MS - 1) == 0
    assert await desk.documents.collect_unreferenced(desk.clock.now + KEPT_MS + 1) == 1
    assert [await desk.documents.has(spec(data).sha256) for data in (orphan, kept, young)] == [
        True,
        True,
        False,
    ]
    assert desk.storage.received(stale.upload_id) == 0
    assert await desk.rows(tables.upload) == []
    assert (await desk.fetch(orphan))[1] == orphan


async def test_bytes_that_a_crash_left_without_a_row_go_too(desk: Desk) -> None:
    part = desk.storage.partial("6f0a3c1e-5a0e-5d7c-9c1b-7e3a1d9b0c55")
    part.open()
    part.write(PDF)
    part.publish()
    part.close()
    aged(desk, PDF)
    assert await desk.documents.collect_unreferenced(desk.clock.now + KEPT_MS) == 1
    assert not desk.storage.has(spec(PDF).sha256)


async def test_nothing_goes_while_somebody_brings_it_again(desk: Desk) -> None:
    await desk.bring(PDF, "other", THEIRS)
    aged(desk, PDF)
    desk.clock.now += KEPT_MS + 1
    place = await desk.start(described(PDF))
    assert await desk.documents.collect_unreferenced(desk.clock.now) == 0
    await desk.send(pieces(place.upload_id, PDF))
    assert (await desk.fetch(PDF))[1] == PDF


async def test_nothing_goes_during_a_backup(desk: Desk) -> None:
    await desk.bring(PDF, "other", THEIRS)
    aged(desk, PDF)
    late = desk.clock.now + KEPT_MS + 1
    with desk.storage.hold_deletions():
        assert await desk.documents.collect_unreferenced(late) == 0
        assert await desk.documents.has(spec(PDF).sha256)
    assert await desk.documents.collect_unreferenced(late) == 1


async def test_an_upload_taken_up_again_is_young(desk: Desk) -> None:
    place = await desk.start(described(PDF))
    await refusal(desk.send(list(pieces(place.upload_id, PDF))[:1]))
    desk.clock.now += KEPT_MS
    again = await desk.start(described(PDF))
    assert (again.upload_id, again.offset) == (place.upload_id, PIECE)
    await desk.documents.collect_unreferenced(desk.clock.now + 1)
    await desk.send(pieces(again.upload_id, PDF, again.offset))


async def test_one_who_gives_up_twice_lets_go_of_the_upload(desk: Desk) -> None:
    only_thread = ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(only_thread)
    waiting, release_thread = asyncio.Event(), threading.Event()

    async def stalled() -> AsyncIterator[bytes]:
        yield PDF[:PIECE]
        waiting.set()
        await asyncio.Event().wait()

    fetching = asyncio.create_task(desk.documents.store_from(stalled(), spec(PDF), "hub", "苏05"))
    await waiting.wait()
    busy = asyncio.get_running_loop().run_in_executor(None, release_thread.wait)
    for _ in range(2):
        fetching.cancel()
        await asyncio.sleep(0)
    release_thread.set()
    await busy
    with pytest.raises(asyncio.CancelledError):
        await fetching
    stored = await desk.documents.store_from(chunks(PDF[PIECE:]), spec(PDF), "hub", "苏05")
    assert stored.spec == spec(PDF)
