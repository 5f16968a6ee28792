"""Every move of every kind, made through the contract's methods by the people whom the rulebook names.

The courses are data (`courses`); docs/coverage.md shows which of them makes which move of which kind by which method.
A course fails where a call does not make exactly what it says, or leads to another state than the rulebook does.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.integration.journal.scene import RULES
from tests.integration.moves.courses import COURSES
from tests.integration.moves.play import Play
from tests.integration.moves.stand import Stand, open_stand
from tests.integration.moves.steps import Course

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = 7
PLAYED = [
    pytest.param(kind, course, id=f"{kind}: {course.name}")
    for kind, rules in RULES.kinds.items()
    for course in COURSES
    if course.fits(rules)
]


def long_courses(kind: str) -> list[Course]:
    """The longest course of a kind; of the first kind on a ladder, all long ones."""
    own = [course for course in COURSES if course.fits(RULES.kind(kind))]
    first = next(each for each, rules in RULES.kinds.items() if rules.ladder == RULES.kind(kind).ladder)
    longest = max(own, key=lambda course: len(course.steps))
    return [course for course in own if course is longest or (kind == first and len(course.steps) >= LONG)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(kind: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stand]:
    """One stand for all courses of a kind: each is about a matter of its own."""
    folder = tmp_path_factory.mktemp(kind)
    urls = [f"sqlite:///{folder / name}.db" for name in ("hub", "sender", "receiver")]
    async with open_stand(urls, folder) as stand:
        yield stand


async def played(stand: Stand, kind: str, course: Course) -> None:
    play = Play(stand, RULES.kind(kind))
    for step in course.steps:
        await play.step(step)
    stand.cut.clear()


@pytest.mark.parametrize(("kind", "course"), PLAYED, scope="module")
async def test_a_course(stand: Stand, kind: str, course: Course) -> None:
    await played(stand, kind, course)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("journal_url", "kind"), [("postgresql", kind) for kind in RULES.kinds], indirect=["journal_url"]
)
async def test_long_courses_where_the_hub_stands_on_postgresql(
    journal_url: str, kind: str, tmp_path: Path
) -> None:
    urls = [journal_url, *(f"sqlite:///{tmp_path / name}.db" for name in ("sender", "receiver"))]
    async with open_stand(urls, tmp_path) as stand:
        for course in long_courses(kind):
            await played(stand, kind, course)
