"""The lists of matters, and what one is narrowed to: as its address says, and as a saved view keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from xiezhi_client.sdk import ListFilter, SavedView
from xiezhi_client.sdk.vocabulary import Box, InstructionState
from xiezhi_client.sdk.vocabulary import Channel as ChannelName
from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.terms import Channel, Kind, State
from xiezhi_workbench.words import known

WHOLE: Final = "all=1"
"""The address of a list that leaves nothing out, not even what the view does that it opens with."""


@dataclass(frozen=True, slots=True)
class List:
    """One of the lists."""

    path: str
    title: str
    box: Box


SENT: Final = List("/sent", "委托事项", "SENT")
RECEIVED: Final = List("/received", "受托事项", "RECEIVED")
ALL: Final = List("/matters", "全市事项", "")
LISTS: Final = {each.path: each for each in (SENT, RECEIVED, ALL)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; `channel` is empty for the platform's own matters."""

    filter: ListFilter
    channel: ChannelName = ""
    page_token: str = ""

    @classmethod
    def of(cls, query: QueryParams, box: Box) -> "Wanted":
        """Read an address; words that no vocabulary has are left out."""
        text = {name: query.get(name, "").strip() for name in ("text", "case", "person", "from", "until")}
        channel = known(Channel, query.get("channel", ""))
        filters = ListFilter(
            box=box,
            states=cast("tuple[InstructionState, ...]", _known(query.getlist("state"), State)),
            kinds=_known(query.getlist("kind"), Kind),
            other_court=court_code(query.get("court", "").strip()),
            text=text["text"],
            case_number=text["case"],
            person=text["person"],
            due_from=text["from"],
            due_until=text["until"],
            open_only=bool(query.get("open")),
            overdue_only=bool(query.get("overdue")),
            mine_only=bool(query.get("mine")),
        )
        wanted = "" if channel == Channel.PLATFORM else channel
        return cls(filters, cast(ChannelName, wanted), query.get("page", ""))

    @classmethod
    def kept(cls, view: SavedView) -> "Wanted":
        """Give what a saved view narrows its list to."""
        return cls(view.filter or ListFilter(), view.channel)

    def query(self, page_token: str = "") -> str:
        """Write the address, for this page or another one."""
        chosen = self.filter
        pairs: list[tuple[str, str]] = [("state", each) for each in chosen.states]
        pairs += [("kind", each) for each in chosen.kinds]
        ticks = (("open", chosen.open_only), ("overdue", chosen.overdue_only), ("mine", chosen.mine_only))
        words = (
            *(("court", chosen.other_court), ("text", chosen.text), ("case", chosen.case_number)),
            *(("person", chosen.person), ("from", chosen.due_from), ("until", chosen.due_until)),
            *(("channel", self.channel), ("page", page_token)),
        )
        pairs += [(name, "1") for name, on in ticks if on] + [(name, word) for name, word in words if word]
        return urlencode(pairs)

    def address(self, which: List, page_token: str = "") -> str:
        """Write the address of a list that is narrowed so."""
        return f"{which.path}?{self.query(page_token) or WHOLE}"

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.query())

    @property
    def narrows_more(self) -> bool:
        """Whether it is narrowed by what stands under 更多条件."""
        chosen = self.filter
        return any((chosen.case_number, chosen.person, chosen.due_from, chosen.due_until, self.channel))


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view above its list, and whether the list shows what it says."""

    view: SavedView
    address: str
    is_open: bool


def tabs(views: Sequence[SavedView], which: List, wanted: Wanted) -> list[Tab]:
    """Give the views of a list as tabs."""
    own = [view for view in views if view.filter is not None and view.filter.box == which.box]
    shown, addresses = wanted.address(which), [Wanted.kept(view).address(which) for view in own]
    return [Tab(view, address, address == shown) for view, address in zip(own, addresses, strict=True)]


def as_view(wanted: Wanted, name: str, *, is_default: bool) -> SavedView:
    """Give what the list is narrowed to as a view that can be saved."""
    return SavedView(name=name, filter=wanted.filter, channel=wanted.channel, is_default=is_default)


def _known(identifiers: Sequence[str], vocabulary: type[State] | type[Kind]) -> tuple[str, ...]:
    return tuple(filter(None, (known(vocabulary, each) for each in identifiers)))


def court_code(typed: str) -> str:
    """Give the code of a court named by code, by name or by a piece of it that only one has; else what was typed."""
    courts = shipped_courts()
    if not typed or typed in courts:
        return typed
    found = [court.code for court in courts if typed in court.name]
    return found[0] if len(found) == 1 else typed
