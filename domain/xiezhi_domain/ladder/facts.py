"""The facts in headers, read with their types. They are what folds and statistics stand on when bodies are gone."""

import re
from collections.abc import Callable, Mapping
from typing import Final, cast

import msgspec

from xiezhi_domain.courts import COURT_CODE
from xiezhi_domain.errors import FormatError, Reason
from xiezhi_domain.events.canonical_json import JsonObject, JsonValue, typed_fields
from xiezhi_domain.events.header import LATEST
from xiezhi_domain.handover.seizures import is_day, stated_seizures
from xiezhi_domain.ladder.refusal import Refusal
from xiezhi_domain.rulebook.move import FactRule, FactType, Move
from xiezhi_domain.terms import Act, Channel, Outcome, PaperType

LANES = frozenset({1, 2, 3})
"""1 urgent, 2 normal, 3 bulk."""
_ACTS = frozenset(Act)
_PAPERS = frozenset(PaperType)
_ITEM = [int, str]


class IssuedFacts(msgspec.Struct, frozen=True, gc=False):
    """What `Issued` says about the matter for good. `due` is ms since 1970; `items` number → act.

    `more` holds the facts that only some orders have, as they stand in the header: `phone_first` (sent by telephone
    before its papers), `oral_consent` (approved by word of mouth, not in writing yet), `urgent_reason`, `channel`,
    `backfilled`, `ordered` (sums in fen by item), `claim` (the sum claimed plus costs, in fen), `bundle` (id of the
    事项组), `about` and `links` (what a 督办 is about).
    Of a handover: `basis` (the legal ground), `dates` (the days that its tests need), `seizures` (those known).
    """

    kind: str
    number: str
    lane: int
    urgent: bool
    limit_days: int
    due: int
    items: Mapping[int, str]
    papers: Mapping[str, int]
    documents: int
    more: JsonObject

    @property
    def phone_first(self) -> bool:
        """Whether the matter was sent by telephone before its papers (practice.md §13)."""
        return self.more.get("phone_first") is True

    @property
    def oral_consent(self) -> bool:
        """Whether an approval was given by word of mouth and is not in writing yet (practice.md §13)."""
        return self.more.get("oral_consent") is True

    @property
    def ordered(self) -> dict[int, int]:
        """The sums ordered, in fen: item number → sum; empty where the order names none."""
        return item_sums(self.more, "ordered")

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
            **self.more,
        }


def issued_facts(facts: JsonObject) -> IssuedFacts:
    """Return the facts of an `Issued` header.

    :raises FormatError: a fact is missing, of the wrong type or unknown; an unknown act, paper or lane.
    """
    global _read_last  # noqa: PLW0603  whoever decides on an order folds it next: one memory for both
    last = _read_last
    if last is None or last[0] is not facts:
        last = _read_last = facts, _read(facts)
    return last[1]


_read_last: tuple[JsonObject, IssuedFacts] | None = None
"""The facts read last, which nobody changes, and what they say."""


def _read(facts: JsonObject) -> IssuedFacts:
    fields = typed_fields(facts, _ISSUED, "委托事件的事实项")
    # What people write belongs into the body, which can be erased.
    more = _more(facts) if facts.keys() - _NAMES else {}
    if not isinstance(facts.get("role", ""), str):
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
        more=more,
    )
    counts = (issued.limit_days, issued.due, issued.documents)
    if issued.lane not in LANES or min(counts) < 0:
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
_MORE: Final = {
    "phone_first": FactType.FLAG,
    "oral_consent": FactType.FLAG,
    "backfilled": FactType.FLAG,
    "channel": FactType.CODE,
    "urgent_reason": FactType.CODE,
    "about": FactType.CODE,
    "ordered": FactType.SUMS,
    "claim": FactType.COUNT,
    "bundle": FactType.ID,
    "links": FactType.IDS,
    "ranks": FactType.SUMS,
    "expiries": FactType.TIMES,
    "basis": FactType.CODE,
    "dates": FactType.DATES,
    "seizures": FactType.SEIZURES,
}


def _more(facts: JsonObject) -> JsonObject:
    more = {name: value for name, value in facts.items() if name not in _NAMES}
    if not more.keys() <= _MORE.keys() or not all(
        _CHECKS[_MORE[name]](value) for name, value in more.items()
    ):
        raise FormatError("委托事件含有未定义的事实项")
    if more.get("channel", Channel.PLATFORM) not in _CHANNELS:
        raise FormatError("委托事件的渠道不正确")
    return more


def check_facts(facts: JsonObject, move: Move) -> Refusal | None:
    """Refuse facts that *move* does not have: what people write belongs into the body, which can be erased."""
    if not facts.keys() <= move.fact_names:
        return Refusal(Reason.MALFORMED, detail="事件头含有未定义的事实项")
    if not move.required_facts <= facts.keys():
        return Refusal(Reason.INVALID_FIELD, detail=min(move.required_facts - facts.keys()))
    for rule in move.facts:
        if rule.name in facts and (refused := _wrong_fact(facts[rule.name], rule)):
            return refused
    return None


def _wrong_fact(value: JsonValue, rule: FactRule) -> Refusal | None:
    if not _CHECKS[rule.type](value):
        return Refusal(Reason.MALFORMED, detail=f"事实项 {rule.name} 的写法不正确")
    if rule.type is FactType.CODE and value not in rule.codes:
        return Refusal(Reason.INVALID_FIELD, detail=rule.name)
    return None


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


def item_sums(facts: JsonObject, name: str) -> dict[int, int]:
    """Return a fact that states a number for items, such as a sum in fen: item number → number.

    :raises FormatError: not of that shape, or an item twice.
    """
    sums: dict[int, int] = {}
    for row in _rows(facts, name):
        match row:
            case [int(number), int(amount)] if _are_counts(number, amount) and number not in sums:
                sums[number] = amount
            case _:
                raise FormatError(f"{name} 的写法不正确")
    return sums


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


_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COURT: Final = re.compile(COURT_CODE)
_CHANNELS: Final = frozenset(Channel)
_MOST_LINKS: Final = 32


def _is_id(value: JsonValue) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def _are_dates(value: JsonValue) -> bool:
    return isinstance(value, dict) and all(map(is_day, value.values()))


def _is_table(value: JsonValue) -> bool:
    return item_sums({"办理项": value}, "办理项") is not None


_CHECKS: Final[Mapping[FactType, Callable[[JsonValue], bool]]] = {
    FactType.CODE: lambda value: isinstance(value, str),
    FactType.TIME: lambda value: type(value) is int and 0 <= value <= LATEST,
    FactType.COUNT: lambda value: type(value) is int and value >= 0,
    FactType.FLAG: lambda value: type(value) is bool,
    FactType.COURT: lambda value: isinstance(value, str) and _COURT.fullmatch(value) is not None,
    FactType.ID: _is_id,
    FactType.IDS: lambda value: (
        isinstance(value, list) and len(value) <= _MOST_LINKS and all(_is_id(row) for row in value)
    ),
    FactType.PAPERS: lambda value: isinstance(value, dict) and _counts(value) is value,
    FactType.SUMS: _is_table,
    FactType.TIMES: _is_table,
    FactType.DAY: is_day,
    FactType.DATES: _are_dates,
    FactType.SEIZURES: lambda value: stated_seizures(value) is not None,
}
