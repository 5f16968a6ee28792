"""Which event a decision on a handover makes."""

import pytest

from xiezhi.v1 import disposal_decision_service_pb2 as pb
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.terms import Kind
from xiezhi_hub.disposal.orders import event_of


def test_no_court_is_designated_in_a_matter_that_asks_for_none() -> None:
    order = pb.DecisionOrder(decision=pb.DISPOSAL_DECISION_DESIGNATE)
    with pytest.raises(WrongState, match="不待作出这一决定") as refused:
        event_of(None, order, None, shipped_rulebook().kind(Kind.FIND), 0)
    assert refused.value.reason is Reason.WRONG_STATE
