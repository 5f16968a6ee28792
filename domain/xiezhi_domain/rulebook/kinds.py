"""Reading a kind of matter: its limits, papers and approvals, laid over what its ladder says for all kinds."""

from collections.abc import Iterable, Mapping

from xiezhi_domain.rulebook.content import OnlyOn, read_content
from xiezhi_domain.rulebook.grounds import read_grounds
from xiezhi_domain.rulebook.ladders import CONTENT, SHARED, Ladder, citation_of, sides_of
from xiezhi_domain.rulebook.model import (
    ApprovalStep,
    Enclosure,
    KindRules,
    Limit,
    Owner,
    PaperRule,
    Scope,
    Side,
    Unit,
)
from xiezhi_domain.rulebook.move import Move, NewDue
from xiezhi_domain.rulebook.table import Table
from xiezhi_domain.terms import Act, Channel, PaperType, Role, State, SubjectRole

_DUE_LIMITS = {
    NewDue.EXTEND: frozenset({"extension"}),
    NewDue.REDO: frozenset({"redo"}),
    NewDue.ORDERED: frozenset({"ordered"}),
}


def over_ladder(table: Table, ladder: Ladder) -> Table:
    """Return the table of a kind laid over what its ladder says for all kinds."""
    return table.over(ladder.table.only(SHARED | CONTENT))


def read_kind(name: str, table: Table, ladder: Ladder) -> KindRules:
    """Return the rules of the kind *name*; *table* is laid over its ladder already.

    :raises FormatError: names what does not belong, and where.
    """
    table.get("ladder", str)
    limits_table = table.table("limits")
    handle = limits_table.table("handle")
    low, high = handle.get("min_days", int), handle.get("max_days", int)
    limits = {key: _limit(key, each) for key, each in limits_table.all_tables().items()}
    acts, subject_roles = table.terms(Act, "acts"), table.terms(SubjectRole, "subject_roles")
    content = read_content(table, acts)
    rules = KindRules(
        kind=name,
        name=table.get("name", str),
        ladder=ladder.name,
        number_word=table.get("number_word", str),
        moves=_moves(table, ladder),
        limits=limits,
        papers=_papers(table, "papers", acts),
        feedback=_papers(table, "feedback", acts),
        enclosures=tuple(_enclosure(row, ladder) for row in table.rows("enclosures", Table)),
        approval=_approval(table),
        acts=acts,
        subject_roles=subject_roles,
        act_roles=_act_roles(table, subject_roles, content.only_on.values()),
        content=content,
        phone_first_acts=table.terms(Act, "phone_first_acts"),
        drafting_roles=ladder.drafting_roles,
        bars=ladder.bars,
        overlays=ladder.overlays,
        reasons={"item": {}, "return": {}, "rejection": {}, **ladder.reasons},
        min_limit_days=low,
        max_limit_days=high,
        max_items=table.get("max_items", int),
        confidential=table.get("confidential", bool),
        machine_receipt=table.get("machine_receipt", bool),
        complete_papers=table.get_or("complete_papers", False),
        within_province=table.get_or("within_province", True),
        same_level=table.get_or("same_level", False),
        channel=table.term_or_none(Channel, "channel") or Channel.PLATFORM,
        grounds=read_grounds(table, ladder.reasons.get("dates", {})),
    )
    table.finish()
    _check_limits(limits, ladder.moves, limits_table)
    _check_moves(ladder.moves, limits, table)
    return rules


def _moves(table: Table, ladder: Ladder) -> Mapping[str, Move]:
    """Return the moves of the ladder but those that the kind does `without`."""
    without = table.names("without")
    for kind in sorted(without):
        if kind not in ladder.moves or ladder.moves[kind].starts:
            raise table.slip(f"{kind} 不是可以不要的一步", "without")
    return {kind: move for kind, move in ladder.moves.items() if kind not in without}


def _limit(name: str, table: Table) -> Limit:
    amount, unit = table.get("amount", int), table.choice(Unit, "unit")
    limit = Limit(
        name=name,
        title=table.get("title", str),
        amount=amount,
        unit=unit,
        urgent_amount=table.get_or("urgent_amount", amount),
        urgent_unit=table.choice(Unit, "urgent_unit", unit),
        citation=citation_of(table),
        starts=table.names("starts"),
        stops=table.names("stops"),
        paused_in=table.terms(State, "paused_in"),
        restarts=table.words("restarts"),
        owner=table.choice(Owner, "owner", Owner.RECEIVER),
        warn=tuple(table.rows("warn", int)),
        duty=table.get_or("duty", True),
        scope=table.choice(Scope, "scope", Scope.ALL),
        needs_call=table.get_or("needs_call", False),
        logs=table.get_or("logs", ""),
    )
    table.finish()
    return limit


