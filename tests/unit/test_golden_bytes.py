"""The bytes of ADR 0001, pinned, and rebuilt by the few lines that its reader would write (`plain_*`)."""

import base64
import hashlib
import json
import uuid

import pytest
from tests.unit.evidence.signing import SigningKey

from xiezhi_domain.events.feed import FIRST, feed_item_hash
from xiezhi_domain.events.header import (
    Base,
    Header,
    Seen,
    decode_header,
    encode_header,
    header_hash,
)
from xiezhi_domain.events.ids import check_uuid7, stream_id, uuid7
from xiezhi_domain.events.ruling import (
    Ruling,
    decode_entry,
    decode_ruling,
    encode_entry,
    encode_ruling,
    entry_leaf,
)
from xiezhi_domain.evidence.keys import KeyId
from xiezhi_domain.evidence.parts import Part, commitment
from xiezhi_domain.evidence.push import push_message, sign_push
from xiezhi_domain.keyring import KeyFacts

AT = 1_767_225_600_000
COURT, OTHER, HUB = "苏0591", "苏0508", "hub.su05.example/xiezhi"
KEY = SigningKey("event", 7)
NEW_KEY = SigningKey("new", 8)
KEY_ID = "0198fab62768c543eb331762a8651c2d"
NEW_KEY_ID = "01f0297b8e4044f04579234b4a3ae676"
STREAM = "dcf851f9-9d1e-593b-8b59-4709f54f3f5d"
MATTER = "019b76da-a800-7a0b-8c0d-0e0f10111213"
PARTS = [Part("case", bytes(range(32)), "（2026）苏0591执1号".encode()), Part("prose", b"\xff" * 32, b"")]
PART_HASHES = [
    "135b42118861ec719f0d1a34e67eafd5da2b7f1865779c0c548d1e810c4b4e49",
    "adb44296c23d398ba8adcff10ef2d7156b493c7a454744d11d3458df4fcab257",
]
COMMITMENT = "884f2379bc4daa0689bc3781ccf66f0ca0752cbc44f9201bba255521f219e73d"
EMPTY_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ROOT = "EjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vA="


