"""How a program beside the node has answered: a refusal is an answer, silence is not."""

from xiezhi_domain.errors import Reason, Unavailable, WrongState
from xiezhi_node.answering import Answering

EARLY, LATE = 1_000, 2_000


def test_silence_is_counted_until_an_answer_comes() -> None:
    answering = Answering()
    for _ in range(2):
        answering.note(Unavailable(Reason.REGISTRY_AWAY), EARLY)
    assert (answering.failures, answering.failed_at, answering.answered_at) == (2, EARLY, 0)
    assert answering.problem == Reason.REGISTRY_AWAY.zh
    answering.answered(LATE)
    assert (answering.failures, answering.failed_at, answering.answered_at) == (0, EARLY, LATE)


def test_a_refusal_is_an_answer() -> None:
    answering = Answering()
    answering.note(WrongState(Reason.REGISTRY_REFUSED, "查无此人"), EARLY)
    assert (answering.failures, answering.answered_at, answering.problem) == (0, EARLY, "")
