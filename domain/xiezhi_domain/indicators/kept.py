"""A record as text, in which it is kept between questions. It is no evidence and may be made again at any time."""

from typing import Final

import msgspec

from xiezhi_domain.indicators.record import MatterRecord

FORM: Final = 1
"""Raised when the same events make another record, or a record is spelled otherwise: what was kept before is void."""

_decode: Final = msgspec.json.Decoder(MatterRecord).decode
_encode: Final = msgspec.json.Encoder().encode


def encode_record(record: MatterRecord) -> str:
    """Return *record* as JSON."""
    return _encode(record).decode()


def decode_record(text: str) -> MatterRecord:
    """Return the record that `encode_record` spelled as *text*."""
    return _decode(text)
