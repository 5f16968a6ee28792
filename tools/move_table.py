"""Write docs/coverage.md: kind × move × method × course, from the rulebook, the contract and the courses of the tests.

A cell is demanded for every move of every kind and every method that the contract says makes it (`xiezhi.v1.makes`), or
for the machine that makes it of itself (a move without roles). With --check, what is missing and a page that is not as
it would be written are told, and the exit code is 1.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import xiezhi_wire  # noqa: F401  # before courses bring gRPC with them: it sets how gRPC speaks TLS

# isort: split
from tests.integration.moves.contract import methods
from tests.integration.moves.courses import COURSES
from tests.integration.moves.steps import MACHINE

from xiezhi_domain.rulebook import KindRules, Move, Side, shipped_rulebook

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "coverage.md"
HEAD: Final = """\
# Which test plays which move

Written by `make docs`, never by hand. Every move of every kind is made through every method that makes it, by
`tests/integration/moves/test_every_move.py::test_a_course[KIND: COURSE]`: a course fails where a call does not make
exactly the events that its line here says, or leads to another state than the rulebook does. How a new kind or move
gets its lines: [CONTRIBUTING.md](../CONTRIBUTING.md).
"""
_MACHINES: Final = {Side.RECEIVER: "the receiver's node, of itself", Side.HUB: "the hub, of itself"}
_NOT_FOR_IT: Final = "—"
MOST_NAMED: Final = 3


class Cell(NamedTuple):
    """A line of the table. `maker`: the method, or the machine; `courses`: those that play it, none where missing."""

    kind: str
    move: str
    maker: str
    courses: str

    @property
    def is_missing(self) -> bool:
        """Whether nothing shows that it works."""
        return not self.courses


def cells() -> list[Cell]:
    """Give every line that the rulebook and the contract demand."""
    return [cell for rules in shipped_rulebook().kinds.values() for cell in cells_of(rules)]


def cells_of(rules: KindRules) -> Iterator[Cell]:
    """Give the lines of one kind."""
    for move in rules.moves.values():
        if closed := _why_closed(move, rules):
            yield Cell(rules.kind, move.kind, closed, _NOT_FOR_IT)
        elif not move.roles:
            [machine] = [_MACHINES[side] for side in move.sides]
            yield Cell(rules.kind, move.kind, machine, _courses(rules, MACHINE, move))
        else:
            yield from _cells_of_people(rules, move)


def _cells_of_people(rules: KindRules, move: Move) -> Iterator[Cell]:
    able = [method.name for method in methods().values() if method.can_make(move, rules)]
    for name in able:
        yield Cell(rules.kind, move.kind, f"`{name}`", _courses(rules, name, move))
    if not able:
        yield Cell(rules.kind, move.kind, "no method says that it makes it: option (makes)", "")


def _why_closed(move: Move, rules: KindRules) -> str:
    """Return why the kind does not allow the only order that opens the move (practice.md §13); empty if it does."""
    opens = rules.start.opens_for
    if not rules.phone_first_acts and opens.get("phone_first") in move.needs:
        return "no act of this kind is begun by telephone"
    if not rules.is_approved and opens.get("oral_consent") in move.needs:
        return "no act of this kind is approved before the seal"
    return ""


def _courses(rules: KindRules, method: str, move: Move) -> str:
    fitting = (course for course in COURSES if course.fits(rules))
    names = [course.name for course in fitting if (method, move.kind) in course.cells()]
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + rest


def _missing() -> dict[tuple[str, str], list[str]]:
    """Give the kinds for which nothing shows that a move works, by move and maker."""
    found: dict[tuple[str, str], list[str]] = {}
    for cell in cells():
        if cell.is_missing:
            found.setdefault((cell.move, cell.maker), []).append(cell.kind)
    return found


def page() -> str:
    """Give the page as it has to be."""
    names = {kind: rules.name for kind, rules in shipped_rulebook().kinds.items()}
    lines, kind = [HEAD], ""
    for cell in cells():
        if cell.kind != kind:
            kind = cell.kind
            lines.append(f"\n## {kind} {names[kind]}\n\n| move | made by | courses |\n| --- | --- | --- |\n")
        lines.append(f"| {cell.move} | {cell.maker} | {cell.courses or '**missing**'} |\n")
    return "".join(lines)


def main() -> int:
    """Write the page or, with --check, compare it; return 1 where something is missing or stale."""
    missing = _missing()
    for (move, maker), kinds in missing.items():
        print(f"no course of tests/integration/moves plays {move} × {maker} of {', '.join(kinds)}")
    fresh = page()
    if "--check" not in sys.argv:
        PAGE.write_text(fresh, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != fresh:
        print("docs/coverage.md is stale. Run: make docs")
        return 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
