"""Who is told of what, as it ships and as a court changes it."""

import pytest

from xiezhi_desk.notifying.rules import END, Person, RuleChange, Side, changed_rules, shipped_rules
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import NotificationChannel, NotificationKind, Role

RULES = shipped_rules()
RECEIVER = frozenset({Side.RECEIVER, Side.OTHER})
SENDER = frozenset({Side.SENDER, Side.OTHER})
FORMER = frozenset({Side.FORMER})
SUPERIOR = frozenset({Side.SUPERIOR})


@pytest.mark.parametrize("kind", NotificationKind)
def test_every_kind_is_told_of_by_a_rule(kind: NotificationKind) -> None:
    assert RULES.of_kind(kind)


def test_rules_name_events_that_some_ladder_has() -> None:
    moves = {move for rules in shipped_rulebook().kinds.values() for move in rules.moves}
    assert {str(event) for rule in RULES.rules for event in rule.events} <= moves


def test_what_ends_an_occasion_is_an_event_of_some_ladder() -> None:
    moves = {move for rules in shipped_rulebook().kinds.values() for move in rules.moves}
    for rule in RULES.rules:
        assert set(rule.over_by) <= set(rule.events)
        for event in rule.over_by:
            assert rule.ends_of(event) <= moves | {END}


def test_rules_name_kinds_of_matters_that_ship() -> None:
    assert {kind for rule in RULES.rules for kind in rule.kinds} <= shipped_rulebook().kinds.keys()


@pytest.mark.parametrize(
    ("event", "kind", "sides", "told"),
    [
        ("Issued", "FIND", RECEIVER, [NotificationKind.ARRIVED]),
        ("Issued", "FIND", SENDER, []),
        ("Issued", "SUPERVISION", RECEIVER, [NotificationKind.URGED]),
        ("Issued", "ORDER_ELEVATE", RECEIVER, [NotificationKind.ORDERED]),
        ("Issued", "ORDER_REQUEST", SUPERIOR, [NotificationKind.REQUESTED]),
        ("Issued", "ORDER_REQUEST", RECEIVER, []),
        ("Returned", "FIND", SENDER, [NotificationKind.RETURNED]),
        ("Rerouted", "FIND", RECEIVER, [NotificationKind.ARRIVED]),
        ("Rerouted", "FIND", SENDER, []),
        ("Forwarded", "FIND", RECEIVER, [NotificationKind.ARRIVED]),
        ("SenderTransferred", "FIND", SENDER, [NotificationKind.HALTED]),
        ("SenderTransferred", "FIND", RECEIVER, [NotificationKind.HALTED]),
        ("SenderTransferred", "FIND", FORMER, [NotificationKind.HALTED]),
        ("Rerouted", "FIND", FORMER, [NotificationKind.HALTED]),
        ("Completed", "FIND", FORMER, []),
        ("MergedIntoCase", "FIND", SENDER, [NotificationKind.HALTED]),
        ("MergedIntoCase", "FIND", RECEIVER, [NotificationKind.HALTED]),
        ("Complained", "FIND", RECEIVER, [NotificationKind.COMPLAINED]),
        ("Complained", "FIND", SUPERIOR, [NotificationKind.COMPLAINED]),
        ("Signed", "FIND", SENDER, []),
    ],
)
def test_an_event_is_told_to_the_court_it_concerns(
    event: str, kind: str, sides: frozenset[Side], told: list[NotificationKind]
) -> None:
    assert [rule.kind for rule in RULES.of_event(event, kind, sides)] == told


def test_urgent_matters_reach_who_is_on_duty() -> None:
    [rule] = RULES.of_kind(NotificationKind.ARRIVED)
    assert Person.DUTY in rule.people(urgent=True)
    assert Person.DUTY not in rule.people(urgent=False)
    assert Role.CENTRE_DIRECTOR in rule.told_roles(frozenset(), urgent=True)


def test_the_ladder_names_who_leads_and_never_all_judges() -> None:
    named = frozenset({Role.JUDGE, Role.FIELD_OFFICER, Role.CENTRE_DIRECTOR, Role.BUREAU_CHIEF})
    [overdue] = RULES.of_kind(NotificationKind.OVERDUE)
    assert overdue.told_roles(named, urgent=False) == {Role.CENTRE_DIRECTOR, Role.BUREAU_CHIEF}
    [soon] = RULES.of_kind(NotificationKind.DUE_SOON)
    assert soon.told_roles(named, urgent=False) == frozenset()
    assert Person.OFFICER in soon.people(urgent=False)


def test_a_court_changes_what_it_names_and_nothing_else() -> None:
    returned, arrived = NotificationKind.RETURNED, NotificationKind.ARRIVED
    change = RuleChange(roles=frozenset({Role.COURT_LEADER}), channels=(NotificationChannel.EMAIL,))
    rules = changed_rules({returned: change, arrived: RuleChange(enabled=False)})
    [rule], [shipped] = rules.of_kind(returned), RULES.of_kind(returned)
    assert (rule.roles, rule.channels) == ({Role.COURT_LEADER}, (NotificationChannel.EMAIL,))
    assert (rule.who, rule.events, rule.binding) == (shipped.who, shipped.events, shipped.binding)
    assert not rules.of_kind(arrived)
    assert not rules.of_event("Issued", "FIND", RECEIVER)
    assert returned in rules.binding
