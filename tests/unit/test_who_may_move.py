"""Who may make a move: the rulebook says it for each kind and state, the policies of methods are the coarser sieve.

A policy keeps nobody out whom the rulebook lets act, and lets nobody in whom it never does.
"""

import pytest
from tests.integration.moves.contract import Method, methods, policy

from xiezhi_domain.rulebook import KindRules, Move, shipped_rulebook
from xiezhi_domain.terms import Role

KINDS = shipped_rulebook().kinds
# Who begins a matter drafts it; others approve and send it.
MOVES = [
    pytest.param(rules, move, id=f"{kind}: {move.kind}")
    for kind, rules in KINDS.items()
    for move in rules.moves.values()
    if move.roles and not move.starts
]
ON_ITS_OWN = [
    method
    for name, method in methods().items()
    if name != "InstructionService.BatchAct" and method.makes != {"Issued"}
]


def let_in(method: Method) -> frozenset[Role]:
    roles = policy(method.program)[method.descriptor.containing_service.full_name][method.descriptor.name]
    return frozenset(Role(role) for role in ([roles] if isinstance(roles, str) else roles))


@pytest.mark.parametrize(("rules", "move"), MOVES)
def test_whom_the_rulebook_lets_act_some_method_lets_in(rules: KindRules, move: Move) -> None:
    able = [method for method in ON_ITS_OWN if method.can_make(move, rules)]
    assert able, "no method of the contract makes it: option (makes)"
    assert move.roles <= frozenset[Role]().union(*map(let_in, able))


@pytest.mark.parametrize("method", ON_ITS_OWN, ids=lambda method: method.name)
def test_a_method_lets_in_nobody_whom_no_kind_lets_act(method: Method) -> None:
    named = [
        move.roles
        for rules in KINDS.values()
        for move in rules.moves.values()
        if method.can_make(move, rules)
    ]
    assert named, "it makes no move of any kind"
    assert let_in(method) <= frozenset[Role]().union(*named)
