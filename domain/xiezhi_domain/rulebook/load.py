"""Reading a rulebook: every name in it is checked, so that a slip is found at start and not in a matter."""

import hashlib
from datetime import date
from functools import cache, reduce
from importlib import resources
from typing import Final

from xiezhi_domain.rulebook.document import AREA_KEYS, join_documents, read_document, split_documents
from xiezhi_domain.rulebook.kinds import over_ladder, read_kind
from xiezhi_domain.rulebook.ladders import OF_COURTS, citation_of, read_ladder
from xiezhi_domain.rulebook.model import OwnRules, Rulebook
from xiezhi_domain.rulebook.overlay import LocalRules, read_overlay
from xiezhi_domain.rulebook.table import Table

_MOST_DAYS: Final = 3650
"""That a court may look ahead: more is a slip."""


def load_rulebook(content: bytes) -> Rulebook:
    """Return the rulebook that *content* spells: one or several TOML documents (`document`).

    Documents that begin with `province` or `court` are overlays, all others make one rulebook together. Its hash is
    the SHA-256 of *content* in hex.

    :raises FormatError: not TOML, or a name, a type or a key that does not belong; says which, with file and line.
    """
    documents = [read_document(name, text) for name, text in split_documents(content)]
    base = _merge([table for table in documents if not _is_overlay(table)])
    version, valid_from = base.get("version", str), base.get_or("valid_from", date.min)
    grace_days = base.get_or("grace_days", 0)
    ladders = {name: read_ladder(name, table) for name, table in base.required_tables("ladder").items()}
    tables, own_rules = base.required_tables("kind"), _own_rules(base)
    base.finish()
    kinds = {}
    for name, table in tables.items():
        ladder = ladders.get(table.get("ladder", str))
        if ladder is None:
            raise table.slip(f"没有 ladder.{table.get('ladder', str)}", "ladder")
        kinds[name] = read_kind(name, over_ladder(table, ladder), ladder)
    overlays = [read_overlay(table, ladders, tables) for table in documents if _is_overlay(table)]
    local = LocalRules(ladders, tables, overlays) if overlays else None
    hash_ = hashlib.sha256(content).hexdigest()
    return Rulebook(hash_, content, version, valid_from, kinds, local, grace_days, own_rules)


@cache
def shipped_rulebook() -> Rulebook:
    """Return the rulebook that ships with this version of the platform."""
    files = sorted(
        resources.files("xiezhi_domain.rulebook").joinpath("data").iterdir(), key=lambda file: file.name
    )
    return load_rulebook(
        join_documents(
            (file.name, file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".toml")
        )
    )


def _own_rules(base: Table) -> OwnRules:
    """Read what a court decides alone, and how far ahead; where nothing is said, that is nothing."""
    if "own_rules" not in base:
        return OwnRules()
    table = base.table("own_rules")
    alone = table.names("alone")
    for key in sorted(alone - OF_COURTS):
        raise table.slip(f"{key} 不是法院可以自定的内容", "alone")
    found = OwnRules(alone, _days(table, "alone_days"), _days(table, "latest_days"), citation_of(table))
    table.finish()
    return found


def _days(table: Table, key: str) -> int:
    days = table.get_or(key, 0)
    if not 0 <= days <= _MOST_DAYS:
        raise table.slip(f"应为 0 至 {_MOST_DAYS} 天", key)
    return days


def _is_overlay(table: Table) -> bool:
    return any(key in table for key in AREA_KEYS)


def _merge(tables: list[Table]) -> Table:
    return reduce(lambda merged, table: table.beside(merged), tables, Table("", "rulebook.toml:1", {}, {}))
