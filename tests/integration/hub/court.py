"""A court as the hub sees it: its keys, the events that it signs, its certificate, its calls."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.integration.wire.pki import dial

from xiezhi.v1 import (
    document_pb2,
    enrolment_service_pb2_grpc,
    event_pb2,
    link_service_pb2,
    link_service_pb2_grpc,
)
from xiezhi.v1 import document_service_pb2 as documents
from xiezhi.v1 import enrolment_service_pb2 as enrolment
from xiezhi.v1.document_service_pb2_grpc import DocumentServiceStub
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.events.header import Base, Header, Seen, encode_header, header_hash
from xiezhi_domain.events.ids import stream_id, uuid7
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.evidence.push import sign_push
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_journal.journal import system_clock
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.proofs import body_commitment, encode_push
from xiezhi_link.feed_entry import FeedEntry
from xiezhi_wire.certificates import create_key, node_request
from xiezhi_wire.jointoken import JoinToken, decode
from xiezhi_wire.tls import ClientMaterial

HUB_COURT, SENDER, RECEIVER = "苏05", "苏0591", "苏0508"
ORIGIN = "hub.su05.example/xiezhi"
DAY_MS = 86_400_000


def new_key() -> SigningKey:
    return SigningKey._of(Ed25519PrivateKey.generate())


def case_body(number: int, documents: Sequence[bytes] = ()) -> event_pb2.Body:
    """The body of an order, with the documents that it names."""
    body = event_pb2.Body()
    prose = event_pb2.Prose(text=f"（2026）苏0591执{number}号")
    body.parts.add(name="prose", salt=os.urandom(32), content=prose.SerializeToString())
    if documents:
        named = event_pb2.DocumentList()
        for sha256 in documents:
            named.documents.add(sha256=sha256, name="委托函.pdf", size=8)
        body.parts.add(name="documents", salt=os.urandom(32), content=named.SerializeToString())
    return body


class Court:
    """One court with keys of its own."""

    def __init__(self, code: str, directory: Path) -> None:
        self.code = code
        self.event_key, self.cosign_key = new_key(), new_key()
        self.directory = directory / code
        self.directory.mkdir(parents=True)
        self.tls_key = create_key(self.directory / "tls.key")
        self.position = 0
        self.joined_with: list[event_pb2.EventRecord] = []

    # --- Events ------------------------------------------------------------------------------------------------------

    def sign(self, *events: tuple[Header, event_pb2.Body]) -> list[StoredEvent]:
        """Events of one commit of this court, as they travel."""
        headers = [encode_header(header) for header, _ in events]
        key = self.event_key
        proofs = sign_push(self.code, key.key_id, self.position + 1, headers, key.sign)
        self.position += len(headers)
        records = []
        for data, proof, (_, body) in zip(headers, proofs, events, strict=True):
            records.append(StoredEvent(header=data, push=encode_push(proof), body=body.SerializeToString()))
        return records

    def header(
        self, kind: str, instruction: str, to: str, base: Base, facts: dict, body: event_pb2.Body, at: int = 0
    ) -> Header:
        issued = kind == "Issued"
        at = at or system_clock()
        return Header(
            id=uuid7(at, os.urandom(10)),
            instruction=instruction,
            kind=kind,
            sender=self.code,
            to=to,
            base=base,
            seen=Seen(ORIGIN),
            at=at,
            key=self.event_key.key_id,
            body=body_commitment(body),
            facts=facts,
            hub=ORIGIN if issued else "",
            rulebook=shipped_rulebook().hash if issued else "",
        )

    def key_events(self) -> list[event_pb2.EventRecord]:
        """The events with which this court joins."""
        body, base, headers = event_pb2.Body(), Base(), []
        for purpose, key in (("EVENT", self.event_key), ("COSIGN", self.cosign_key)):
            facts = {"purpose": purpose, "key": key.key_id, "public": format_base64(key.public_key)}
            header = self.header("KeyAdded", stream_id(self.code), HUB_COURT, base, facts, body)
            base = Base(header.id, base.seq + 1, header_hash(encode_header(header)))
            headers.append((header, body))
        return [unpacked(record) for record in self.sign(*headers)]

    def issue(
        self, to: str, number: int = 1, *, lane: int = 2, documents: Sequence[bytes] = (), at: int = 0
    ) -> StoredEvent:
        """An order to find a person."""
        at = at or system_clock()
        body = case_body(number, documents)
        facts = {
            "kind": "FIND",
            "number": f"{self.code}委〔2026〕{number}号",
            "lane": lane,
            "urgent": False,
            "limit_days": 7,
            "due": at + 7 * DAY_MS,
            "role": "CENTRE_OFFICER",
            "items": [[1, "LOCATE_PERSON"]],
            "papers": {"ENTRUSTMENT_LETTER": 1},
            "documents": len(documents),
        }
        return self.begin(to, facts, body, at=at)

    def begin(self, to: str, facts: dict, body: event_pb2.Body | None = None, *, at: int = 0) -> StoredEvent:
        """The first event of a matter with these *facts*."""
        told, instruction = body or event_pb2.Body(), uuid7(system_clock(), os.urandom(10))
        [record] = self.sign((self.header("Issued", instruction, to, Base(), facts, told, at), told))
        return record

    def follow(
        self, kind: str, before: StoredEvent, to: str, facts: dict | None = None, *, at: int = 0
    ) -> StoredEvent:
        """An event that builds on another one; *at* is the time that the court claims."""
        base = base_on(before)
        body = event_pb2.Body()
        header = self.header(kind, instruction_of(before), to, base, facts or {}, body, at)
        [record] = self.sign((header, body))
        return record

    # --- Calls -------------------------------------------------------------------------------------------------------

    def material(self, authority: Path) -> ClientMaterial:
        return ClientMaterial(authority, self.directory / "tls.pem", self.directory / "tls.key")

    def join_request(self, token: JoinToken) -> enrolment.JoinRequest:
        return enrolment.JoinRequest(
            token_secret=token.secret,
            certificate_request=node_request(self.tls_key, self.code),
            key_events=self.key_events(),
        )

    async def join(self, text: str, authority: Path) -> enrolment.JoinResponse:
        """Join with a printed token, anew with the events of before, and keep the certificate."""
        token = decode(text)
        async with joining(token, authority) as channel:
            stub = enrolment_service_pb2_grpc.EnrolmentServiceStub(channel)
            await stub.Greet(enrolment.GreetRequest(token_secret=token.secret))
            request = self.join_request(token)
            if self.joined_with:
                request.ClearField("key_events")
                request.key_events.extend(self.joined_with)
            answer = await stub.Join(request)
        self.joined_with = [*request.key_events]
        (self.directory / "tls.pem").write_bytes(answer.certificate_chain)
        return answer

    def connect(self, port: int, authority: Path) -> grpc.aio.Channel:
        return dial(self.material(authority), port)


def joining(token: JoinToken, authority: Path) -> grpc.aio.Channel:
    return dial(ClientMaterial(authority), int(token.address.rpartition(":")[2]))


async def upload(channel: grpc.aio.Channel, instruction: str, content: bytes) -> None:
    """Bring a document for a matter."""
    stub = DocumentServiceStub(channel)
    document = document_pb2.Document(
        sha256=hashlib.sha256(content).digest(),
        size=len(content),
        name="委托函.pdf",
        paper_type=document_pb2.PAPER_TYPE_ENTRUSTMENT_LETTER,
    )
    place = await stub.StartUpload(
        documents.StartUploadRequest(instruction_id=instruction, document=document)
    )
    piece = documents.UploadDocumentRequest(upload_id=place.upload_id, data=content)
    await stub.UploadDocument(iter([piece]))


def unpacked(record: StoredEvent) -> event_pb2.EventRecord:
    """The event as other services than the link carry it."""
    return event_pb2.EventRecord.FromString(record.SerializeToString())


def instruction_of(record: StoredEvent) -> str:
    return header_of(record).instruction


def header_of(record: StoredEvent | FeedEntry) -> Header:
    from xiezhi_domain.events.header import decode_header

    return decode_header(record.header)


def base_on(record: StoredEvent, seq: int = 1) -> Base:
    return Base(header_of(record).id, seq, header_hash(record.header))


class Link:
    """A court's stream to the hub, spoken by hand."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._call = link_service_pb2_grpc.LinkServiceStub(channel).Connect()

    async def hello(self, **said: object) -> link_service_pb2.Welcome:
        values = {"protocol_version": 1, "clock_ms": system_clock(), **said}
        await self.send(hello=link_service_pb2.Hello(**values))  # type: ignore[arg-type]  # as the test says
        return (await self.receive()).welcome

    async def send(self, **frame: object) -> None:
        await self._call.write(link_service_pb2.ConnectRequest(**frame))  # type: ignore[arg-type]  # likewise

    async def receive(self) -> link_service_pb2.ConnectResponse:
        """The next frame; checkpoints to cosign, which come whenever nothing else does, are left aside."""
        while True:
            answer = await self.receive_any()
            if answer.WhichOneof("frame") != "checkpoint":
                return answer

    async def receive_any(self) -> link_service_pb2.ConnectResponse:
        """The next frame."""
        answer = await self._call.read()
        if answer is grpc.aio.EOF:
            raise AssertionError(f"the hub left: {await self._call.code()} {await self._call.details()}")
        return answer

    async def push(self, *records: StoredEvent) -> None:
        await self.send(push=link_service_pb2.Push(records=records))

    async def items(self, count: int) -> list[link_service_pb2.FeedItem]:
        """The next *count* feed items, acknowledged."""
        items: list[link_service_pb2.FeedItem] = []
        while len(items) < count:
            items += (await self.receive()).deliver.items
            cursors = {item.lane: item for item in items}.values()
            await self.send(
                ack=link_service_pb2.Ack(
                    cursors=[
                        link_service_pb2.FeedCursor(
                            lane=each.lane, feed_seq=each.feed_seq, item_hash=each.item_hash
                        )
                        for each in cursors
                    ]
                )
            )
        return items

    async def ended(self) -> grpc.StatusCode:
        """Wait until the hub ends the stream."""
        with suppress(grpc.aio.AioRpcError):
            while await self._call.read() is not grpc.aio.EOF:
                pass
        return await self._call.code()

    async def leave(self) -> None:
        await self._call.done_writing()
        await self.ended()
