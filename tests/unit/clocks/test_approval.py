from xiezhi_domain.clocks import approval_time
from xiezhi_domain.terms import Action


def test_internal_approval_is_measured_from_submission_to_seal_or_rejection() -> None:
    steps = [(Action.CREATE, 0), (Action.SUBMIT, 10), (Action.REJECT_APPROVAL, 25), (Action.SUBMIT, 40)]
    assert approval_time(steps) == 15
    assert approval_time([*steps, (Action.APPROVE, 50), (Action.AFFIX_SEAL, 70)]) == 45


def test_what_was_never_submitted_took_no_approval() -> None:
    assert approval_time([(Action.CREATE, 0), (Action.AFFIX_SEAL, 9)]) == 0
