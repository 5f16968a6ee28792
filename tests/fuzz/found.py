"""What fuzzing found: inputs that a reader once answered with an error of another family, by the reader's name."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp
from tests.fuzz.decoder import Sample
from tests.unit.papers.test_examine import blank

from xiezhi.v1 import event_pb2, item_pb2

_NO_TIME: Final = event_pb2.OutcomeList(outcomes=[item_pb2.ItemOutcome(done_at=Timestamp(seconds=1 << 62))])
_DEEP: Final = "a = " + "[" * 4_000
_DOTTED: Final = "a" + ".a" * 4_000 + " = 1"


# An Ed25519 key that says it is of another kind, for which its length is wrong: an error of OpenSSL's own.
_X448: Final = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VvBCIEIKMYduiKjvLbZzi3m3ZvvOKY2RmtPs8MxHMLXQexR9Td
-----END PRIVATE KEY-----
"""


def _inflates_to_nothing(name: str) -> bytes:
    """A zip whose one entry says that it is deflated and is not."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(name), b"\xff" * 64)
    stored = file.getvalue().replace(b"PK\x03\x04\x14\x00\x00\x00\x00", b"PK\x03\x04\x14\x00\x00\x00\x08")
    return stored.replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x08"
    )


def _begun_twice(page: bytes) -> bytes:
    return page[: page.rindex(b">>\n/MediaBox") + 1] + page


FOUND: Final[Mapping[str, Sequence[Sample]]] = {
    "xiezhi_adapters.registry_sim.behaviour.load_behaviour": [b"\x80"],
    "xiezhi_adapters.sheet.read_book": [_inflates_to_nothing("[Content_Types].xml")],
    "xiezhi_client.cli.arguments.read_file": [_DEEP.encode()],
    "xiezhi_client.cli.figures.arguments.parse_period": ["99999999999999999999-1"],
    "xiezhi_client.cli.profile.Profile.load": [b'{"a":' * 4_000],
    "xiezhi_client.sdk.record.Record.from_plain": [{"limit_days": 2**63}, {"urgency": []}, {"urgency": {}}],
    "xiezhi_client.verify.files.read_copy": [b"[" * 4_000],
    "xiezhi_client.verify.part.words_of": [_NO_TIME.SerializeToString()],
    "xiezhi_client.verify.pins.Pins.load": [b"[" * 4_000],
    "xiezhi_desk.notifying.settings.load_notifying": [_DEEP.encode()],
    "xiezhi_desk.settings.load_settings": [_DEEP.encode(), b"court = " + b"9" * 5_000],
    "xiezhi_domain.areas.visit_key": ["演示路" + "9" * 5_000 + "号"],
    "xiezhi_domain.rulebook.document.read_document": [_DEEP, _DOTTED],
    "xiezhi_domain.rulebook.publishing.next_rulebook": [_DEEP, _DOTTED],
    "xiezhi_journal.keys.SigningKey.load": [
        b"no key",
        _X448,
    ],
    "xiezhi_journal.reading.paging.Page.after": ["W1tb" * 4_000, "WyJcdWQ4MDAiLCAxXQ=="],
    "xiezhi_papers.letters.word.check_template": [_inflates_to_nothing("word/_rels/document.xml.rels")],
    "xiezhi_papers.seals.check.check_seals": [_begun_twice(blank(2))],
    "xiezhi_papers.sniffing.examine.examine": [
        blank(1, user_password="", owner_password="x").replace(b"/V 5\n", b"")
    ],
}