def _papers(table: Table, key: str, acts: frozenset[Act]) -> tuple[PaperRule, ...]:
    """Read rules on papers; those of the ladder for acts that the kind has not do not concern it."""
    rules = [_paper(row) for row in table.rows(key, Table)]
    return tuple(rule for rule in rules if not rule.acts or rule.acts & acts)


def _enclosure(table: Table, ladder: Ladder) -> Enclosure:
    moves = table.names("moves")
    for kind in sorted(moves - ladder.moves.keys()) or ([] if moves else [""]):
        raise table.slip(f"没有 {kind} 这一步" if kind else "缺少 moves", "moves")
    return Enclosure(moves, sides_of(table) if "side" in table else frozenset(), _paper(table))


def _paper(table: Table) -> PaperRule:
    rule = PaperRule(
        acts=table.terms(Act, "acts"),
        papers=tuple(table.named(PaperType, paper, "papers") for paper in table.rows("papers", str)),
        reason=table.get("reason", str),
        citation=citation_of(table),
        optional=table.get_or("optional", False),
        one_of=table.get_or("one_of", False),
        local=table.get_or("local", False),
    )
    table.finish()
    return rule


def _approval(table: Table) -> tuple[ApprovalStep, ...]:
    steps: list[tuple[int, ApprovalStep]] = []
    for each in table.tables("approval").values():
        roles, acts = each.terms(Role, "roles"), each.terms(Act, "acts")
        step = ApprovalStep(roles, acts, each.get_or("above", 0), citation_of(each))
        if roles:
            steps.append((each.get("order", int), step))
        else:
            each.get_or("order", 0)
        each.finish()
    return tuple(step for _, step in sorted(steps, key=lambda ordered: ordered[0]))


def _act_roles(
    table: Table, usual: frozenset[SubjectRole], only_on: Iterable[OnlyOn]
) -> Mapping[Act, frozenset[SubjectRole]]:
    """Read the roles of acts that differ from the *usual* ones, no wider than the ladder lets them be."""
    found = {}
    if "act_roles" in table:
        roles = table.table("act_roles")
        found = {roles.named(Act, act, act): roles.terms(SubjectRole, act) for act in roles}
    return found | {each.act: found.get(each.act, usual) & each.roles for each in only_on}


def _check_limits(limits: Mapping[str, Limit], moves: Mapping[str, Move], table: Table) -> None:
    known = moves.keys() | limits.keys()
    for name, limit in limits.items():
        named = (
            ("starts", limit.starts, known),
            ("stops", limit.stops, moves.keys()),
            ("restarts", limit.restarts.keys(), moves.keys()),
            ("restarts", limit.restarts.values(), limits.keys()),
        )
        for key, names, allowed in named:
            _check(names, allowed, table.table(name), key)
        if limit.duty and not (limit.starts and limit.stops):
            raise table.table(name).slip("期限应写明 starts 和 stops；只作窗口的写 duty = false")
        if limit.logs and not (limit.duty and limit.logs in moves and Side.HUB in moves[limit.logs].sides):
            raise table.table(name).slip(f"{limit.logs} 不是由平台记录的一步，或本项只作窗口", "logs")


def _check_moves(moves: Mapping[str, Move], limits: Mapping[str, Limit], table: Table) -> None:
    for move in moves.values():
        wanted = {*move.waits.values(), *move.awaits.values(), *move.breaches, *move.beyond.values()}
        wanted |= set(move.lasts.values())
        wanted = (wanted | {move.window, move.gap}) - {""}
        wanted |= _DUE_LIMITS.get(move.due, frozenset()) if move.due else frozenset()
        for name in sorted(wanted - limits.keys()):
            raise table.slip(f"{move.kind} 要用的期限 {name} 没有写", "limits")


def _check(names: Iterable[str], allowed: Iterable[str], table: Table, key: str) -> None:
    for name in sorted(names):
        if name not in allowed:
            raise table.slip(f"{name} 既不是一步，也不是期限", key)
