"""The definitions of indicators as data: variants, version, validity, and what the courts decide about them."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from xiezhi_domain.errors import FormatError, InvalidInput
from xiezhi_domain.indicators.counting import COUNTINGS
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.terms import Indicator, ReturnCause, Variant


class Measure(StrEnum):
    """What a figure is: a share, a mean of days, or a number of matters."""

    RATE = "RATE"
    DAYS = "DAYS"
    COUNT = "COUNT"


class Charged(StrEnum):
    """Whose figure it is."""

    SENDER = "SENDER"
    RECEIVER = "RECEIVER"


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one indicator. `variants` has the formula in words of each variant.

    `high_is_better` is None where courts are not ranked by it.
    """

    indicator: Indicator
    measure: Measure
    charged: Charged
    high_is_better: bool | None
    version: int
    valid_from: date
    valid_to: date | None
    variants: Mapping[Variant, str]
    source: str
    confirmed: bool

    def is_valid_on(self, day: date) -> bool:
        """Say whether figures of a period that ends on *day* are made by it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Edition:
    """All definitions together, addressed by the SHA-256 of their text."""

    hash: str
    version: str
    definitions: tuple[Definition, ...]
    return_causes: Mapping[str, ReturnCause]
    least_to_rank: int
    objection_working_days: int

    def on(self, day: date) -> tuple[Definition, ...]:
        """Return the definitions for a period that ends on *day*."""
        return tuple(each for each in self.definitions if each.is_valid_on(day))

    def find(self, indicator: Indicator, day: date) -> Definition:
        """Return the definition of *indicator* for a period that ends on *day*.

        :raises InvalidInput: there is none for such a period.
        """
        for each in self.on(day):
            if each.indicator is indicator:
                return each
        raise InvalidInput.in_field("period", f"“{indicator.zh}”在该统计期间没有生效的口径，请调整期间")

    def cause(self, reason: str) -> ReturnCause:
        """Return with whom the cause of a return lies; a reason that nobody has placed is objective."""
        return self.return_causes.get(reason, ReturnCause.OBJECTIVE)


@cache
def shipped_edition() -> Edition:
    """Return the definitions that ship with this version of the platform."""
    return load_edition(
        resources.files("xiezhi_domain.indicators").joinpath("data/indicators.toml").read_bytes()
    )


def load_edition(content: bytes) -> Edition:
    """Return the edition that *content* (TOML) spells.

    :raises FormatError: not TOML, a key missing or superfluous, a name that the terms do not have, a variant that
        nothing counts, or two definitions of an indicator for one day.
    """
    try:
        data = read_toml(content.decode())
        edition = Edition(
            hash=hashlib.sha256(content).hexdigest(),
            version=data.pop("version"),
            definitions=tuple(_definition(each) for each in data.pop("indicator")),
            return_causes={reason: ReturnCause(cause) for reason, cause in data.pop("return_causes").items()},
            least_to_rank=data.pop("least_to_rank"),
            objection_working_days=data.pop("objection_working_days"),
        )
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise FormatError(f"指标口径文件有误：{error}") from error
    if data:
        raise FormatError(f"指标口径文件含有未知的键 {sorted(data)}")
    _check_validity(edition)
    return edition


def _definition(data: dict[str, Any]) -> Definition:
    indicator = Indicator(data.pop("id"))
    better = data.pop("better", None)
    made = Definition(
        indicator=indicator,
        measure=Measure(data.pop("unit")),
        charged=Charged(data.pop("charged", Charged.RECEIVER)),
        high_is_better=None if better is None else {"HIGH": True, "LOW": False}[better],
        version=data.pop("version"),
        valid_from=data.pop("valid_from"),
        valid_to=data.pop("valid_to", None),
        variants={Variant(name): words for name, words in data.pop("variants").items()},
        source=data.pop("source"),
        confirmed=data.pop("confirmed"),
    )
    if data:
        raise FormatError(f"指标 {indicator} 含有未知的键 {sorted(data)}")
    if not {(indicator, variant) for variant in made.variants} <= COUNTINGS.keys() or not made.variants:
        raise FormatError(f"指标 {indicator} 的口径没有对应的算法")
    return made


def _check_validity(edition: Edition) -> None:
    for each in edition.definitions:
        rivals = [other for other in edition.definitions if other.indicator is each.indicator]
        if sum(other.is_valid_on(each.valid_from) for other in rivals) != 1:
            raise FormatError(f"指标 {each.indicator} 的生效期间重叠")
