"""Reading a rulebook: every name in it is checked, so that a slip is found at start and not in a matter."""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from xiezhi_domain.errors import FormatError
from xiezhi_domain.rulebook.model import Citation, KindRules, Limit, Move, PaperRule, Rulebook, Side, Unit
from xiezhi_domain.terms import Act, Action, PaperType, Role, State, SubjectRole, Term

Table = Mapping[str, Any]
T = TypeVar("T")
TermT = TypeVar("TermT", bound=Term)


def load_rulebook(content: bytes) -> Rulebook:
    """Return the rulebook that *content* (TOML) spells; its hash is the SHA-256 of *content* in hex.

    :raises FormatError: not TOML, or a name, a type or a key that does not belong; says which.
    """
    try:
        data = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormatError(f"规则库不是合法的 TOML：{error}") from error
    ladders = _table(data, "ladder", "ladder")
    kinds = {name: _kind(name, ladders, value) for name, value in _tables(data, "kind", "kind")}
    return Rulebook(hashlib.sha256(content).hexdigest(), content, _text(data, "version", "version"), kinds)


@cache
def shipped_rulebook() -> Rulebook:
    """Return the rulebook that ships with this version of the platform."""
    return load_rulebook(resources.files("xiezhi_domain.rulebook").joinpath("data/shipped.toml").read_bytes())


def _kind(name: str, ladders: Table, data: Table) -> KindRules:
    where = f"kind.{name}"
    ladder_name = _text(data, "ladder", where)
    ladder = _table(ladders, ladder_name, f"ladder.{ladder_name}")
    at = f"ladder.{ladder_name}"
    handle = _table(_table(data, "limits", where), "handle", f"{where}.limits")
    return KindRules(
        kind=name,
        name=_text(data, "name", where),
        number_word=_text(data, "number_word", where),
        moves=_moves(ladder, at),
        limits={
            key: _limit(key, value, f"{where}.limits.{key}") for key, value in _tables(data, "limits", where)
        },
        papers=tuple(_paper(rule, f"{where}.papers") for rule in _list(data, "papers", dict, where)),
        acts=_terms(Act, data, "acts", where),
        subject_roles=_terms(SubjectRole, data, "subject_roles", where),
        drafting_roles=_drafting_roles(_table(ladder, "drafting", at), f"{at}.drafting"),
        item_reasons=_words(ladder, "item_reasons", at),
        return_reasons=_words(ladder, "return_reasons", at),
        rejection_reasons=_words(ladder, "rejection_reasons", at),
        min_limit_days=_get(handle, "min_days", int, f"{where}.limits.handle"),
        max_limit_days=_get(handle, "max_days", int, f"{where}.limits.handle"),
        max_items=_get(data, "max_items", int, where),
        confidential=_get(data, "confidential", bool, where),
        machine_receipt=_get(data, "machine_receipt", bool, where),
    )


_MOVE_KEYS = frozenset(
    {"action", "side", "roles", "from", "to", "base", "starts", "remembers", "resumes", "after"}
    | {"reports", "completes", "rejects", "source", "confirmed"}
)


def _moves(ladder: Table, at: str) -> dict[str, Move]:
    moves = {kind: _move(kind, move, f"{at}.moves.{kind}") for kind, move in _tables(ladder, "moves", at)}
    if [move.to is not None for move in moves.values() if move.starts] != [True]:
        raise FormatError(f"规则库 {at}.moves 应恰有一个 starts，且写明 to")
    for move in moves.values():
        if unknown := move.after - moves.keys():
            raise FormatError(f"规则库 {at}.moves.{move.kind}.after 中没有 {sorted(unknown)} 这一步")
    return moves


def _drafting_roles(data: Table, where: str) -> dict[Action, frozenset[Role]]:
    return {_term(Action, action, where): _terms(Role, data, action, where) for action in data}


