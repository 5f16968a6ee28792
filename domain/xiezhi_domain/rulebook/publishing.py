"""Making the next rulebook of the one published last and of documents that somebody brings (ADR 0005).

What the documents bring takes the place of what stood there, area by area: a court's overlay that of the court, a
province's that of the province, documents of no area the national rules altogether. All else stays as it was: a court's
wishes survive a new version of the platform, and one court's do not touch another's. An overlay of nothing but its
area withdraws the one before.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile
from typing import Final, NamedTuple, TypeAlias

from xiezhi_domain.errors import InvalidInput, LimitExceeded, Reason
from xiezhi_domain.rulebook.document import AREA_KEYS, join_documents, read_document, split_documents
from xiezhi_domain.rulebook.load import load_rulebook
from xiezhi_domain.rulebook.model import Rulebook
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.rulebook.versions import next_version, version_number

Documents: TypeAlias = Sequence[tuple[str, str]]
"""Documents of a rulebook, each a name and its TOML."""

MOST_BYTES: Final = 768 * 1024
"""Of a rulebook: it is fetched in one message (protocol §1)."""
_LONGEST_VERSION: Final = 20
_VERSION: Final = re.compile(r"\d+(\.\d+)*")
_DATED: Final = re.compile(r"\s*(version|valid_from)\s*=")
_HEADER: Final = re.compile(r"\s*\[")


class _Document(NamedTuple):
    """A document, the area that it writes rules for (none: the nation), and the version that it states."""

    name: str
    text: str
    area: str
    version: str

    @classmethod
    def read(cls, name: str, text: str) -> "_Document":
        """Return a document; whether it belongs here is found when the rulebook is loaded."""
        table = read_document(name, text)
        area = next((table.get(key, str) for key in AREA_KEYS if key in table), "")
        return cls(name, text, area, table.get("version", str) if "version" in table else "")


def next_rulebook(newest: Rulebook, documents: Documents, valid_from: date, version: str = "") -> Rulebook:
    """Return the rulebook that *documents* make of *newest*, valid from a day on.

    Without a *version* it has that of the documents, where it is higher, or else the one after that of *newest*.

    :raises FormatError: a slip in a document; says which, with file and line.
    :raises InvalidInput: no documents, a version that is none or no higher, or a day before that of *newest*.
    :raises LimitExceeded: TOO_LARGE.
    """
    if not documents:
        raise InvalidInput.in_field("documents", "请选择规则库文件")
    if valid_from < newest.valid_from:
        message = f"已有自 {newest.valid_from} 起生效的规则库 {newest.version}，生效日期不能更早"
        raise InvalidInput.in_field("valid_from", message)
    brought = [_Document.read(*part) for part in documents]
    number = _version(newest, brought, version)
    content = join_documents(
        (each.name, _dated(each.text, number, valid_from) if each.version else each.text)
        for each in _replaced(newest, brought)
    )
    if len(content) > MOST_BYTES:
        raise LimitExceeded(Reason.TOO_LARGE, f"规则库超过 {MOST_BYTES // 1024} KB，请精简后发布")
    return load_rulebook(content)


def check_areas(documents: Documents, court: str, courts: Iterable[str]) -> None:
    """Refuse an overlay of another area than the province of the superior *court* and the *courts* that it serves.

    :raises FormatError: says which, with file and line.
    """
    served = frozenset(courts)
    for name, text in documents:
        table = read_document(name, text)
        _check_area(table, "court", served)
        _check_area(table, "province", frozenset({court[:1]}))


def _check_area(table: Table, key: str, allowed: frozenset[str]) -> None:
    if key in table and table.get(key, str) not in allowed:
        raise table.slip("不在本枢纽的辖区内，请核对", key)


def _replaced(newest: Rulebook, brought: Sequence[_Document]) -> list[_Document]:
    areas = {each.area for each in brought}
    before = (_Document.read(*part) for part in split_documents(newest.content))
    kept = [each for each in before if each.area not in areas]
    # Nation first, for those who read it; to the rules the order is one.
    return sorted([*kept, *brought], key=lambda each: bool(each.area))


def _version(newest: Rulebook, brought: Sequence[_Document], wanted: str) -> str:
    least = version_number(newest.version)
    if wanted:
        if len(wanted) > _LONGEST_VERSION or not _VERSION.fullmatch(wanted):
            raise InvalidInput.in_field("version", "版本号写作 2026.2 这样的数字")
        if version_number(wanted) <= least:
            raise InvalidInput.in_field("version", f"版本号应高于最近发布的 {newest.version}")
        return wanted
    told = next((each.version for each in brought if each.version), "")
    return told if version_number(told) > least else next_version(newest.version)


def _dated(text: str, version: str, valid_from: date) -> str:
    """Write version and day into the document that states them, above all its tables."""
    lines = text.splitlines()
    top = list(takewhile(lambda line: not _HEADER.match(line), lines))
    kept = [line for line in top if not _DATED.match(line)]
    dated = [f'version = "{version}"', f"valid_from = {valid_from.isoformat()}"]
    return "\n".join([*kept, *dated, *lines[len(top) :]])
