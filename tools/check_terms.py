"""Fail where a Chinese word of the terms table stands as a literal in the code.

States, actions, roles, kinds and indicators have one Chinese word each, in `xiezhi_domain.terms`. A copy
elsewhere keeps the old word when the table gets a better one. Looked for: a string that is such a word, and
a fixed piece of an f-string that is one of at least four characters (shorter ones are ordinary Chinese
inside a sentence); in the workbench's templates and scripts the same, where a sentence is a text with values in it.
Docstrings and tests may quote the words.
"""

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

import template_words

from xiezhi_domain import terms
from xiezhi_domain.terms import Term

HOUSE = Path(__file__).resolve().parents[1]
ELSEWHERE = {"tests", "docs", "build", "dist"}
TABLE = HOUSE / "domain" / "xiezhi_domain" / "terms"
WORKBENCH = HOUSE / "client" / "xiezhi_workbench"
SHORTEST_IN_A_SENTENCE = 4
# What may stand around a word without making it a sentence.
DECORATION = " \t\n:：·,，。、()（）[]【】「」《》"
MUST = "*"
"""Beside the label of a field that has to be filled in."""


class Copy(NamedTuple):
    """One place where a word of the table is repeated."""

    path: Path
    line: int
    word: str


def main() -> int:
    """Print every copy; return 1 where there is one, for the shell."""
    owners = _owners(Term)
    if not owners:
        sys.exit("xiezhi_domain.terms has no words: this check would pass on anything.")
    copies = [copy for path in _sources() for copy in _copies(path, owners.keys())]
    copies += [copy for path in _pages() for copy in _copies_on_page(path, owners.keys())]
    for copy in copies:
        place = f"{copy.path.relative_to(HOUSE)}:{copy.line}"
        print(f"{place}: {copy.word!r} belongs to the terms table; use {owners[copy.word]}.zh")
    return 1 if copies else 0


def _owners(base: type[Term]) -> dict[str, str]:
    """Each Chinese word of the table with the member that owns it, as code spells it."""
    for module in pkgutil.iter_modules(getattr(terms, "__path__", []), f"{terms.__name__}."):
        importlib.import_module(module.name)
    owners: dict[str, str] = {}
    for vocabulary in base.__subclasses__():
        owners |= {member.zh: f"{vocabulary.__name__}.{member.name}" for member in vocabulary}
        owners |= _owners(vocabulary)
    return owners


def _sources() -> Iterator[Path]:
    for path in sorted(HOUSE.rglob("*.py")):
        top = path.relative_to(HOUSE).parts[0]
        if top not in ELSEWHERE and not top.startswith(".") and not path.is_relative_to(TABLE):
            yield path


def _pages() -> Iterator[Path]:
    """Templates, and the scripts of our own."""
    yield from sorted((WORKBENCH / "templates").rglob("*.html"))
    yield from sorted((WORKBENCH / "static").glob("*.js"))


def _copies_on_page(path: Path, words: AbstractSet[str]) -> Iterator[Copy]:
    pieces = template_words.of_template if path.suffix == ".html" else template_words.of_script
    for piece in pieces(path):
        word = piece.text.strip(DECORATION + MUST)
        if word in words and (not piece.in_sentence or len(word) >= SHORTEST_IN_A_SENTENCE):
            yield Copy(path, piece.line, word)


def _copies(path: Path, words: AbstractSet[str]) -> Iterator[Copy]:
    tree = ast.parse(path.read_text(encoding="utf-8"), path)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    sentences = [node.values for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    pieces = {id(piece) for sentence in sentences for piece in sentence}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            word = node.value.strip(DECORATION)
            if word in words and (id(node) not in pieces or len(word) >= SHORTEST_IN_A_SENTENCE):
                yield Copy(path, node.lineno, word)


if __name__ == "__main__":
    sys.exit(main())
