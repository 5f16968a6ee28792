"""Reading a ladder: its moves, its reasons, and who drafts. Every name is checked against the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xiezhi_domain import terms
from xiezhi_domain.rulebook.move import (
    Bar,
    Citation,
    FactRule,
    FactType,
    MatterOverlay,
    Move,
    NewDue,
    Party,
    Side,
)
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.terms import Action, Appeal, Mark, Role, State

SHARED = frozenset({"limits", "papers", "feedback", "approval", "channel", "within_province"})
"""What a ladder says for its kinds, and a kind or a court may lay its own over."""
OF_COURTS = SHARED - {"within_province"}
"""What of it a court may say in a document of its own."""
CONTENT = frozenset({"fields", "measures", "longest", "only_on", "enclosures"})
"""What a ladder says for its kinds, and a kind may lay its own over, but no court."""
_BOTH = {"both": frozenset({Side.SENDER, Side.RECEIVER})}
_TYPES = frozenset(FactType) - {FactType.CODE}
_KEYS = frozenset({"moves", "reasons", "overlays", "drafting", "bars"}) | SHARED | CONTENT
Reasons = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Ladder:
    """What all kinds on a ladder share.

    `overlays` are what moves open and close; `bars` say which steps of other ladders the law keeps
    off this one. `table` still holds what a kind may lay its own over: limits, papers.
    """

    name: str
    moves: Mapping[str, Move]
    reasons: Reasons
    overlays: Mapping[str, MatterOverlay]
    drafting_roles: Mapping[Action, frozenset[Role]]
    bars: Mapping[str, Bar]
    table: Table


def read_ladder(name: str, table: Table) -> Ladder:
    """Return the ladder that *table* describes.

    :raises FormatError: names what does not belong, and where.
    """
    table.only(_KEYS, strict=True)
    reasons = {key: words.words_of_all() for key, words in table.tables("reasons").items()}
    overlays = _overlays(table)
    moves_table = table.table("moves")
    tables = moves_table.all_tables()
    moves = {kind: _move(kind, move, reasons) for kind, move in tables.items()}
    _check_start(moves, moves_table)
    for kind, move in moves.items():
        _check_names(move, moves, tables[kind])
        for opened in sorted({move.opens, *move.opens_for.values()} - {"", *overlays}):
            raise tables[kind].slip(f"overlays 中没有 {opened}", "opens")
    _check_reachable(moves, tables)
    moves = {kind: replace(move, keeps=_kept(move, moves)) for kind, move in moves.items()}
    drafting = table.table("drafting")
    roles = {drafting.named(Action, action, action): drafting.terms(Role, action) for action in drafting}
    bars = {kind: _bar(kind, bar, moves) for kind, bar in table.tables("bars").items()}
    return Ladder(name, moves, reasons, overlays, roles, bars, table)


def citation_of(table: Table) -> Citation:
    """Return where the rule in *table* comes from."""
    return Citation(table.get("source", str), table.get("confirmed", bool))


def _move(kind: str, table: Table, reasons: Reasons) -> Move:
    move = Move(
        kind=kind,
        action=table.term_or_none(Action, "action"),
        sides=sides_of(table),
        roles=table.terms(Role, "roles"),
        origins=table.terms(State, "from"),
        to=table.term_or_none(State, "to"),
        citation=citation_of(table),
        exact=_is_exact(table),
        starts=table.get_or("starts", False),
        remembers=table.get_or("remembers", False),
        resumes=table.get_or("resumes", False),
        after=table.names("after"),
        reports=table.get_or("reports", False),
        completes=table.get_or("completes", False),
        rejects=table.get_or("rejects", False),
        facts=_facts(table, reasons),
        receipt=table.names("receipt"),
        once=table.get_or("once", False),
        reworks=table.get_or("reworks", 0),
        urgent_only=table.get_or("urgent_only", False),
        after_for=table.words("after_for"),
        waits={table.named(State, state, "waits"): limit for state, limit in table.words("waits").items()},
        awaits=table.words("awaits"),
        window=table.get_or("window", ""),
        gap=table.get_or("gap", ""),
        breaches=table.names("breaches"),
        done_before=table.get_or("done_before", ""),
        supplies=table.get_or("supplies", False),
        opens=table.get_or("opens", ""),
        opens_for=table.words("opens_for"),
        closes=table.names("closes"),
        needs=table.names("needs"),
        forbids=table.names("forbids"),
        forgets=table.names("forgets"),
        changes=table.choice(Party, "changes") if "changes" in table else None,
        due=table.choice(NewDue, "due") if "due" in table else None,
        pauses=table.get_or("pauses", False),
        unpauses=table.get_or("unpauses", False),
        makes_ordinary=table.get_or("makes_ordinary", False),
        beyond=table.words("beyond"),
        balances={name: tuple(parts.split()) for name, parts in table.words("balances").items()},
        same=table.words("same"),
        logged=table.words("logged"),
        linked=table.get_or("linked", ""),
        lasts={table.one_of(Side, side, "lasts"): limit for side, limit in table.words("lasts").items()},
        until_for=table.names("until_for"),
        lengthens=table.get_or("lengthens", False),
    )
    table.finish()
    return move


def _overlays(table: Table) -> Mapping[str, MatterOverlay]:
    """Read `overlays`: name = its words, or a table of words, mark and appeal."""
    if "overlays" not in table:
        return {}
    named = table.table("overlays")
    return {
        name: _overlay(named.table(name)) if isinstance(value, Table) else MatterOverlay(named.get(name, str))
        for name, value in named.values.items()
    }


def _overlay(table: Table) -> MatterOverlay:
    overlay = MatterOverlay(
        table.get("words", str), table.term_or_none(Mark, "mark"), table.term_or_none(Appeal, "appeal")
    )
    table.finish()
    return overlay


def _bar(kind: str, table: Table, moves: Mapping[str, Move]) -> Bar:
    if kind in moves:
        raise table.slip(f"{kind} 是本阶梯的一步，不能同时禁止")
    bar = Bar(table.get("text", str), citation_of(table))
    table.finish()
    return bar


def sides_of(table: Table) -> frozenset[Side]:
    """Return the courts that *table* names in `side`.

    :raises FormatError: none, or no such side.
    """
    names = table.names("side")
    if not names:
        raise table.slip("缺少 side", "side")
    found: frozenset[Side] = frozenset()
    for name in names:
        found |= _BOTH.get(name) or {table.one_of(Side, name, "side")}
    return found


def _is_exact(table: Table) -> bool:
    base = table.get_or("base", "any")
    if base not in ("any", "exact"):
        raise table.slip("只能是 any 或 exact", "base")
    return base == "exact"


def _facts(table: Table, reasons: Reasons) -> tuple[FactRule, ...]:
    """Read `facts`: name = a type, a table of reasons or a vocabulary of the terms; `?` where it may be left out."""
    found = []
    for name, spelled in table.words("facts").items():
        word = spelled.removesuffix("?")
        if word in _TYPES:
            found.append(FactRule(name, FactType(word), word == spelled))
        elif word in reasons or word in terms.__all__:
            codes = frozenset(reasons.get(word, ())) or frozenset(getattr(terms, word))
            found.append(FactRule(name, FactType.CODE, word == spelled, word, codes))
        else:
            raise table.slip(f"{name} 的类型 {word} 不是事实类型，也不是原因表或词表", "facts")
    return tuple(found)


def _check_start(moves: Mapping[str, Move], table: Table) -> None:
    if [move.to is not None for move in moves.values() if move.starts] != [True]:
        raise table.slip("应恰有一个 starts，且写明 to")


def _check_names(move: Move, moves: Mapping[str, Move], table: Table) -> None:
    _check_steps(move, moves, table)
    opened = {name for other in moves.values() for name in (other.opens, *other.opens_for.values())}
    named = {*move.beyond, *move.balances, *(part for parts in move.balances.values() for part in parts)}
    named |= {*move.same, *move.logged, *move.logged.values(), move.linked} - {""}
    for name in sorted(named - {fact.name for fact in move.facts if fact.required}):
        raise table.slip(f"{name} 不是必填的事实", "facts")
    for name, told in sorted(move.same.items()):
        if told not in _tellable(moves):
            raise table.slip(f"{told} 不是先前事件或者其必填的事实", f"same.{name}")
    if move.lasts:
        _check_lasts(move, table)
    if move.opens_for and not move.starts:
        raise table.slip("只用于开始事项的一步", "opens_for")
    for key, overlays in (("closes", move.closes), ("needs", move.needs), ("forbids", move.forbids)):
        for name in sorted(overlays - opened):
            raise table.slip(f"没有一步会打开 {name}", key)
    for other in moves.values():
        if move.action is not None and other.action is move.action and other.roles != move.roles:
            raise table.slip(f"与 {other.kind} 是同一操作，岗位却不同", "roles")


def _check_lasts(move: Move, table: Table) -> None:
    facts = {fact.name: fact for fact in move.facts}
    if "until" not in facts or facts["until"].type is not FactType.TIME:
        raise table.slip("没有 until 这一时间事实", "lasts")
    if not move.sides <= move.lasts.keys():
        raise table.slip(f"没有写明 {min(move.sides - move.lasts.keys())} 一方的最长期限", "lasts")
    reasons = facts["reason"].codes if "reason" in facts else frozenset()
    for code in sorted(move.until_for - reasons):
        raise table.slip(f"{code} 不在 reason 的取值内", "until_for")


def _tellable(moves: Mapping[str, Move]) -> frozenset[str]:
    """Return what `same` may name: events but the first, and their facts that are always there."""
    later = [move for move in moves.values() if not move.starts]
    facts = {f"{move.kind}.{fact.name}" for move in later for fact in move.facts if fact.required}
    return frozenset(facts | {move.kind for move in later})


def _kept(move: Move, moves: Mapping[str, Move]) -> frozenset[str]:
    named = {told for other in moves.values() for told in other.same.values()}
    return frozenset(told for told in named if told.partition(".")[0] == move.kind)


def _check_steps(move: Move, moves: Mapping[str, Move], table: Table) -> None:
    events = {"after": move.after, "awaits": move.awaits, "receipt": move.receipt, "forgets": move.forgets}
    for key, names in events.items():
        for name in sorted(set(names) - moves.keys()):
            raise table.slip(f"没有 {name} 这一步", key)
    earlier = {*move.after_for.values(), move.done_before} - {""}
    for name in sorted(earlier - moves.keys()):
        raise table.slip(f"没有 {name} 这一步")


def _check_reachable(moves: Mapping[str, Move], tables: Mapping[str, Table]) -> None:
    """Refuse moves from a state that no move leads to: a slip of the pen that would never be seen at work."""
    reached = {move.to for move in moves.values() if move.to is not None}
    for kind, move in moves.items():
        for state in sorted(move.origins - reached):
            raise tables[kind].slip(f"没有一步会到达 {state}", "from")
