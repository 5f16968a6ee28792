"""The steps inside the sender's court before anything leaves it (practice.md §2, protocol §3).

They are a local stream of that court: nothing of them is signed or pushed; `Issued` carries the approval as a
part of its body. The last step, the seal, is what makes `Issued`.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from xiezhi_domain.errors import NotAllowed, Reason, WrongState
from xiezhi_domain.ladder.fold import starting_move
from xiezhi_domain.rulebook.model import KindRules
from xiezhi_domain.terms import Action, Role, State

_STEPS: Final[Mapping[Action, Mapping[State | None, State]]] = {
    Action.CREATE: {
        None: State.DRAFT,
        State.DRAFT: State.DRAFT,
        State.APPROVAL_REJECTED: State.DRAFT,
        State.REFUSED_BY_HUB: State.DRAFT,
    },
    Action.SUBMIT: {State.DRAFT: State.AWAITING_APPROVAL},
    Action.RECORD_CONSENT: {State.AWAITING_APPROVAL: State.AWAITING_SEAL},
    Action.APPROVE: {State.AWAITING_APPROVAL: State.AWAITING_SEAL},
    # Taken back before the seal too: rules that came into force meanwhile may ask for more than was approved.
    Action.REJECT_APPROVAL: {
        State.AWAITING_APPROVAL: State.APPROVAL_REJECTED,
        State.AWAITING_SEAL: State.APPROVAL_REJECTED,
    },
    Action.AFFIX_SEAL: {State.AWAITING_SEAL: State.AWAITING_HUB},
    # Not while it lies with an approver or at the seal: they send it back first.
    Action.DISCARD: {State.DRAFT: State.DISCARDED, State.APPROVAL_REJECTED: State.DISCARDED},
}
_APPROVER_ACTIONS: Final = frozenset({Action.APPROVE, Action.REJECT_APPROVAL})
_APPROVALS: Final = frozenset({Action.APPROVE, Action.RECORD_CONSENT})


class Consenter(NamedTuple):
    """The approver of whom another person notes down that he consented."""

    account: str
    roles: frozenset[Role]


def draft_step(
    state: State | None,
    action: Action,
    roles: frozenset[Role],
    rules: KindRules,
    *,
    actor: str,
    author: str,
    acts: Iterable[str] = (),
    amount: int = 0,
    approved: int = 0,
    urgent: bool = False,
    consenter: Consenter | None = None,
    stands_in_for: frozenset[str] = frozenset(),
) -> State:
    """Return the state of a draft after *actor*, who holds *roles*, has taken *action* in *state*.

    Approvals follow the rulebook's chain for *acts* and *amount* (fen), of which *approved* are given; where it is
    empty, the seal follows the submission at once. *state* is None before the first CREATE; CREATE again writes the
    draft anew. *author* is who wrote the draft last. AFFIX_SEAL leads to AWAITING_HUB, where the draft ends and the
    instruction's own ladder begins; DISCARD, of the own draft or one of those whom the actor *stands_in_for*, to an end
    without one. RECORD_CONSENT, on an *urgent* matter alone, stands for the approval that *consenter* gave by word of
    mouth; left out, whether it may be recorded at all.

    :raises NotAllowed: WRONG_ROLE, where none of *roles* may do it, or *consenter* may not approve; FORBIDDEN, where
        somebody else's draft would be discarded; SAME_PERSON, where the author would judge the own draft, or the one
        who consented record it: drafting and approving are never done by one person on one matter (terms.md, Roles).
    :raises WrongState: WRONG_STATE, where the action is not possible now, or never before issuing.
    """
    if action not in _STEPS:
        raise WrongState(Reason.WRONG_STATE)
    chain = rules.approval_chain(acts, amount)[approved:]
    if not roles & _allowed_roles(action, rules, chain):
        raise NotAllowed(Reason.WRONG_ROLE)
    after = _STEPS[action].get(state)
    if after is None:
        raise WrongState(Reason.WRONG_STATE)
    if action is Action.DISCARD and author not in {actor, *stands_in_for}:
        raise NotAllowed(Reason.FORBIDDEN, "只有起草人或者其代理人可以废弃草稿")
    if action in _APPROVER_ACTIONS | _APPROVALS and actor == author:
        raise NotAllowed(Reason.SAME_PERSON)
    if action is Action.RECORD_CONSENT:
        if not urgent:
            raise WrongState(Reason.WRONG_STATE, "口头同意只适用于紧急事项，其他事项请由审批人在平台上审批")
        if consenter is not None:
            _check_consenter(consenter, rules, chain, {actor, author})
    if action is Action.SUBMIT and not chain:
        return State.AWAITING_SEAL
    return State.AWAITING_APPROVAL if action in _APPROVALS and len(chain) > 1 else after


def _check_consenter(
    consenter: Consenter, rules: KindRules, chain: tuple[frozenset[Role], ...], others: set[str]
) -> None:
    if not consenter.roles & _allowed_roles(Action.APPROVE, rules, chain):
        raise NotAllowed(Reason.WRONG_ROLE, "口头同意的人不是本事项现在的审批人，请核对")
    if consenter.account in others:
        raise NotAllowed(Reason.SAME_PERSON)


def _allowed_roles(action: Action, rules: KindRules, chain: tuple[frozenset[Role], ...]) -> frozenset[Role]:
    start = starting_move(rules)
    # Who may write a draft may give it up.
    named = Action.CREATE if action is Action.DISCARD else action
    allowed = start.roles if named is start.action else rules.drafting_roles.get(named, frozenset())
    return allowed & chain[0] if action in _APPROVER_ACTIONS and chain else allowed
