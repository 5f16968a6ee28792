"""Good samples, changed as accidents and attackers change them: cut, flipped, repeated, spliced, stuffed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

_MOST_CHANGES: Final = 4
_DEEP: Final = 4_000
"""Levels of nesting; far beyond what Python reads without a word."""
_PIECES: Final = (
    *(
        "",
        "\0",
        "\n",
        "\n\n",
        "\r",
        "\t",
        " ",
        "\x7f",
        "\u0085",
        "\u202e",
        "\ufeff",
        "\ufffd",
        "\U0010ffff",
        "张",
    ),
    *(
        '"',
        "\\",
        "\\ud800",
        "\\u0000",
        "'",
        "#",
        "=",
        "+",
        "-",
        "—",
        "— ",
        ":",
        ";",
        ",",
        ".",
        "..",
        "../",
        "/",
        "%",
    ),
    *(
        "[",
        "]",
        "{",
        "}",
        "[]",
        "{}",
        "[" * _DEEP,
        '{"a":' * _DEEP,
        "[[a]]\n",
        "(",
        "<",
        "(" * 200,
        "a.a" * _DEEP,
    ),
    *(
        "0",
        "-1",
        "00",
        "0" * 20,
        "9" * 19,
        "9" * 400,
        "9" * 5_000,
        "1e999",
        "1e-999",
        "1e99999999999999999999",
    ),
    *(
        "0x10",
        "1_0",
        "١",
        "²",
        "nan",
        "inf",
        "null",
        "true",
        "false",
        "NaN",
        "None",
        "1970-01-01",
        "9999-12-31",
    ),
    *(
        "0000-00-00",
        "2026-02-30",
        "24:00",
        "T23:59:60Z",
        "+23:59",
        "AAAA",
        "====",
        "ff" * 32,
        "苏05",
        "号",
        "〔",
    ),
)
_OF_BYTES: Final = (
    *(b"\xff", b"\xed\xa0\x80", b"\xff\xfe", b"\x80" * 10, b"\xff" * 9 + b"\x01", b"\x00" * 8, b"\xff" * 8),
    *(
        b"PK\x05\x06",
        b"%PDF-1.7\n",
        b"/Kids [1 0 R]",
        b"/Prev 0",
        b"<< /Type /Pages /Kids [1 0 R] /Count 1 >>",
    ),
)
_JUNK: Final[Sequence[Any]] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**53, 2**63, -(2**63), 10**400, 0.5, float("nan"), float("inf")),
    *(
        "",
        "x",
        "0",
        "\0",
        "9" * 5_000,
        [],
        {},
        [None],
        [[]],
        [1, 2, 3],
        {"": {}},
        {"a": [1]},
        [{}],
        ["x"],
    ),
)


def changed(samples: Sequence[Any]) -> st.SearchStrategy[Any]:
    """One of *samples* as it is, with changes, or (seldom) something else altogether."""
    if isinstance(samples[0], Mapping):
        return _changed_tree(samples)
    if isinstance(samples[0], str):
        return _changed(samples, st.sampled_from(_PIECES) | st.text(max_size=8)) | st.text()
    pieces = st.sampled_from([*map(str.encode, _PIECES), *_OF_BYTES]) | st.binary(max_size=8)
    return _changed(samples, pieces) | st.binary()


@st.composite
def _changed(draw: st.DrawFn, samples: Sequence[Any], pieces: st.SearchStrategy[Any]) -> Any:
    data = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, _MOST_CHANGES))):
        data = draw(st.sampled_from(_CHANGES))(draw, data, samples, pieces)
    return data


def _span(draw: st.DrawFn, data: Any) -> tuple[int, int]:
    """A short part of *data*, or a part of any length."""
    begin = draw(st.integers(0, len(data)))
    return begin, min(len(data), begin + draw(st.integers(0, 8) | st.integers(0, len(data))))


def _cut(draw: st.DrawFn, data: Any, _samples: Any, _pieces: Any) -> Any:
    return data[: draw(st.integers(0, len(data)))]


def _leave_out(draw: st.DrawFn, data: Any, _samples: Any, _pieces: Any) -> Any:
    begin, end = _span(draw, data)
    return data[:begin] + data[end:]


def _replace(draw: st.DrawFn, data: Any, _samples: Any, pieces: Any) -> Any:
    begin, end = _span(draw, data)
    return data[:begin] + draw(pieces) + data[end:]


def _insert(draw: st.DrawFn, data: Any, _samples: Any, pieces: Any) -> Any:
    at = draw(st.integers(0, len(data)))
    return data[:at] + draw(pieces) + data[at:]


def _flip(draw: st.DrawFn, data: Any, _samples: Any, _pieces: Any) -> Any:
    """Another bit somewhere; of text, the next character but few."""
    if not data:
        return data
    at, bit = draw(st.integers(0, len(data) - 1)), 1 << draw(st.integers(0, 7))
    if isinstance(data, bytes):
        return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
    other = ord(data[at]) ^ bit
    return data[:at] + (chr(other) if not 0xD800 <= other < 0xE000 else "?") + data[at + 1 :]


def _repeat(draw: st.DrawFn, data: Any, _samples: Any, _pieces: Any) -> Any:
    begin, end = _span(draw, data)
    return data[:end] + data[begin:end] * draw(st.integers(1, 3) | st.just(100)) + data[end:]


def _splice(draw: st.DrawFn, data: Any, samples: Any, _pieces: Any) -> Any:
    other = draw(st.sampled_from(samples))
    return data[: draw(st.integers(0, len(data)))] + other[draw(st.integers(0, len(other))) :]


_CHANGES: Final[Sequence[Callable[..., Any]]] = (_cut, _leave_out, _replace, _insert, _flip, _repeat, _splice)


# --- What JSON and TOML give ------------------------------------------------------------------------------------------


@st.composite
def _changed_tree(draw: st.DrawFn, samples: Sequence[Any]) -> Any:
    value = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, _MOST_CHANGES))):
        value = _with_junk(draw, value)
    return value if isinstance(value, dict) else dict(draw(st.sampled_from(samples)))


def _with_junk(draw: st.DrawFn, value: Any) -> Any:
    """A copy of *value* with one place in it changed."""
    if isinstance(value, dict) and value:
        key = draw(st.sampled_from(sorted(value, key=str)))
        kept = {name: each for name, each in value.items() if name != key}
        if draw(st.integers(0, 7)) == 0:
            return kept if draw(st.booleans()) else {**value, draw(st.sampled_from(["", "x", "\0"])): 1}
        return {**kept, key: _with_junk(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 2)):
        at = draw(st.integers(0, len(value) - 1))
        changed = _with_junk(draw, value[at])
        return draw(
            st.sampled_from([[*value[:at], changed, *value[at + 1 :]], [*value, changed], value[:at]])
        )
    return draw(st.sampled_from(_JUNK))
