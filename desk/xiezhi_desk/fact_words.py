"""The facts of a header in words, as the rulebook's move types them."""

from collections.abc import Iterator, Mapping
from typing import Final

from xiezhi_domain import terms
from xiezhi_domain.court_time import to_date, to_text
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Header
from xiezhi_domain.ladder.facts import text_fact
from xiezhi_domain.rulebook import FactRule, FactType, KindRules, Move
from xiezhi_domain.terms import EventKind

_TITLES: Final = {
    "reason": "理由",
    "status": "案件变更",
    "grade": EventKind.EVALUATED.zh,
    "ruling": "处理结果",
    "court": "应受托法院",
    "promise": "承诺时间",
}
_COURTS: Final = {EventKind.COURT_DESIGNATED: "指定执行的法院", EventKind.MATTERS_MOVED: "接收案件的法院"}
"""What a court is in these events; in the others it is the one that should have been asked."""


def fact_lines(header: Header, rules: KindRules) -> Iterator[str]:
    """Give a line for each fact of an event that says something to people."""
    move = rules.moves.get(header.kind)
    if move is None:
        return
    if move.starts:
        yield from _order_lines(header.facts, rules)
        return
    for rule in move.facts:
        if rule.name not in header.facts:
            continue
        value = header.facts[rule.name]
        if rule.type is FactType.CODE and isinstance(value, str):
            yield f"{_TITLES.get(rule.name, rule.name)}：{codes_of(rule, rules).get(value, value)}"
        elif rule.type is FactType.COURT:
            title = next((words for kind, words in _COURTS.items() if kind == header.kind), _TITLES["court"])
            yield f"{title}：{value}"
        elif rule.name == "until":
            yield f"暂缓执行至：{to_date(count_fact(header.facts, rule.name)).isoformat()}"
        elif rule.name == "promise":
            yield f"{_TITLES[rule.name]}：{to_text(count_fact(header.facts, rule.name))}"
        elif rule.name == "due":
            yield _due_line(move, count_fact(header.facts, rule.name))


def _order_lines(facts: JsonObject, rules: KindRules) -> Iterator[str]:
    code = text_fact(facts, "urgent_reason")
    if code:
        yield f"紧急：{rules.reasons.get('urgency', {}).get(code, code)}"
    if facts.get("oral_consent") is True:
        yield "审批人已口头同意，书面同意待补办"


def _due_line(move: Move, due: int) -> str:
    title = "申请延期至" if move.kind == EventKind.EXTENSION_ASKED else "办理期限"
    return f"{title}：{to_date(due).isoformat()}"


def codes_of(rule: FactRule, rules: KindRules) -> Mapping[str, str]:
    """Return the codes that a fact may be, with their words: a table of reasons, or a vocabulary of the terms."""
    return rules.reasons.get(rule.table) or {str(term): term.zh for term in getattr(terms, rule.table)}


def count_fact(facts: JsonObject, name: str) -> int:
    """Return the number of a fact; 0 if there is none."""
    value = facts.get(name, 0)
    return value if isinstance(value, int) else 0
