"""Steps that a kind's ladder has not: whoever takes one is refused in words, by every method."""

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from tests.integration.journal.scene import RULES
from tests.integration.moves.contract import Method, Program, methods, policy
from tests.integration.moves.courses import COURSES
from tests.integration.moves.play import Play
from tests.integration.moves.stand import open_stand
from tests.integration.moves.steps import Call
from tests.integration.node.pair import PEOPLE

from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Role

FAULTS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN}


def foreign(rules: KindRules) -> Iterator[Method]:
    """Methods of a node for every kind that make no move of this one's ladder."""
    for method in methods().values():
        if method.program is Program.NODE and not method.kinds and not method.makes & rules.moves.keys():
            yield method


def who(method: Method) -> str:
    """Somebody whom the method lets in."""
    roles = policy(method.program)[method.descriptor.containing_service.full_name][method.descriptor.name]
    let_in = {Role(role) for role in ([roles] if isinstance(roles, str) else roles)}
    return next(name for name, theirs in PEOPLE.items() if let_in & {*theirs})


KINDS = [kind for kind, rules in RULES.kinds.items() if any(foreign(rules))]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_ladder_has_not_is_refused(kind: str, tmp_path: Path) -> None:
    rules = RULES.kind(kind)
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("hub", "sender", "receiver")]
    async with open_stand(urls, tmp_path) as stand:
        play = Play(stand, rules)
        for step in next(course.steps[:3] for course in COURSES if course.fits(rules)):
            await play.step(step)
        known = play.kinds
        answers = {}
        for method in foreign(rules):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await play.call(Call(f"receiver/{who(method)}", method.name, ()))
            answers[method.name] = refused.value.code()
        assert [name for name, code in answers.items() if code in FAULTS] == []
        await stand.exchange()
        assert play.kinds == known
