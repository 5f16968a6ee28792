"""The contract's enums have exactly the members of the domain's terms."""

import pytest

from xiezhi_desk import terms as desk
from xiezhi_desk.terms import PAPER_TYPES, ROLES, Vocabulary
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import PaperType, Role

VOCABULARIES = [each for each in vars(desk).values() if isinstance(each, Vocabulary)]


def test_none_is_missing() -> None:
    assert len(VOCABULARIES) == 36


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda each: each.terms.__name__)
def test_every_member_has_its_twin(vocabulary: Vocabulary) -> None:
    names = [value.name for value in vocabulary.descriptor.values]
    prefix = names[0].removesuffix("UNSPECIFIED")
    assert prefix.endswith("_")
    # The table is in the order of its readers, the contract in that of its history.
    assert sorted(names[1:]) == sorted(prefix + term.name for term in vocabulary.terms)


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda each: each.terms.__name__)
def test_there_and_back(vocabulary: Vocabulary) -> None:
    for term in vocabulary.terms:
        assert vocabulary.from_proto(vocabulary.to_proto(term), "field") is term


@pytest.mark.parametrize("number", [0, 999, -1])
def test_what_is_no_term_names_its_field(number: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        PAPER_TYPES.from_proto(number, "document.paper_type")
    assert refused.value.fields[0].field == "document.paper_type"


def test_a_wrong_one_of_several_is_told_by_its_place() -> None:
    with pytest.raises(InvalidInput) as refused:
        ROLES.all_from_proto([1, 99], "account.roles")
    assert refused.value.fields[0].field == "account.roles[1]"


def test_several_come_in_the_order_of_the_vocabulary() -> None:
    numbers = ROLES.all_to_proto({Role.AUDITOR, Role.JUDGE})
    assert numbers == [ROLES.to_proto(Role.JUDGE), ROLES.to_proto(Role.AUDITOR)]
    assert PAPER_TYPES.to_proto(PaperType.RULING) == 1
