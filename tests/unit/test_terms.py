import enum
import pickle

import pytest

from xiezhi_domain import terms
from xiezhi_domain.errors import Reason
from xiezhi_domain.terms import Action, CourtLevel, Kind, Mark, Outcome, Role, State, SubjectRole, Term

# Kinds of event are identified as they stand in headers, such as `KeyAdded`.
VOCABULARIES = [
    *(getattr(terms, name) for name in terms.__all__ if name not in ("Term", "EventKind")),
    Reason,
]
MEMBERS = [member for vocabulary in VOCABULARIES for member in vocabulary]


def has_chinese(text: str) -> bool:
    return any("一" <= char <= "龥" for char in text)


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{type(member).__name__}.{member}")
def test_a_member_is_its_stable_identifier_and_has_a_chinese_word(member: Term) -> None:
    assert member == member.name == member.value == str(member)
    assert member.isupper()
    assert has_chinese(member.zh)
    assert member.zh == member.zh.strip()


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.__name__)
def test_within_one_vocabulary_no_word_means_two_things(vocabulary: type[Term]) -> None:
    words = [member.zh for member in vocabulary]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.__name__)
def test_no_identifier_is_written_twice(vocabulary: type[Term]) -> None:
    assert enum.unique(vocabulary) is vocabulary


def test_members_are_found_by_identifier_and_survive_pickling() -> None:
    assert State("IN_TRANSIT") is State.IN_TRANSIT
    assert pickle.loads(pickle.dumps(State.IN_TRANSIT)) is State.IN_TRANSIT
    with pytest.raises(ValueError, match="NO_SUCH_STATE"):
        State("NO_SUCH_STATE")


def test_a_member_without_a_word_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="ARRIVED has no Chinese word"):
        Term("Wordless", {"ARRIVED": "ARRIVED"})


def test_machine_delivery_is_never_called_service() -> None:
    assert State.ARRIVED.zh == "已到达"
    assert not any("送达" in state.zh for state in State)


def test_the_words_that_staff_know_are_kept() -> None:
    assert (len(State), len(Mark), len(Outcome), len(Kind), len(Role)) == (52, 13, 4, 21, 15)
    assert State.REPORTED.zh == "已反馈(待确认)"
    assert Action.SIGN_AND_ASSIGN.zh == "签收并分派"
    assert (Action.AFFIX_SEAL.zh, terms.Act.SEAL_PROPERTY.zh, Action.RESTRICT_BODY.zh) == (
        "核验签章",
        "查封",
        "封存",
    )
    assert Role.CENTRE_DIRECTOR.zh == "指挥中心主任"
    assert SubjectRole.PRESERVATION_RESPONDENT.zh == "被保全人"
    assert CourtLevel.BASIC.zh == "基层人民法院"
