"""Events, rulings and evidence: what courts and hubs send each other, and what a verifier is given."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp
from tests.fuzz.decoder import Decoder, from_file, message
from tests.integration.journal.scene import KEYS, SENDER, issued_records
from tests.unit.evidence.signing import SigningKey, verify
from tests.unit.test_golden_bytes import (
    ACCEPTED_TEXT,
    COMPLETED_TEXT,
    ISSUED_TEXT,
    KEY_EVENT_FACTS,
    KEY_EVENT_TEXT,
    KEY_EVENTS,
    PUSH_SIGNATURE,
    REFUSED_TEXT,
)

from xiezhi.v1 import document_pb2, event_pb2, item_pb2, link_service_pb2
from xiezhi_client.sdk.records.event import Body, BodyPart
from xiezhi_client.verify.files import parse_receipt, read_copy, verified_file
from xiezhi_client.verify.journal_copy import read_published
from xiezhi_client.verify.log_tree import open_checkpoint
from xiezhi_client.verify.part import check_part, parse_part, show_part, words_of
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.printed import attached_receipt
from xiezhi_client.verify.receipt import check_receipt, verify_proof
from xiezhi_client.verify.signatures import is_signed
from xiezhi_desk import bodies
from xiezhi_domain.events.canonical_json import decode_canonical, encode_canonical
from xiezhi_domain.events.header import decode_header, encode_header
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.events.ruling import decode_entry, decode_ruling, encode_entry, encode_ruling
from xiezhi_domain.evidence.canonical import parse_base64, parse_decimal, parse_hash
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.cosignature import cosign, open_cosignatures, split_timestamp
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_domain.evidence.merkle import CompactRange, leaf_hash, root_of
from xiezhi_domain.evidence.misconduct import Misconduct
from xiezhi_domain.evidence.note import Note, NoteSignature, VerifierKey, open_note, sign
from xiezhi_domain.evidence.receiptcode import ReceiptCode
from xiezhi_domain.evidence.tilefiles import (
    decode_bundle,
    decode_tile,
    encode_bundle,
    encode_tile,
    parse_path,
)
from xiezhi_domain.evidence.tlogproof import TlogProof
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.keyring import CourtKey, KeyFacts, Keyring, Purpose
from xiezhi_domain.terms import LogFault
from xiezhi_hub.ruling.check import PushChecker
from xiezhi_journal.proofs import body_parts, decode_body, decode_push, documents_of
from xiezhi_node.ordering.convert import ORDER_PART, read_order
from xiezhi_node.taking.check import FeedChecker
from xiezhi_papers.receipts.paper import ReceiptPaper
from xiezhi_papers.receipts.pdf import receipt_pdf_of

LOG, WITNESS = SigningKey("log.example/hub", 1), SigningKey("court", 2)
TRUSTED = TrustedLog(LOG.name, (LOG.log_key,), (WITNESS.witness_key,))
LEAVES = [leaf_hash(bytes([number])) for number in range(5)]
HEADERS = [text.encode() for text in (ISSUED_TEXT, COMPLETED_TEXT)]
KEY_HEADERS = [
    KEY_EVENT_TEXT.replace("FACTS", facts)
    .replace("KIND", kind)
    .replace("SIGNER", KEY_EVENTS[kind].key)
    .encode()
    for kind, facts in KEY_EVENT_FACTS.items()
]
RULINGS = [text.encode() for text in (ACCEPTED_TEXT, REFUSED_TEXT)]
ENTRIES = [encode_entry(header, RULINGS[0]) for header in (*HEADERS, *KEY_HEADERS)]

SAVED = Path(__file__).parents[1] / "unit" / "client" / "saved"
PINS = Pins.load(SAVED / "pins.json")
RECEIPTS = [(SAVED / name).read_bytes() for name in ("issued.receipt", "completed.receipt")]
RECEIPT = parse_receipt(RECEIPTS[0])
_PROOF = RECEIPT.tlog_proof
_RECORD = RECEIPT.record
assert _RECORD is not None


def _note(text: str) -> Note:
    checkpoint = Checkpoint.parse(text)
    lines = (
        sign(text, LOG.name, LOG.log_key.key_id, LOG.sign),
        cosign(checkpoint, WITNESS.witness_key, 7, WITNESS.sign),
    )
    return Note(text, lines)


def _checkpoint(size: int) -> str:
    return Checkpoint(LOG.name, size, root_of(LEAVES[:size])).format()


def _body() -> event_pb2.Body:
    documents = event_pb2.DocumentList(documents=[document_pb2.Document(sha256=bytes(32), name="委托函.pdf")])
    parts = [
        event_pb2.BodyPart(name="documents", salt=bytes(32), content=documents.SerializeToString()),
        event_pb2.BodyPart(
            name="prose", salt=bytes(32), content=event_pb2.Prose(text="办").SerializeToString()
        ),
        event_pb2.BodyPart(name="subject/1", erased_hash=bytes(32)),
    ]
    return event_pb2.Body(parts=parts)


def _read_order(data: bytes) -> object:
    body = decode_body(data)
    return [MessageToDict(each) for each in (read_order("FIND", body), *bodies.outcomes_of(body))]


def _journal() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "journal.db")
        with closing(sqlite3.connect(path)) as database:
            database.executescript("CREATE TABLE rulebook (content); CREATE TABLE calendar (content)")
        return path.read_bytes()


def _tree() -> bytes:
    tree = CompactRange()
    for leaf in LEAVES:
        tree.append(leaf)
    return tree.encode()


def _receipt_page() -> bytes:
    paper = ReceiptPaper(
        title="存证回执",
        rows=(("步骤", "推送委托"),),
        code=_CODE.format(),
        notes=("内附回执",),
        attachment_name="issued.receipt",
        attachment=RECEIPTS[0],
        timestamp=1_767_225_600,
    )
    return receipt_pdf_of(paper)


_TREE_HEAD = check_receipt(RECEIPT, PINS)
_CODE = ReceiptCode(
    _TREE_HEAD.checkpoint.origin,
    _TREE_HEAD.log_index,
    _TREE_HEAD.leaf,
    _TREE_HEAD.checkpoint.size,
    _TREE_HEAD.checkpoint.root,
)
# Of a body that the receipt does not speak of: every step of the check is taken but the last.
PART = show_part(RECEIPT, Body(parts=(BodyPart(name="prose", salt=bytes(32)),)), "prose")
PART_BYTES = PART.to_proto().SerializeToString()
OUTCOME = item_pb2.ItemOutcome(number=1, note="已办", done_at=Timestamp(seconds=1_767_225_600))
OUTCOMES = event_pb2.OutcomeList(outcomes=[OUTCOME]).SerializeToString()
ITEM = item_pb2.Item(number=1, scope="查找下落")
ORDERED = event_pb2.Body(
    parts=[
        event_pb2.BodyPart(name="outcomes", salt=bytes(32), content=OUTCOMES),
        event_pb2.BodyPart(name="item/1", salt=bytes(32), content=ITEM.SerializeToString()),
        event_pb2.BodyPart(name=ORDER_PART, salt=bytes(32), content=b""),
    ]
).SerializeToString()
_ENTRY = encode_entry(_RECORD.header, _RECORD.ruling)
NOTES = [_note(_checkpoint(size)).format() for size in (3, 5)]
SIGNATURES = [line.format() for line in _note(_checkpoint(3)).signatures]
MISCONDUCT = Misconduct(LogFault.SHRUNK, NOTES[1], NOTES[0], (), "苏0591", 1_767_225_600_000).format()
PUSH = event_pb2.PushProof(
    court="苏0591",
    key_id="0198fab62768c543eb331762a8651c2d",
    first_position=41,
    count=2,
    root=LEAVES[0],
    signature=bytes.fromhex(PUSH_SIGNATURE),
    index=1,
    path=[LEAVES[1]],
).SerializeToString()
_KEY = KEYS[SENDER]
_KEYRING = Keyring({_KEY.key_id: CourtKey(SENDER, _KEY.key_id, Purpose.EVENT, _KEY.public_key, 0)})
PUSHED = [record.SerializeToString() for record in issued_records(2)]
DELIVERED = [
    link_service_pb2.FeedItem(
        lane=1, feed_seq=1, record=link_service_pb2.StoredEvent(ruling=RULINGS[0], log_index=4)
    )
]
for _item, _pushed in zip(DELIVERED, PUSHED, strict=False):
    _item.record.MergeFromString(_pushed)


def _check_pushed(data: bytes) -> object:
    return PushChecker(SENDER, _KEYRING).check(message(link_service_pb2.StoredEvent, data))


def _check_delivered(data: bytes) -> object:
    return FeedChecker(_KEYRING).check(message(link_service_pb2.FeedItem, data))


def _verified(data: bytes, name: str = "a.receipt") -> object:
    return from_file(lambda path: verified_file(path, PINS), name)(data)


EVIDENCE: Final = (
    Decoder(
        decode_canonical, HEADERS, call=lambda data: decode_canonical(data, "测试"), write=encode_canonical
    ),
    Decoder(decode_header, [*HEADERS, *KEY_HEADERS], write=encode_header),
    Decoder(KeyFacts.of, KEY_HEADERS, call=lambda data: KeyFacts.of(decode_header(data))),
    Decoder(decode_ruling, RULINGS, write=encode_ruling),
    Decoder(decode_entry, ENTRIES, write=lambda parts: encode_entry(*parts)),
    Decoder(decode_push, [PUSH]),
    Decoder(decode_body, [_body().SerializeToString()], write=lambda body: body.SerializeToString()),
    Decoder(body_parts, [_body().SerializeToString()], call=lambda data: body_parts(decode_body(data))),
    Decoder(documents_of, [_body().SerializeToString()]),
    Decoder(check_uuid7, [_TREE_HEAD.header.id], call=lambda text: check_uuid7(text, "id")),
    Decoder(parse_base64, ["AAAA", "AAA="], call=lambda text: parse_base64(text, "测试")),
    Decoder(parse_hash, ["A" * 43 + "="], call=lambda text: parse_hash(text, "测试")),
    Decoder(parse_decimal, ["0", "12345"], call=lambda text: parse_decimal(text, "测试"), write=str),
    Decoder(Checkpoint.parse, [_checkpoint(3), _checkpoint(5)], write=Checkpoint.format),
    Decoder(split_timestamp, [bytes(72)], write=lambda parts: parts[0].to_bytes(8, "big") + parts[1]),
    Decoder(KeyId.parse, ["0198fab62768c543eb331762a8651c2d"], write=KeyId.format),
    Decoder(CompactRange.decode, [_tree(), CompactRange().encode()], write=CompactRange.encode),
    Decoder(
        NoteSignature.parse,
        [line.format() for line in _note(_checkpoint(3)).signatures],
        write=NoteSignature.format,
    ),
    Decoder(Note.parse, NOTES, write=Note.format),
    Decoder(
        VerifierKey.parse, [LOG.log_key.format(), WITNESS.witness_key.format()], write=VerifierKey.format
    ),
    Decoder(open_note, NOTES, call=lambda data: open_note(data, [LOG.log_key], verify)),
    Decoder(
        open_cosignatures,
        NOTES,
        call=lambda data: open_cosignatures(Note.parse(data), [WITNESS.witness_key], verify),
    ),
    Decoder(TrustedLog.open, NOTES, call=lambda data: TRUSTED.open(data, is_signed)),
    Decoder(open_checkpoint, NOTES, call=lambda data: open_checkpoint(data, TRUSTED)),
    Decoder(ReceiptCode.parse, [_CODE.format()]),
    Decoder(parse_path, ["tile/0/x001/234", "tile/entries/000.p/7"], write=lambda file: file.path),
    Decoder(decode_tile, [b"".join(LEAVES[:3])], call=lambda data: decode_tile(data, 3), write=encode_tile),
    Decoder(
        decode_bundle,
        [encode_bundle(ENTRIES[:3])],
        call=lambda data: decode_bundle(data, 3),
        write=encode_bundle,
    ),
    Decoder(TlogProof.parse, [_PROOF, RECEIPT.key_tlog_proof], write=TlogProof.format),
    Decoder(Misconduct.parse, [MISCONDUCT]),
    Decoder(
        Misconduct.examine, [MISCONDUCT], call=lambda data: Misconduct.parse(data).examine(TRUSTED, verify)
    ),
    Decoder(PushChecker.check, PUSHED, call=_check_pushed),
    Decoder(FeedChecker.check, [item.SerializeToString() for item in DELIVERED], call=_check_delivered),
    Decoder(parse_receipt, RECEIPTS),
    Decoder(check_receipt, RECEIPTS, call=lambda data: check_receipt(parse_receipt(data), PINS)),
    Decoder(attached_receipt, [_receipt_page()]),
    Decoder(verified_file, [*RECEIPTS, _receipt_page()], call=_verified),
    Decoder(verify_proof, [_PROOF], call=lambda data: verify_proof(data, _ENTRY, PINS)),
    Decoder(parse_part, [PART_BYTES]),
    Decoder(check_part, [PART_BYTES], call=lambda data: check_part(parse_part(data), PINS), good=False),
    Decoder(words_of, [OUTCOMES], call=lambda data: words_of(BodyPart(name="outcomes", content=data))),
    Decoder(read_order, [ORDERED], call=_read_order),
    Decoder(read_published, [_journal()], call=from_file(read_published)),
    Decoder(Pins.load, [(SAVED / "pins.json").read_bytes()], call=from_file(Pins.load)),
    Decoder(read_copy, [(SAVED / "sender.json").read_bytes()], call=from_file(read_copy)),
)
