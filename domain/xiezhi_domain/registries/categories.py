"""The categories of registries, read from TOML: those that ship, with a court's own laid over them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from xiezhi_domain.terms import PropertyCategory

LONGEST_TIMEOUT_S: Final = 600.0
_PLAIN: Final = {"name": str, "timeout_s": float | int, "confirmed": bool}
_FIELDS: Final = frozenset({"name", "asked_about", "properties", "timeout_s", "confirmed"})


class AskedAbout(StrEnum):
    """Whom a category can be asked about."""

    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"


@dataclass(frozen=True, slots=True)
class Category:
    """One category.

    `properties` are what its records may be (none: facts alone), `timeout_s` how long an answer may take,
    `confirmed` whether a court has confirmed that it is asked.
    """

    code: str
    name: str
    asked_about: frozenset[AskedAbout]
    properties: frozenset[PropertyCategory]
    timeout_s: float
    confirmed: bool


@cache
def shipped_categories() -> Mapping[str, Category]:
    """Return the thirteen categories that ship, by code, in the order in which they are shown."""
    text = resources.files("xiezhi_domain.registries").joinpath("categories.toml").read_text(encoding="utf-8")
    return _laid_over({}, tomllib.loads(text)["category"])


def read_categories(own: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Category]:
    """Return the shipped categories with a court's own tables laid over them, by code.

    :raises ValueError: a table names an unknown field or value, or a new category lacks one.
    """
    return _laid_over(shipped_categories(), own)


def _laid_over(shipped: Mapping[str, Category], own: Mapping[str, Mapping[str, Any]]) -> dict[str, Category]:
    found = dict(shipped)
    for code, table in own.items():
        if unknown := table.keys() - _FIELDS:
            raise ValueError(f"category.{code}: unknown field {', '.join(sorted(unknown))}")
        found[code] = _category(code, found.get(code), table)
    return found


def _category(code: str, before: Category | None, table: Mapping[str, Any]) -> Category:
    if before is None and (missing := _FIELDS - table.keys()):
        raise ValueError(f"category.{code}: {', '.join(sorted(missing))} missing")
    wrong = [name for name in table.keys() & _PLAIN if not isinstance(table[name], _PLAIN[name])]
    if wrong:
        raise ValueError(f"category.{code}: wrong type of {', '.join(wrong)}")
    try:
        values = dict(table)
        if "asked_about" in values:
            values["asked_about"] = frozenset(map(AskedAbout, values["asked_about"]))
        if "properties" in values:
            values["properties"] = frozenset(map(PropertyCategory, values["properties"]))
        category = replace(before, **values) if before else Category(code=code, **values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"category.{code}: {error}") from error
    if not 0 < category.timeout_s <= LONGEST_TIMEOUT_S:
        raise ValueError(f"category.{code}: timeout_s must be above 0 and at most {LONGEST_TIMEOUT_S:g}")
    return category
