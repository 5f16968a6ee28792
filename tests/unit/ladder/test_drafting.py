import itertools

import pytest
from tests.unit.ladder.model import RULES

from xiezhi_domain.errors import NotAllowed, Reason, WrongState
from xiezhi_domain.ladder.drafting import Consenter, draft_step
from xiezhi_domain.terms import Act, Action, Role, State

FIND = RULES.kind("FIND")
WRITERS = {Role.JUDGE, Role.ASSISTANT, Role.INTEGRATION}
APPROVERS = {Role.BUREAU_CHIEF, Role.COURT_LEADER, Role.CENTRE_DIRECTOR}
RECORDERS = {Role.JUDGE, Role.ASSISTANT, Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR, Role.DUTY_OFFICER}
SEALERS = {Role.CENTRE_OFFICER, Role.CENTRE_DIRECTOR, Role.SEAL_KEEPER, Role.INTEGRATION}
REWRITABLE = (None, State.DRAFT, State.APPROVAL_REJECTED, State.REFUSED_BY_HUB)

# action: (roles, {state before: state after})
STEPS = {
    Action.CREATE: (WRITERS, dict.fromkeys(REWRITABLE, State.DRAFT)),
    Action.SUBMIT: (WRITERS, {State.DRAFT: State.AWAITING_APPROVAL}),
    Action.RECORD_CONSENT: (RECORDERS, {State.AWAITING_APPROVAL: State.AWAITING_SEAL}),
    Action.APPROVE: (APPROVERS, {State.AWAITING_APPROVAL: State.AWAITING_SEAL}),
    Action.REJECT_APPROVAL: (
        APPROVERS,
        dict.fromkeys((State.AWAITING_APPROVAL, State.AWAITING_SEAL), State.APPROVAL_REJECTED),
    ),
    Action.AFFIX_SEAL: (SEALERS, {State.AWAITING_SEAL: State.AWAITING_HUB}),
    Action.DISCARD: (WRITERS, dict.fromkeys((State.DRAFT, State.APPROVAL_REJECTED), State.DISCARDED)),
}


def step(state, action, *roles, actor="li", author="wang", urgent=True, **more):
    more.setdefault("stands_in_for", frozenset({"wang"}))
    return draft_step(
        state, action, frozenset(roles), FIND, actor=actor, author=author, urgent=urgent, **more
    )


@pytest.mark.parametrize("action", STEPS)
@pytest.mark.parametrize("role", Role)
def test_each_step_by_every_role_in_every_state(action, role):
    roles, ways = STEPS[action]
    for state in (None, *State):
        if role not in roles:
            with pytest.raises(NotAllowed) as refused:
                step(state, action, role)
            assert refused.value.reason == Reason.WRONG_ROLE
        elif state in ways:
            assert step(state, action, role) == ways[state]
        else:
            with pytest.raises(WrongState) as wrong:
                step(state, action, role)
            assert wrong.value.reason == Reason.WRONG_STATE


@pytest.mark.parametrize("action", sorted(set(Action) - STEPS.keys()))
def test_other_actions_are_no_steps_of_a_draft(action):
    for state in (None, *State):
        with pytest.raises(WrongState):
            step(state, action, *Role)


def spoken(account="zhao", *roles, **more):
    consenter = Consenter(account, frozenset(roles or {Role.BUREAU_CHIEF}))
    return step(State.AWAITING_APPROVAL, Action.RECORD_CONSENT, Role.JUDGE, consenter=consenter, **more)


def test_a_consent_by_word_of_mouth_takes_three_people_and_an_approver():
    assert spoken() is State.AWAITING_SEAL
    for account in ("li", "wang"):
        with pytest.raises(NotAllowed) as refused:
            spoken(account)
        assert refused.value.reason == Reason.SAME_PERSON
    with pytest.raises(NotAllowed) as refused:
        spoken("zhao", Role.JUDGE)
    assert refused.value.reason == Reason.WRONG_ROLE


def test_a_consent_by_word_of_mouth_is_for_urgent_matters():
    with pytest.raises(WrongState, match="紧急"):
        spoken(urgent=False)


def test_a_chain_of_approvals_goes_on_after_a_consent_by_word_of_mouth():
    rules, control = RULES.kind("COURT_ASSISTANCE"), [Act.CONTROL_PERSON]
    asked = {"acts": control, "actor": "li", "author": "wang", "urgent": True}
    roles, waiting = frozenset({Role.ASSISTANT}), State.AWAITING_APPROVAL
    chief = Consenter("zhao", frozenset({Role.BUREAU_CHIEF}))
    leader = Consenter("qian", frozenset({Role.COURT_LEADER}))

    def recorded(consenter, approved):
        return draft_step(
            waiting, Action.RECORD_CONSENT, roles, rules, consenter=consenter, approved=approved, **asked
        )

    assert recorded(chief, 0) is waiting
    assert recorded(leader, 1) is State.AWAITING_SEAL
    with pytest.raises(NotAllowed):
        recorded(chief, 1)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT_APPROVAL, Action.RECORD_CONSENT])
def test_nobody_approves_the_own_draft(action):
    with pytest.raises(NotAllowed) as refused:
        step(State.AWAITING_APPROVAL, action, Role.JUDGE, Role.BUREAU_CHIEF, actor="wang")
    assert refused.value.reason == Reason.SAME_PERSON


def test_nobody_discards_the_draft_of_somebody_else():
    with pytest.raises(NotAllowed) as refused:
        step(State.DRAFT, Action.DISCARD, Role.JUDGE, stands_in_for=frozenset({"zhao"}))
    assert refused.value.reason == Reason.FORBIDDEN


def test_one_role_of_several_is_enough_and_none_is_not():
    assert step(None, Action.CREATE, Role.AUDITOR, Role.JUDGE) == State.DRAFT
    with pytest.raises(NotAllowed):
        step(None, Action.CREATE)


@pytest.mark.parametrize("action", [Action.CREATE, Action.SUBMIT, Action.AFFIX_SEAL, Action.DISCARD])
def test_the_author_may_take_every_other_step(action):
    roles, ways = STEPS[action]
    for state, role in itertools.product(ways, roles):
        assert step(state, action, role, actor="wang") == ways[state]