def plain_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def plain_hash(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def plain_root(leaves):
    hashes = [plain_hash(b"\x00", leaf) for leaf in leaves]
    while len(hashes) > 1:
        pairs = [hashes[i : i + 2] for i in range(0, len(hashes), 2)]
        hashes = [plain_hash(b"\x01", *pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return hashes[0]


def plain_key_id(public):
    return "01" + plain_hash(b"xiezhi/key/v1", b"\x01", public)[:15].hex()


def plain_entry(header, ruling):
    return b"\x01" + len(header).to_bytes(2, "big") + header + len(ruling).to_bytes(2, "big") + ruling


ISSUED = Header(
    id="019b76da-a800-7001-8203-040506070809",
    instruction=MATTER,
    kind="Issued",
    sender=COURT,
    to=OTHER,
    base=Base(),
    seen=Seen(HUB),
    at=AT,
    key=KEY_ID,
    body=COMMITMENT,
    facts={
        "kind": "FIND",
        "lane": 2,
        "urgent": False,
        "limit_days": 7,
        "due": 1_767_887_999_999,
        "role": "CENTRE_OFFICER",
        "number": "苏0591委〔2026〕1187号",
        "items": [[1, "LOCATE_PERSON"], [2, "QUERY"]],
        "papers": {"ENTRUSTMENT_LETTER": 1},
        "documents": 1,
    },
    hub=HUB,
    rulebook="ab" * 32,
)
ISSUED_TEXT = (
    '{"at":1767225600000,"base":{"hash":"","id":"","seq":0},"body":"884f2379bc4daa0689bc3781ccf66'
    'f0ca0752cbc44f9201bba255521f219e73d","facts":{"documents":1,"due":1767887999999,"items":[[1,'
    '"LOCATE_PERSON"],[2,"QUERY"]],"kind":"FIND","lane":2,"limit_days":7,"number":"苏0591委〔2026〕11'
    '87号","papers":{"ENTRUSTMENT_LETTER":1},"role":"CENTRE_OFFICER","urgent":false},"from":"苏0591'
    '","hub":"hub.su05.example/xiezhi","id":"019b76da-a800-7001-8203-040506070809","instruction":'
    '"019b76da-a800-7a0b-8c0d-0e0f10111213","key":"0198fab62768c543eb331762a8651c2d","kind":"Issu'
    'ed","rulebook":"abababababababababababababababababababababababababababababababab","seen":{"o'
    'rigin":"hub.su05.example/xiezhi","root":"","size":0},"to":"苏0508","v":1}'
)
ISSUED_HASH = "80d31e91a7f776c26dc85f09643e6e4b32edd5edbfed5f5ecb877358048cdbc4"

COMPLETED = Header(
    id="019b76da-abe8-7001-8203-040506070809",
    instruction=MATTER,
    kind="Completed",
    sender=OTHER,
    to=COURT,
    base=Base(ISSUED.id, 1, ISSUED_HASH),
    seen=Seen(HUB, 9, ROOT),
    at=AT + 1_000,
    key=NEW_KEY_ID,
    body=EMPTY_BODY,
    facts={"role": "FIELD_OFFICER", "outcomes": [[1, "DONE", ""], [2, "NOT_DONE", "NOT_FOUND"]]},
)
COMPLETED_TEXT = (
    '{"at":1767225601000,"base":{"hash":"80d31e91a7f776c26dc85f09643e6e4b32edd5edbfed5f5ecb877358'
    '048cdbc4","id":"019b76da-a800-7001-8203-040506070809","seq":1},"body":"e3b0c44298fc1c149afbf'
    '4c8996fb92427ae41e4649b934ca495991b7852b855","facts":{"outcomes":[[1,"DONE",""],[2,"NOT_DONE'
    '","NOT_FOUND"]],"role":"FIELD_OFFICER"},"from":"苏0508","id":"019b76da-abe8-7001-8203-0405060'
    '70809","instruction":"019b76da-a800-7a0b-8c0d-0e0f10111213","key":"01f0297b8e4044f04579234b4'
    'a3ae676","kind":"Completed","seen":{"origin":"hub.su05.example/xiezhi","root":"EjRWeJq83vASN'
    'FZ4mrze8BI0VniavN7wEjRWeJq83vA=","size":9},"to":"苏0591","v":1}'
)


def key_event(kind, signer, **facts):
    return Header(
        id="019b76da-a800-7001-8203-040506070809",
        instruction=STREAM,
        kind=kind,
        sender=COURT,
        to="苏05",
        base=Base(),
        seen=Seen(HUB),
        at=AT,
        key=signer,
        body=EMPTY_BODY,
        facts=facts,
    )


OLD = {"purpose": "EVENT", "key": KEY_ID, "public": base64.b64encode(KEY.public).decode()}
NEW = {"purpose": "EVENT", "key": NEW_KEY_ID, "public": base64.b64encode(NEW_KEY.public).decode()}
KEY_EVENTS = {
    "KeyAdded": key_event("KeyAdded", KEY_ID, **OLD),
    "KeyRotated": key_event("KeyRotated", KEY_ID, **NEW, old=KEY_ID),
    "KeyRevoked": key_event("KeyRevoked", KEY_ID, **OLD),
    "KeyReplaced": key_event("KeyReplaced", NEW_KEY_ID, **NEW, approved_by="苏05", replaces=[KEY_ID]),
}
KEY_EVENT_FACTS = {
    "KeyAdded": (
        '{"key":"0198fab62768c543eb331762a8651c2d","public":"6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG'
        '0iw=","purpose":"EVENT"}'
    ),
    "KeyRotated": (
        '{"key":"01f0297b8e4044f04579234b4a3ae676","old":"0198fab62768c543eb331762a8651c2d","public":'
        '"E5j2LG0aRXxRumpLXz29L2n8qTIWIY3ImX5Ba9F9k8o=","purpose":"EVENT"}'
    ),
    "KeyRevoked": (
        '{"key":"0198fab62768c543eb331762a8651c2d","public":"6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG'
        '0iw=","purpose":"EVENT"}'
    ),
    "KeyReplaced": (
        '{"approved_by":"苏05","key":"01f0297b8e4044f04579234b4a3ae676","public":"E5j2LG0aRXxRumpLXz29'
        'L2n8qTIWIY3ImX5Ba9F9k8o=","purpose":"EVENT","replaces":["0198fab62768c543eb331762a8651c2d"]}'
    ),
}
KEY_EVENT_TEXT = (
    '{"at":1767225600000,"base":{"hash":"","id":"","seq":0},"body":"e3b0c44298fc1c149afbf4c8996fb'
    '92427ae41e4649b934ca495991b7852b855","facts":FACTS,"from":"苏0591","id":"019b76da-a800-7001-8'
    '203-040506070809","instruction":"dcf851f9-9d1e-593b-8b59-4709f54f3f5d","key":"SIGNER","kind"'
    ':"KIND","seen":{"origin":"hub.su05.example/xiezhi","root":"","size":0},"to":"苏05","v":1}'
)

ACCEPTED = Ruling(True, 1, "", AT + 5)
ACCEPTED_TEXT = '{"accepted":true,"at":1767225600005,"prev":"","seq":1,"v":1}'
LEAF = "6208121477fd9588404602681f022869cee0cbc3c0b540949b3bdbf08dcad9ad"
REFUSED = Ruling(False, 1, LEAF, AT + 6, "STALE_BASE", ISSUED.id)
REFUSED_TEXT = (
    '{"accepted":false,"at":1767225600006,"prev":"6208121477fd9588404602681f022869cee0cbc3c0b5409'
    '49b3bdbf08dcad9ad","reason":"STALE_BASE","seq":1,"v":1,"winner":"019b76da-a800-7001-8203-040'
    '506070809"}'
)
REFUSED_LEAF = "1b42ad0826ec5d2958360f68963026c1dfdb81cc9181fa9c13c9659e99a57a62"
PUSH_ROOT = "khJVPzBRJ7A/61xE+J7SeMAk6YGMS09wHn7ZjnJeamU="
PUSH_MESSAGE = f"xiezhi/push/v1\n苏0591\n{KEY_ID}\n41\n2\n{PUSH_ROOT}\n"
PUSH_SIGNATURE = (
    "8e637f58d63fb94dd3abf5e9bfa115205ec454a6a659a2db8238840599935403"
    "5ff966ab884732c7dd1aed27d72fd1efbd9669fb3adac9e64321bb9b241ae101"
)
FEED_ITEMS = [
    "43a3db03aa0f660011c6fe288267759ee0a93da47cdf4ffc9252255e4646709e",
    "13f39d255936377e846775bb9219db9611292faa0ca707c83f3d34040dd4c314",
]


def test_ids():
    assert uuid7(AT, bytes(range(10))) == ISSUED.id
    assert uuid7(AT, bytes(range(10, 20))) == MATTER
    assert check_uuid7(ISSUED.id, "id") == ISSUED.id
    assert stream_id(COURT) == STREAM
    namespace = uuid.UUID("6f0a3c1e-5a0e-5d7c-9c1b-7e3a1d9b0c55")
    assert str(uuid.uuid5(namespace, COURT)) == STREAM


@pytest.mark.parametrize(("key", "key_id"), [(KEY, KEY_ID), (NEW_KEY, NEW_KEY_ID)])
def test_key_id(key, key_id):
    assert KeyId.of(key.public).format() == key_id == plain_key_id(key.public)


@pytest.mark.parametrize(("header", "text"), [(ISSUED, ISSUED_TEXT), (COMPLETED, COMPLETED_TEXT)])
def test_header(header, text):
    assert encode_header(header).decode() == text
    assert decode_header(text.encode()) == header
    assert plain_json(json.loads(text)).decode() == text


def test_header_hash():
    assert header_hash(ISSUED_TEXT.encode()) == ISSUED_HASH == plain_hash(ISSUED_TEXT.encode()).hex()


@pytest.mark.parametrize("kind", KEY_EVENTS)
def test_key_event(kind):
    header, facts = KEY_EVENTS[kind], KEY_EVENT_FACTS[kind]
    text = KEY_EVENT_TEXT.replace("FACTS", facts).replace("KIND", kind).replace("SIGNER", header.key)
    assert encode_header(header).decode() == text
    assert decode_header(text.encode()) == header
    assert plain_json(json.loads(text)).decode() == text
    assert KeyFacts.of(header).key_id == plain_key_id(base64.b64decode(json.loads(text)["facts"]["public"]))


def test_body():
    assert [part.hash.hex() for part in PARTS] == PART_HASHES
    assert commitment(PARTS).hex() == COMMITMENT
    assert commitment([]).hex() == EMPTY_BODY == plain_hash().hex()
    plain = [
        plain_hash(b"xiezhi/part/v1", bytes(range(32)), b"\x00\x04case", "（2026）苏0591执1号".encode()),
        plain_hash(b"xiezhi/part/v1", b"\xff" * 32, b"\x00\x05prose"),
    ]
    assert [part.hex() for part in plain] == PART_HASHES
    assert plain_root(plain).hex() == COMMITMENT


@pytest.mark.parametrize(("ruling", "text"), [(ACCEPTED, ACCEPTED_TEXT), (REFUSED, REFUSED_TEXT)])
def test_ruling(ruling, text):
    assert encode_ruling(ruling).decode() == text
    assert decode_ruling(text.encode()) == ruling
    assert plain_json(json.loads(text)).decode() == text


@pytest.mark.parametrize(
    ("header", "ruling", "leaf"),
    [(ISSUED_TEXT, ACCEPTED_TEXT, LEAF), (COMPLETED_TEXT, REFUSED_TEXT, REFUSED_LEAF)],
)
def test_entry_and_leaf(header, ruling, leaf):
    entry = encode_entry(header.encode(), ruling.encode())
    assert entry == plain_entry(header.encode(), ruling.encode())
    assert decode_entry(entry) == (header.encode(), ruling.encode())
    assert entry_leaf(header.encode(), ruling.encode()).hex() == leaf == plain_hash(b"\x00", entry).hex()


def test_entry_lengths():
    entry = encode_entry(ISSUED_TEXT.encode(), ACCEPTED_TEXT.encode())
    assert entry[:3].hex() == "0102da"
    assert entry[3 + len(ISSUED_TEXT.encode()) :][:2].hex() == "003c"


def test_push():
    headers = [ISSUED_TEXT.encode(), COMPLETED_TEXT.encode()]
    root = plain_root(headers)
    assert base64.b64encode(root).decode() == PUSH_ROOT
    assert push_message(COURT, KEY_ID, 41, 2, root).decode() == PUSH_MESSAGE
    first, second = sign_push(COURT, KEY_ID, 41, headers, KEY.sign)
    assert first.signature == second.signature == KEY.sign(PUSH_MESSAGE.encode())
    assert first.signature.hex() == PUSH_SIGNATURE
    assert (second.position, second.root, second.path) == (42, root, (plain_hash(b"\x00", headers[0]),))


def test_feed_items():
    first = feed_item_hash(FIRST, 1, 5, bytes.fromhex(LEAF))
    second = feed_item_hash(first, 2, 8, bytes.fromhex(REFUSED_LEAF))
    assert [first.hex(), second.hex()] == FEED_ITEMS
    numbers = (1).to_bytes(8, "big") + (5).to_bytes(8, "big")
    assert first == plain_hash(b"xiezhi/feed/v1", bytes(32), numbers, bytes.fromhex(LEAF))
    numbers = (2).to_bytes(8, "big") + (8).to_bytes(8, "big")
    assert second == plain_hash(b"xiezhi/feed/v1", first, numbers, bytes.fromhex(REFUSED_LEAF))
