"""The schematic map of the command screen: where courts stand, and the arcs between them."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from xiezhi_client.sdk import CourtOverview, FlowCount
from xiezhi_workbench.words import court_short

WIDTH: Final = 1000
HEIGHT: Final = 700
MOST_ARCS: Final = 24
"""More arcs than these cannot be told apart; the smallest are left out."""

_RING: Final = 0.42
"""Of the map, how far from its middle a ring of unplaced courts stands."""
_BEND: Final = 0.13
"""How far an arc bends aside, of its length, so that there and back lie side by side."""
_LABEL_AT: Final = 0.42
_ARROW_AT: Final = 0.6
_THICKEST: Final = 9.0
_THINNEST: Final = 2.0


class Point(NamedTuple):
    """A place on the map, in its units."""

    x: float
    y: float


class Stand(NamedTuple):
    """A court on the map."""

    court: CourtOverview
    name: str
    at: Point


class Arc(NamedTuple):
    """Open matters from one court to another: a path, its thickness, where its number and its arrow go."""

    flow: FlowCount
    path: str
    thickness: float
    label: Point
    arrow: Point
    degrees: float


def place(courts: Sequence[CourtOverview]) -> list[Stand]:
    """Put every court on the map: where the file says, or, if it lacks one of them, on a ring."""
    known = _places()
    if all(each.court in known for each in courts):
        return [Stand(each, known[each.court]["name"], _of_file(known[each.court])) for each in courts]
    return [
        Stand(each, court_short(each.court), _on_ring(number, len(courts)))
        for number, each in enumerate(courts)
    ]


def connect(stands: Sequence[Stand], flows: Sequence[FlowCount]) -> list[Arc]:
    """Draw the arcs of the largest flows, the largest last, so that it lies on top."""
    places = {stand.court.court: stand.at for stand in stands}
    shown = [
        flow
        for flow in flows
        if flow.sender != flow.receiver and flow.sender in places and flow.receiver in places
    ][:MOST_ARCS]
    most = max((flow.open for flow in shown), default=1)
    return [_arc(flow, places[flow.sender], places[flow.receiver], most) for flow in reversed(shown)]


def _arc(flow: FlowCount, start: Point, end: Point, most: int) -> Arc:
    dx, dy = end.x - start.x, end.y - start.y
    bend = Point((start.x + end.x) / 2 - dy * _BEND, (start.y + end.y) / 2 + dx * _BEND)
    path = f"M{start.x:.0f} {start.y:.0f}Q{bend.x:.0f} {bend.y:.0f} {end.x:.0f} {end.y:.0f}"
    thickness = _THINNEST + (_THICKEST - _THINNEST) * math.sqrt(flow.open / most)
    ahead = _on_curve(start, bend, end, _ARROW_AT + 0.01)
    arrow = _on_curve(start, bend, end, _ARROW_AT)
    degrees = math.degrees(math.atan2(ahead.y - arrow.y, ahead.x - arrow.x))
    return Arc(
        flow, path, round(thickness, 1), _on_curve(start, bend, end, _LABEL_AT), arrow, round(degrees, 1)
    )


def _on_curve(start: Point, bend: Point, end: Point, t: float) -> Point:
    """Give a point of the quadratic Bézier curve, from 0 to 1."""
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return Point(
        round(a * start.x + b * bend.x + c * end.x, 1), round(a * start.y + b * bend.y + c * end.y, 1)
    )


def _of_file(place_: Mapping[str, Any]) -> Point:
    x, y = place_["at"]
    return Point(x * WIDTH / 100, y * HEIGHT / 100)


def _on_ring(number: int, count: int) -> Point:
    angle = 2 * math.pi * number / count - math.pi / 2
    return Point(
        round(WIDTH * (0.5 + _RING * math.cos(angle)), 1), round(HEIGHT * (0.5 + _RING * math.sin(angle)), 1)
    )


@cache
def _places() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
