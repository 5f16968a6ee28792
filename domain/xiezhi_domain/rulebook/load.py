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
    kinds = {name: _kind(name, value, ladders) for name, value in _table(data, "kind", "kind").items()}
    return Rulebook(hashlib.sha256(content).hexdigest(), content, _text(data, "version", "version"), kinds)


@cache
def shipped_rulebook() -> Rulebook:
    """Return the rulebook that ships with this version of the platform."""
    return load_rulebook(resources.files("xiezhi_domain.rulebook").joinpath("data/shipped.toml").read_bytes())


def _kind(name: str, data: Table, ladders: Table) -> KindRules:
    where = f"kind.{name}"
    ladder_name = _text(data, "ladder", where)
    ladder = _table(ladders, ladder_name, f"ladder.{ladder_name}")
    at = f"ladder.{ladder_name}"
    moves = {
        kind: _move(kind, move, f"{at}.moves.{kind}") for kind, move in _table(ladder, "moves", at).items()
    }
    limits = _table(data, "limits", where)
    handle = _table(limits, "handle", where)
    return KindRules(
        kind=name,
        name=_text(data, "name", where),
        number_word=_text(data, "number_word", where),
        moves=moves,
        limits={key: _limit(key, value, f"{where}.limits.{key}") for key, value in limits.items()},
        papers=tuple(_paper(rule, f"{where}.papers") for rule in data.get("papers", ())),
        acts=_terms(Act, data.get("acts", ()), where),
        subject_roles=_terms(SubjectRole, data.get("subject_roles", ()), where),
        drafting_roles={
            _term(Action, action, at): _terms(Role, roles, at)
            for action, roles in _table(ladder, "drafting", at).items()
        },
        item_reasons=dict(_table(ladder, "item_reasons", at)),
        return_reasons=dict(_table(ladder, "return_reasons", at)),
        rejection_reasons=dict(_table(ladder, "rejection_reasons", at)),
        min_limit_days=_get(handle, "min_days", int, f"{where}.limits.handle"),
        max_limit_days=_get(handle, "max_days", int, f"{where}.limits.handle"),
        max_items=_get(data, "max_items", int, where),
        confidential=_get(data, "confidential", bool, where),
        machine_receipt=_get(data, "machine_receipt", bool, where),
    )


_MOVE_KEYS = frozenset(
    {"action", "side", "roles", "from", "to", "base", "starts", "remembers", "resumes", "after"}
    | {"completes", "rejects", "source", "confirmed"}
)


def _move(kind: str, data: Table, where: str) -> Move:
    unknown = set(data) - _MOVE_KEYS
    if unknown:
        raise FormatError(f"规则库 {where} 含有未知的键 {sorted(unknown)}")
    base = data.get("base", "any")
    if base not in ("any", "exact"):
        raise FormatError(f"规则库 {where}.base 只能是 any 或 exact")
    return Move(
        kind=kind,
        action=_term(Action, data["action"], where) if "action" in data else None,
        side=_enum(Side, data.get("side"), where),
        roles=_terms(Role, data.get("roles", ()), where),
        origins=_terms(State, data.get("from", ()), where),
        to=_term(State, data["to"], where) if "to" in data else None,
        citation=_citation(data, where),
        exact=base == "exact",
        starts=bool(data.get("starts", False)),
        remembers=bool(data.get("remembers", False)),
        resumes=bool(data.get("resumes", False)),
        after=frozenset(data.get("after", ())),
        completes=bool(data.get("completes", False)),
        rejects=bool(data.get("rejects", False)),
    )


def _limit(name: str, data: Table, where: str) -> Limit:
    amount, unit = _get(data, "amount", int, where), _enum(Unit, data.get("unit"), where)
    return Limit(
        name=name,
        amount=amount,
        unit=unit,
        urgent_amount=data.get("urgent_amount", amount),
        urgent_unit=_enum(Unit, data.get("urgent_unit", unit), where),
        citation=_citation(data, where),
    )


def _paper(data: Table, where: str) -> PaperRule:
    return PaperRule(
        acts=_terms(Act, data.get("acts", ()), where),
        papers=tuple(_term(PaperType, paper, where) for paper in data.get("papers", ())),
        reason=_text(data, "reason", where),
        citation=_citation(data, where),
    )


def _citation(data: Table, where: str) -> Citation:
    return Citation(_text(data, "source", where), _get(data, "confirmed", bool, where))


def _table(data: Table, key: str, where: str) -> Table:
    return _get(data, key, dict, where)


def _text(data: Table, key: str, where: str) -> str:
    return _get(data, key, str, where)


def _get(data: Table, key: str, wanted: type[T], where: str) -> T:
    value = data.get(key)
    # Not isinstance: a boolean is no number here.
    if type(value) is not wanted:
        raise FormatError(f"规则库 {where} 缺少 {key}，或类型不对")
    return value


def _terms(vocabulary: type[TermT], names: Iterable[str], where: str) -> frozenset[TermT]:
    return frozenset(_term(vocabulary, name, where) for name in names)


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
