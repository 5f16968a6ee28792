"""The bytes in which a bulletin is frozen; their SHA-256 is its address."""

from datetime import date
from fractions import Fraction
from typing import Final

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import (
    JsonObject,
    JsonValue,
    decode_canonical,
    encode_canonical,
    exact_fields,
)
from xiezhi_domain.indicators.bulletin import Bulletin, Line, Numbers
from xiezhi_domain.indicators.definitions import Measure
from xiezhi_domain.indicators.figures import FigureKey
from xiezhi_domain.indicators.period import Period
from xiezhi_domain.terms import Channel, Indicator, Variant

_VERSION: Final = 1
_WHAT: Final = "统计通报"


def encode_bulletin(bulletin: Bulletin) -> bytes:
    """Return the canonical bytes of *bulletin*."""
    return encode_canonical(
        {
            "v": _VERSION,
            "court": bulletin.court,
            "first": bulletin.period.first.isoformat(),
            "last": bulletin.period.last.isoformat(),
            "log_size": bulletin.log_size,
            "edition": bulletin.edition,
            "lines": [_encode_line(line) for line in bulletin.lines],
        }
    )


def decode_bulletin(data: bytes) -> Bulletin:
    """Return the bulletin that *data* spells.

    :raises FormatError: not canonical, a field missing or of the wrong type.
    """
    fields = exact_fields(decode_canonical(data, _WHAT), _FIELDS, _WHAT)
    if fields["v"] != _VERSION:
        raise FormatError("不支持的统计通报版本")
    try:
        period = Period(date.fromisoformat(fields["first"]), date.fromisoformat(fields["last"]))
        lines = tuple(_decode_line(line) for line in fields["lines"])
    except ValueError as error:
        raise FormatError("统计通报无法读取") from error
    return Bulletin(fields["court"], period, fields["log_size"], fields["edition"], lines)


def _encode_line(line: Line) -> JsonObject:
    return {
        "indicator": str(line.key.indicator),
        "variant": str(line.key.variant),
        "court": line.key.court,
        "channel": str(line.key.channel),
        "measure": str(line.measure),
        "numbers": [line.numbers.numerator, line.numbers.denominator],
        "previous": [line.previous.numerator, line.previous.denominator],
        "year_before": [line.year_before.numerator, line.year_before.denominator],
        "place": line.place,
        "provisional": line.provisional,
        "median": _encode_fraction(line.median),
        "p90": _encode_fraction(line.p90),
        "reasons": dict(line.reasons),
    }


def _decode_line(value: JsonObject) -> Line:
    fields = exact_fields(value, _LINE, _WHAT)
    return Line(
        key=FigureKey(
            Indicator(fields["indicator"]),
            Variant(fields["variant"]),
            fields["court"],
            Channel(fields["channel"]),
        ),
        measure=Measure(fields["measure"]),
        numbers=Numbers(*fields["numbers"]),
        previous=Numbers(*fields["previous"]),
        year_before=Numbers(*fields["year_before"]),
        place=fields["place"],
        provisional=fields["provisional"],
        median=_decode_fraction(fields["median"]),
        p90=_decode_fraction(fields["p90"]),
        reasons=fields["reasons"],
    )


def _encode_fraction(value: Fraction | None) -> list[JsonValue]:
    return [] if value is None else [value.numerator, value.denominator]


def _decode_fraction(value: list[int]) -> Fraction | None:
    return Fraction(*value) if value else None


_FIELDS: Final = {
    "v": int,
    "court": str,
    "first": str,
    "last": str,
    "log_size": int,
    "edition": str,
    "lines": list,
}
_LINE: Final = {
    "indicator": str,
    "variant": str,
    "court": str,
    "channel": str,
    "measure": str,
    "numbers": list,
    "previous": list,
    "year_before": list,
    "place": int,
    "provisional": int,
    "median": list,
    "p90": list,
    "reasons": dict,
}
