"""A rulebook in words: rows for tables that court staff read, and what has changed between two versions."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from xiezhi_domain.events.kinds import words
from xiezhi_domain.rulebook.document import read_document, split_documents
from xiezhi_domain.rulebook.model import Citation, KindRules, Limit, Owner, PaperRule, Rulebook, Side, Unit
from xiezhi_domain.rulebook.move import Move
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.terms import Act, State, Term

UNCONFIRMED: Final = "未确认"
ANY: Final = "全部"
_SIDES: Final[Mapping[Side, str]] = {
    Side.SENDER: "发起方",
    Side.RECEIVER: "承接方",
    Side.SUPERIOR: "共同上级法院",
    Side.HUB: "平台",
}
_OWNERS: Final[Mapping[Owner, str]] = {
    Owner.SENDER: "发起方",
    Owner.RECEIVER: "承接方",
    Owner.SUPERIOR: "上级法院",
}
_UNITS: Final[Mapping[Unit, str]] = {
    Unit.MINUTES: "分钟",
    Unit.HOURS: "小时",
    Unit.DAYS: "日",
    Unit.WORKING_DAYS: "个工作日",
    Unit.MONTHS: "个月",
    Unit.WORKING_MINUTES: "分钟（工作时间）",
    Unit.PERCENT: "%",
}


def names(terms: Iterable[Term]) -> str:
    """Return the Chinese words of *terms*, in the order of their identifiers."""
    return "、".join(term.zh for term in sorted(terms))


def source_of(citation: Citation) -> str:
    """Return where a rule comes from, marked where its text has not been confirmed."""
    return citation.source if citation.confirmed else f"{citation.source}（{UNCONFIRMED}）"


def length_of(limit: Limit) -> str:
    """Return how long a period is, for the urgent class too where it differs."""
    usual = f"{limit.amount}{_UNITS[limit.unit]}"
    urgent = f"{limit.urgent_amount}{_UNITS[limit.urgent_unit]}"
    return usual if usual == urgent else f"{usual}；紧急 {urgent}"


def act_rows(rules: KindRules) -> Iterator[tuple[str, str, str, str, str]]:
    """Give a row for each act: act, whom it may concern, papers, papers that may be added, proof of completion.

    A kind without acts has one row for all.
    """
    if not rules.acts and rules.papers:
        yield (
            ANY,
            "",
            _papers(rule for rule in rules.papers if not rule.optional),
            _papers(rule for rule in rules.papers if rule.optional),
            _papers(rules.feedback),
        )
    for act in sorted(rules.acts):
        needed = [rule for rule in rules.papers if _concerns(rule, act)]
        yield (
            act.zh,
            names(rules.roles_for(act)),
            _papers(rule for rule in needed if not rule.optional),
            _papers(rule for rule in needed if rule.optional),
            _papers(rule for rule in rules.feedback if _concerns(rule, act) and not rule.optional),
        )


def _concerns(rule: PaperRule, act: Act) -> bool:
    return not rule.acts or act in rule.acts


def _papers(rules: Iterable[PaperRule]) -> str:
    return "；".join(
        (" 或 " if rule.one_of else "、").join(paper.zh for paper in rule.papers)
        + ("（本地要求）" if rule.local else "")
        for rule in rules
    )


def enclosure_rows(rules: KindRules) -> Iterator[tuple[str, str, str, str, str]]:
    """Give a row for each rule on papers of later steps: steps, of whom, papers, papers that may be added, source."""
    for each in rules.enclosures:
        papers = _papers([each.papers])
        steps = [move for move in rules.moves.values() if move.kind in each.moves]
        sides = each.sides or frozenset().union(*(move.sides for move in steps))
        yield (
            "、".join(words(move.kind) for move in steps),
            "/".join(_SIDES[side] for side in sorted(sides)),
            "" if each.papers.optional else papers,
            papers if each.papers.optional else "",
            source_of(each.papers.citation),
        )


def move_rows(rules: KindRules) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Give a row for each move: event, who, from, to, conditions, source."""
    for move in rules.moves.values():
        people = names(move.roles) or "系统自动"
        side = "/".join(_SIDES[side] for side in sorted(move.sides))
        back = "原状态" if move.resumes else "不变"
        yield (
            words(move.kind),
            f"{side}：{people}",
            names(move.origins) or "—",
            move.to.zh if move.to else back,
            "；".join(_conditions(move, rules)),
            source_of(move.citation),
        )


