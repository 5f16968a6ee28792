"""The facts in headers, read with their types. They are what folds and statistics stand on when bodies are gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonObject, JsonValue, typed_fields
from xiezhi_domain.terms import Act, Outcome, PaperType

LANES = frozenset({1, 2, 3})
"""1 urgent, 2 normal, 3 bulk."""
_ACTS = frozenset(Act)
_PAPERS = frozenset(PaperType)
_ITEM = [int, str]


@dataclass(frozen=True, slots=True)
class IssuedFacts:
    """What `Issued` says about the matter for good. `due` is ms since 1970; `items` number → act."""

    kind: str
    number: str
    lane: int
    urgent: bool
    limit_days: int
    due: int
    items: Mapping[int, str]
    papers: Mapping[str, int]
    documents: int

    def encode(self) -> JsonObject:
        """Return the facts as they stand in the header."""
        return {
            "kind": str(self.kind),
            "number": self.number,
            "lane": self.lane,
            "urgent": self.urgent,
            "limit_days": self.limit_days,
            "due": self.due,
            "items": [[number, str(act)] for number, act in self.items.items()],
            "papers": {str(paper): count for paper, count in self.papers.items()},
            "documents": self.documents,
        }


def issued_facts(facts: JsonObject) -> IssuedFacts:
    """Return the facts of an `Issued` header.

    :raises FormatError: a fact is missing, of the wrong type or unknown; no items, an unknown act, paper or lane.
    """
    fields = typed_fields(facts, _ISSUED, "委托事件的事实项")
    # What people write belongs into the body, which can be erased.
    if not facts.keys() <= _NAMES or not isinstance(facts.get("role", ""), str):
        raise FormatError("委托事件含有未定义的事实项")
    issued = IssuedFacts(
        kind=fields["kind"],
        number=fields["number"],
        lane=fields["lane"],
        urgent=fields["urgent"],
        limit_days=fields["limit_days"],
        due=fields["due"],
        items=_items(fields["items"]),
        papers=_counts(fields["papers"]),
        documents=fields["documents"],
    )
    counts = (issued.limit_days, issued.due, issued.documents)
    if issued.lane not in LANES or not issued.items or min(counts) < 0:
        raise FormatError("委托事件缺少必要的事实项")
    return issued


_ISSUED: Final = {
    "kind": str,
    "number": str,
    "lane": int,
    "urgent": bool,
    "limit_days": int,
    "due": int,
    "items": list,
    "papers": dict,
    "documents": int,
}
_NAMES: Final = _ISSUED.keys() | {"role"}


def reported_outcomes(facts: JsonObject) -> dict[int, tuple[str, str]]:
    """Return the outcomes that a report states: item number → (outcome, reason code).

    :raises FormatError: not of that shape, an item twice, or an unknown outcome.
    """
    reported: dict[int, tuple[str, str]] = {}
    for row in _rows(facts, "outcomes"):
        match row:
            case [int(number), str(outcome), str(reason)] if (
                _are_counts(number) and number not in reported and outcome in Outcome.__members__
            ):
                reported[number] = (outcome, reason)
            case _:
                raise FormatError("办理结果的写法不正确")
    return reported


def rejected_items(facts: JsonObject) -> dict[int, str]:
    """Return the items whose result is not accepted: item number → reason code.

    :raises FormatError: not of that shape, or an item twice.
    """
    rejected: dict[int, str] = {}
    for row in _rows(facts, "rejections"):
        match row:
            case [int(number), str(reason)] if _are_counts(number) and number not in rejected:
                rejected[number] = reason
            case _:
                raise FormatError("退回重办的写法不正确")
    return rejected


def text_fact(facts: JsonObject, name: str) -> str:
    """Return the text of a fact, empty if there is none."""
    value = facts.get(name, "")
    return value if isinstance(value, str) else ""


def _rows(facts: JsonObject, name: str) -> list[JsonValue]:
    rows = facts.get(name, [])
    if not isinstance(rows, list):
        raise FormatError(f"{name} 应为列表")
    return rows


def _items(rows: list[JsonValue]) -> dict[int, str]:
    # Read three times for every order, and a pattern costs five times as much as these comparisons.
    items: dict[int, str] = {}
    for row in rows:
        if type(row) is not list or [type(value) for value in row] != _ITEM:
            raise FormatError("办理项的写法不正确")
        number, act = cast("tuple[int, str]", row)
        if number <= 0 or number in items or act not in _ACTS:
            raise FormatError("办理项的写法不正确")
        items[number] = act
    return items


def _counts(papers: Mapping[str, JsonValue]) -> dict[str, int]:
    for paper, count in papers.items():
        if paper not in _PAPERS or type(count) is not int or count < 0:
            raise FormatError("文书种类不正确，或份数不是整数")
    return cast("dict[str, int]", papers)


def _are_counts(*values: int) -> bool:
    """Say whether all are integers from 0; to Python a boolean is an integer too, to other readers it is not."""
    return all(type(value) is int and value >= 0 for value in values)
