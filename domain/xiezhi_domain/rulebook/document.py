"""The documents that a rulebook is made of: one or several TOML texts, and the place of every key in them.

A rulebook travels as one sequence of bytes with one hash (protocol §10). Where it has several documents, a line
`+++ name` stands before each; the bytes between are plain TOML.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from xiezhi_domain.errors import FormatError
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.rulebook.table import Table

AREA_KEYS: Final = ("court", "province")
"""A document that begins with one of these is an overlay (`overlay`)."""
UNNAMED: Final = "rulebook.toml"
"""What a document without a name is called."""
_MARK: Final = "+++ "
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*(?:#.*)?")
_KEY: Final = re.compile(r"\s*([\w.-]+)\s*=")
_Path: TypeAlias = tuple[str | int, ...]


def join_documents(documents: Iterable[tuple[str, str]]) -> bytes:
    """Return the bytes of a rulebook made of *documents*, each a name and its TOML."""
    return "".join(f"{_MARK}{name}\n{text.rstrip()}\n" for name, text in documents).encode()


def split_documents(content: bytes) -> list[tuple[str, str]]:
    """Return the documents of a rulebook, each a name and its TOML; one without marks is a single document.

    :raises FormatError: not UTF-8.
    """
    try:
        lines = content.decode().splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise FormatError("规则库不是合法的 TOML：应为 UTF-8 文本") from error
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith(_MARK):
            found.append((line.removeprefix(_MARK).strip(), []))
        else:
            if not found:
                found.append((UNNAMED, []))
            found[-1][1].append(line)
    return [(name, "".join(text)) for name, text in found]


def documents_of(name: str, content: bytes) -> list[tuple[str, str]]:
    """Return the documents in a file of *name*, which may hold one without a mark, or several.

    :raises FormatError: not UTF-8.
    """
    parts = split_documents(content)
    return parts if len(parts) > 1 else [(name, text) for _, text in parts]


def read_document(name: str, text: str) -> Table:
    """Return the TOML *text* as a table whose parts know their file and line.

    :raises FormatError: not TOML.
    """
    try:
        data = read_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"规则库 {name} 不是合法的 TOML：{error}") from error
    lines: dict[_Path, int] = {}
    for path, number in _lines(text):
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], number)
    return _table(data, (), lines, name)


def _table(data: dict[str, Any], path: _Path, lines: dict[_Path, int], name: str) -> Table:
    def place(at: _Path) -> str:
        while at and at not in lines:
            at = at[:-1]
        return f"{name}:{lines.get(at, 1)}"

    def convert(value: object, at: _Path) -> object:
        if isinstance(value, dict):
            return _table(value, at, lines, name)
        if isinstance(value, list):
            return [convert(row, (*at, number)) for number, row in enumerate(value)]
        return value

    return Table(
        ".".join(str(part) for part in path if isinstance(part, str)),
        place(path),
        {key: convert(value, (*path, key)) for key, value in data.items()},
        {key: place((*path, key)) for key in data},
    )


def _lines(text: str) -> Iterator[tuple[_Path, int]]:
    """Give the line of each table and key that begins a line; tomllib tells none.

    It reads headers and keys as rulebooks write them, bare and at the start of a line. For what it does not see, the
    table around it is named.
    """
    table: _Path = ()
    counts: dict[_Path, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            table = tuple(header[2].split("."))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, *key[1].split(".")), number
