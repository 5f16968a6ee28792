"""The fixed words of a page: what a Jinja template and a script put before people, piece by piece."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

# Of the private use area: no template holds them.
_VALUE = "\ue000"
"""Stands where a template writes a value: what is around it is one sentence."""
_STEP = "\ue001"
"""Stands where a template decides or repeats: what is around it are two texts."""
_SEEN = frozenset({"aria-label", "placeholder", "title", "alt", "value", "content", "label"})
"""Attributes that people read."""
_SCRIPT_TEXT = re.compile(r"""(?P<quote>["'`])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""")
_ENVIRONMENT = Environment(autoescape=True)


class Piece(NamedTuple):
    """A fixed text, and whether a value stands before or after it, which makes it part of a sentence."""

    line: int
    text: str
    in_sentence: bool


def of_template(path: Path) -> Iterator[Piece]:
    """Give the pieces of a template: between its tags, in attributes that are read, in its expressions."""
    flat: list[str] = []
    opened = ""
    for line, kind, value in _ENVIRONMENT.lex(path.read_text(encoding="utf-8"), str(path)):
        if kind == "data":
            flat.append(value)
        elif kind == "string":
            yield Piece(line, value[1:-1], in_sentence=False)
        if kind in {"variable_begin", "block_begin", "comment_begin"}:
            opened = _VALUE if kind == "variable_begin" else _STEP
            flat.append(opened)
        if kind not in {"data", "raw_begin"}:
            flat.append("\n" * value.count("\n"))
    reader = _Reader()
    reader.feed("".join(flat))
    reader.close()
    yield from reader.pieces


def of_script(path: Path) -> Iterator[Piece]:
    """Give the texts in quotes of a script."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for found in _SCRIPT_TEXT.finditer(line):
            parts = re.split(r"\$\{[^}]*\}", found["text"])
            yield from (Piece(number, part, len(parts) > 1) for part in parts)


class _Reader(HTMLParser):
    """Collects the pieces of a page from which the template's own tags have been taken out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []

    def handle_data(self, data: str) -> None:
        """Take a text between two tags."""
        self._take(self.getpos()[0], data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what people read of a tag."""
        del tag
        for name, value in attrs:
            if name in _SEEN and value:
                self._take(self.getpos()[0], value)

    def _take(self, line: int, text: str) -> None:
        for branch in text.split(_STEP):
            parts = branch.split(_VALUE)
            for part in parts:
                self.pieces.append(Piece(line, part, len(parts) > 1))
                line += part.count("\n")
