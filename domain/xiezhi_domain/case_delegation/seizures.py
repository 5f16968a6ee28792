"""The seizures that go with a case (法释〔2011〕11号 第6条).

They are handed over with their rank and their end. The sender's seizure counts as the receiver's from the filing on,
with its rank: nothing here changes a rank. Where less than a month is left, the sender renews first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from xiezhi_domain.calendar import months_after
from xiezhi_domain.errors import InvalidInput


class HandedSeizure(NamedTuple):
    """A seizure as it is handed over. `rank`: 1 is the first seizure, 2 the first that waits, and so on."""

    number: int
    rank: int
    expires_on: date


class Standing(NamedTuple):
    """A seizure as it stands: whose it counts as, its rank as it was handed over, until when."""

    court: str
    rank: int
    expires_on: date
    renewals: int = 0


def needs_renewal(expires_on: date, on: date, months: int) -> bool:
    """Return whether less than so many *months* are left on the day *on*: then the sender renews first."""
    return expires_on < months_after(on, months)


@dataclass(frozen=True, slots=True)
class Register:
    """The seizures of one delegated case, by their numbers; immutable."""

    seizures: Mapping[int, Standing] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def handed_over(cls, seizures: Iterable[HandedSeizure], by: str) -> "Register":
        """Return the register of what the court *by* hands over.

        :raises InvalidInput: a number twice, or a number or rank that is not counted from 1.
        """
        found: dict[int, Standing] = {}
        for number, rank, expires_on in seizures:
            if number < 1 or rank < 1 or number in found:
                raise InvalidInput.in_field("seizures", "查封的序号和顺位应从 1 开始，序号不能重复")
            found[number] = Standing(by, rank, expires_on)
        return cls(MappingProxyType(found))

    def taken_over(self, by: str) -> "Register":
        """Return the register in which all count as seizures of the court *by*, each with its rank (第6条)."""
        return self._with({number: standing._replace(court=by) for number, standing in self.seizures.items()})

    def renewed(self, number: int, until: date) -> "Register":
        """Return the register in which the seizure *number* lasts until *until*.

        :raises InvalidInput: there is no such seizure, or it lasts that long already.
        """
        standing = self.seizures.get(number)
        if standing is None:
            raise InvalidInput.in_field("renewals", f"移交的查封中没有序号 {number}")
        if until <= standing.expires_on:
            raise InvalidInput.in_field(
                "renewals", f"序号 {number} 的新到期日应晚于原到期日 {standing.expires_on}"
            )
        changed = standing._replace(expires_on=until, renewals=standing.renewals + 1)
        return self._with({**self.seizures, number: changed})

    def _with(self, seizures: Mapping[int, Standing]) -> "Register":
        return replace(self, seizures=MappingProxyType(dict(seizures)))