def _move(kind: str, data: Table, where: str) -> Move:
    unknown = set(data) - _MOVE_KEYS
    if unknown:
        raise FormatError(f"规则库 {where} 含有未知的键 {sorted(unknown)}")
    base = data.get("base", "any")
    if base not in ("any", "exact"):
        raise FormatError(f"规则库 {where}.base 只能是 any 或 exact")
    return Move(
        kind=kind,
        action=_optional(Action, data, "action", where),
        side=_enum(Side, data.get("side"), where),
        roles=_terms(Role, data, "roles", where),
        origins=_terms(State, data, "from", where),
        to=_optional(State, data, "to", where),
        citation=_citation(data, where),
        exact=base == "exact",
        starts=_flag(data, "starts", where),
        remembers=_flag(data, "remembers", where),
        resumes=_flag(data, "resumes", where),
        after=frozenset(_list(data, "after", str, where)),
        reports=_flag(data, "reports", where),
        completes=_flag(data, "completes", where),
        rejects=_flag(data, "rejects", where),
    )


def _limit(name: str, data: Table, where: str) -> Limit:
    amount, unit = _get(data, "amount", int, where), _enum(Unit, data.get("unit"), where)
    return Limit(
        name=name,
        amount=amount,
        unit=unit,
        urgent_amount=_get({"urgent_amount": amount, **data}, "urgent_amount", int, where),
        urgent_unit=_enum(Unit, data.get("urgent_unit", unit), where),
        citation=_citation(data, where),
    )


def _paper(data: Table, where: str) -> PaperRule:
    return PaperRule(
        acts=_terms(Act, data, "acts", where),
        papers=tuple(_term(PaperType, paper, where) for paper in _list(data, "papers", str, where)),
        reason=_text(data, "reason", where),
        citation=_citation(data, where),
    )


def _citation(data: Table, where: str) -> Citation:
    return Citation(_text(data, "source", where), _get(data, "confirmed", bool, where))


def _table(data: Table, key: str, where: str) -> Table:
    return _get(data, key, dict, where)


def _tables(data: Table, key: str, where: str) -> Iterable[tuple[str, Table]]:
    table = _table(data, key, where)
    return [(name, _table(table, name, f"{where}.{key}")) for name in table]


def _words(data: Table, key: str, where: str) -> dict[str, str]:
    table = _table(data, key, where)
    return {code: _text(table, code, f"{where}.{key}") for code in table}


def _text(data: Table, key: str, where: str) -> str:
    return _get(data, key, str, where)


def _flag(data: Table, key: str, where: str) -> bool:
    return key in data and _get(data, key, bool, where)


def _list(data: Table, key: str, wanted: type[T], where: str) -> list[T]:
    rows = _get(data, key, list, where) if key in data else []
    return [_get({key: row}, key, wanted, where) for row in rows]


def _get(data: Table, key: str, wanted: type[T], where: str) -> T:
    value = data.get(key)
    # Not isinstance: a boolean is no number here.
    if type(value) is not wanted:
        raise FormatError(f"规则库 {where} 缺少 {key}，或类型不对")
    return value


def _terms(vocabulary: type[TermT], data: Table, key: str, where: str) -> frozenset[TermT]:
    return frozenset(_term(vocabulary, name, where) for name in _list(data, key, str, where))


def _optional(vocabulary: type[TermT], data: Table, key: str, where: str) -> TermT | None:
    return _term(vocabulary, _text(data, key, where), where) if key in data else None


def _term(vocabulary: type[TermT], name: str, where: str) -> TermT:
    try:
        return vocabulary(name)
    except ValueError:
        raise FormatError(f"规则库 {where} 中 {vocabulary.__name__} 没有 {name}") from None


def _enum(choices: Callable[[Any], T], name: object, where: str) -> T:
    try:
        return choices(name)
    except ValueError:
        raise FormatError(f"规则库 {where} 中的 {name} 不在允许的取值内") from None