def bar_rows(rules: KindRules) -> Iterator[tuple[str, str, str]]:
    """Give a row for each step that an article keeps off the ladder: event, what holds instead, source."""
    for kind, bar in rules.bars.items():
        yield words(kind), bar.text, source_of(bar.citation)


def _conditions(move: Move, rules: KindRules) -> Iterator[str]:
    if move.after:
        yield "此前应有" + "、".join(words(kind) for kind in sorted(move.after))
    if move.once:
        yield "只能一次"
    yield from (f"须有{rules.overlays[overlay].words}" for overlay in sorted(move.needs))
    yield from (f"不得有{rules.overlays[overlay].words}" for overlay in sorted(move.forbids))
    for state, limit in move.waits.items():
        yield f"{state.zh}时须{rules.limits[limit].title}届满"
    if move.window:
        yield f"须在{rules.limits[move.window].title}内"
    if move.gap:
        yield f"间隔{length_of(rules.limits[move.gap])}"
    if move.breaches:
        yield "对方须已超过" + "或".join(sorted(rules.limits[name].title for name in move.breaches))
    if move.reworks:
        yield f"“{State.REWORK.zh}”{move.reworks} 次后"
    yield from _matched(move, rules)
    if move.completes:
        yield "每个办理项都有结果"


def _matched(move: Move, rules: KindRules) -> Iterator[str]:
    """Give what its facts have to agree with, and how long what it orders may last."""
    for told in move.same.values():
        yield f"须与“{words(told.partition('.')[0])}”的记载一致"
    if move.logged:
        yield "须与平台日志的记载一致"
    if move.linked:
        yield "所下发的决定须载明本事项"
    for side, limit in move.lasts.items():
        yield f"{_SIDES[side]}：{rules.limits[limit].title}{length_of(rules.limits[limit])}"


def limit_rows(rules: KindRules) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    """Give a row for each period: name, length, starts, met by, paused in, charged to, source."""
    for limit in rules.limits.values():
        yield (
            limit.title,
            length_of(limit),
            _events(limit.starts, rules),
            _events(limit.stops, rules),
            names(limit.paused_in),
            _OWNERS[limit.owner] if limit.duty else "",
            source_of(limit.citation),
        )


def _events(kinds: Iterable[str], rules: KindRules) -> str:
    return "、".join(
        rules.limits[kind].title if kind in rules.limits else words(kind) for kind in sorted(kinds)
    )


def ground_rows(rules: KindRules) -> Iterator[tuple[str, str, str, str, str]]:
    """Give a row for each test of each legal ground: ground, where it holds, test, what has to be stated, source."""
    dates = rules.reasons.get("dates", {})
    for ground in rules.grounds.values():
        where = f"本省（{ground.province}）法院之间" if ground.province else ANY
        title = f"{ground.title}（{ground.code}）"
        for test in ground.tests:
            stated = "或者".join(dates.get(code, "登记簿中的首封日期") for code in test.dates)
            yield title, where, test.title, stated, source_of(test.citation)
        for court, citation in ground.designates.values():
            yield title, where, f"有争议的，共同上级法院可以指定：{court}", "", source_of(citation)


def differences(before: Rulebook, after: Rulebook) -> list[tuple[str, str, str]]:
    """Return what has changed: path of the key, value before, value after; empty where it did not stand."""
    old, new = _values(before), _values(after)
    paths = dict.fromkeys([*old, *new])
    return [(path, old.get(path, ""), new.get(path, "")) for path in paths if old.get(path) != new.get(path)]


def _values(rulebook: Rulebook) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in split_documents(rulebook.content):
        table = read_document(name, text)
        area = next((table.get(key, str) for key in ("court", "province") if key in table), "")
        found |= dict(_leaves(table, f"{area}:" if area else ""))
    return found


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Table):
        for key, each in value.values.items():
            joint = "" if not path or path.endswith(":") else "."
            yield from _leaves(each, f"{path}{joint}{key}")
    elif isinstance(value, list) and any(isinstance(row, Table) for row in value):
        for number, row in enumerate(value, 1):
            yield from _leaves(row, f"{path}[{number}]")
    elif isinstance(value, list):
        yield path, "、".join(str(row) for row in value)
    else:
        yield path, str(value)
