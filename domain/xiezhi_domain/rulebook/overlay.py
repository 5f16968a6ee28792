"""Overlays: what a province or a court lays over the national rules, and to which matters it applies.

A court's own limits, papers and feedback hold for what it receives, its approvals and channel for what it sends. A
province's papers and approvals follow the same rule; its limits hold between its own courts (Jiangsu's 5 days beside
the national 15), and so does its word that a kind made for courts of two provinces may be used between them. Courts are
laid over provinces, provinces over the nation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.rulebook.kinds import over_ladder, read_kind
from xiezhi_domain.rulebook.ladders import OF_COURTS, SHARED, Ladder
from xiezhi_domain.rulebook.model import KindRules
from xiezhi_domain.rulebook.table import Table

_RECEIVERS: Final = frozenset({"papers", "feedback"})
_SENDERS: Final = frozenset({"approval", "channel"})
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One document of a province (its one-letter code) or a court."""

    area: str
    is_court: bool
    ladders: Mapping[str, Table]
    kinds: Mapping[str, Table]

    def keys(self, sender: str, receiver: str) -> frozenset[str]:
        """Return what of it holds between two courts."""
        sends, receives = self._covers(sender), self._covers(receiver)
        limits = receives if self.is_court else sends and receives
        found = _SENDERS if sends else _NONE
        found |= _RECEIVERS if receives else _NONE
        found |= {"limits"} if limits else _NONE
        return found | {"within_province"} if limits and not self.is_court else found

    def _covers(self, court: str) -> bool:
        return court == self.area if self.is_court else court.startswith(self.area)


def read_overlay(table: Table, ladders: Mapping[str, Ladder], kinds: Mapping[str, Table]) -> Overlay:
    """Return the overlay that a document holds; it may name no ladder and no kind that the rulebook has not.

    :raises FormatError: names what does not belong, and where.
    """
    key = "court" if "court" in table else "province"
    area = table.get(key, str)
    try:
        plain = parse_court_code(area) == area
    except InvalidInput:
        plain = False
    if not plain or (key == "province") != (len(area) == 1):
        raise table.slip("省份写一个字，法院写代字", key)
    overlay = Overlay(area, key == "court", table.tables("ladder"), table.tables("kind"))
    table.finish()
    for what, known, parts in (("ladder", ladders, overlay.ladders), ("kind", kinds, overlay.kinds)):
        for name, part in parts.items():
            if name not in known:
                raise part.slip(f"规则库没有 {what}.{name}")
            part.only(OF_COURTS if overlay.is_court else SHARED, strict=True)
    return overlay


class LocalRules:
    """The rules of each kind between two courts, made when first asked for."""

    def __init__(
        self, ladders: Mapping[str, Ladder], kinds: Mapping[str, Table], overlays: Sequence[Overlay]
    ) -> None:
        self._ladders = ladders
        self._kinds = kinds
        self._overlays = sorted(overlays, key=lambda overlay: (overlay.is_court, overlay.area))
        self._between: dict[tuple[str, str, str], KindRules] = {}
        self._made: dict[object, KindRules] = {}
        self._check()

    def __call__(self, kind: str, sender: str, receiver: str) -> KindRules:
        """Return the rules of *kind*, which the rulebook has."""
        rules = self._between.get((kind, sender, receiver))
        if rules is None:
            parts = tuple((overlay, overlay.keys(sender, receiver)) for overlay in self._overlays)
            rules = self._between[kind, sender, receiver] = self._make(kind, parts)
        return rules

    def _make(self, kind: str, parts: tuple[tuple[Overlay, frozenset[str]], ...]) -> KindRules:
        if (kind, parts) not in self._made:
            base = self._kinds[kind]
            ladder = self._ladders[base.get("ladder", str)]
            table = over_ladder(base, ladder)
            for overlay, keys in parts:
                for part in (overlay.ladders.get(ladder.name), overlay.kinds.get(kind)):
                    table = part.only(keys).over(table) if part is not None else table
            # Whoever asks first may do so by a term; the facts of headers are plain texts.
            self._made[kind, parts] = read_kind(str(kind), table, ladder)
        return self._made[kind, parts]

    def _check(self) -> None:
        """Make every kind under every overlay alone, so that a slip is found at start."""
        for overlay in self._overlays:
            for kind in self._kinds:
                self._make(kind, ((overlay, SHARED),))
