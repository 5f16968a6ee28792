import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.identity import CheckedId, check_citizen_id, check_credit_code, mask

UNKNOWN_AREA = "身份证号码前 6 位不是已知的地区代码，请核对"
NO_SUCH_DAY = "身份证号码中的出生日期不存在，请核对"
WRONG_BUT_CONFIRMED = "身份证号码校验码不符，已按填写的理由接受"


@pytest.mark.parametrize(
    "number", ["320500189901010016", "320500189901010024", "411000188002290019", "360500189911301236"]
)
def test_ids_whose_check_digit_is_right(number: str) -> None:
    assert check_citizen_id(number) == CheckedId(number)


def test_typing_is_normalised() -> None:
    assert check_citizen_id(" 000000 18991231 999x").number == "00000018991231999X"
    assert check_citizen_id("３２０５００１８９９０１０１００１６").number == "320500189901010016"


@pytest.mark.parametrize("number", ["00000018991231999X", "999999189906154381"])
def test_an_unassigned_area_only_warns(number: str) -> None:
    assert check_citizen_id(number).warnings == (UNKNOWN_AREA,)


@pytest.mark.parametrize("number", ["320500189913010010", "320500189902300016"])
def test_an_impossible_birth_date_only_warns(number: str) -> None:
    assert NO_SUCH_DAY in check_citizen_id(number, override_reason="证件如此").warnings


def test_a_wrong_check_digit_needs_a_reason() -> None:
    with pytest.raises(InvalidInput, match="校验码不符") as caught:
        check_citizen_id("320500189901010017", field="subjects[0].citizen_id")
    assert caught.value.fields[0].field == "subjects[0].citizen_id"
    assert "3205" not in str(caught.value)
    with pytest.raises(InvalidInput, match="校验码不符"):
        check_citizen_id("320500189901010017", override_reason="  ")
    accepted = check_citizen_id("320500189901010017", override_reason="户籍证明确认")
    assert accepted == CheckedId("320500189901010017", (WRONG_BUT_CONFIRMED,))


def test_old_ids_are_accepted_with_a_note() -> None:
    checked = check_citizen_id("320500990101001")
    assert checked.number == "320500990101001"
    assert "15 位" in checked.warnings[0]


@pytest.mark.parametrize(
    "typed", ["", "32050018990101001", "3205001899010100166", "32050018990101X016", "张三"]
)
def test_a_wrong_shape_is_refused_even_with_a_reason(typed: str) -> None:
    with pytest.raises(InvalidInput, match="应为 18 位") as caught:
        check_citizen_id(typed, override_reason="证件如此")
    assert not typed or typed not in str(caught.value)


@given(st.from_regex(r"[0-9]{17}", fullmatch=True))
def test_exactly_one_check_digit_is_right(first_17: str) -> None:
    def is_right(last: str) -> bool:
        try:
            check_citizen_id(first_17 + last)
        except InvalidInput:
            return False
        return True

    assert sum(is_right(last) for last in "0123456789X") == 1


@pytest.mark.parametrize("number", ["91320500MA0000007J", "12320500X000000195", "91999999TEXT000172"])
def test_credit_codes(number: str) -> None:
    assert check_credit_code(number.lower()) == CheckedId(number)


def test_letters_of_the_registering_body_are_allowed() -> None:
    assert check_credit_code("N2320500MA0000007J").number == "N2320500MA0000007J"


def test_a_wrong_check_character_of_a_credit_code_only_warns() -> None:
    checked = check_credit_code("91320500MA0000007K")
    assert checked.number == "91320500MA0000007K"
    assert "校验码不符" in checked.warnings[0]


@pytest.mark.parametrize("typed", ["", "91320500MA0000007", "91320500MA000000IJ", "913205A0MA0000007J"])
def test_a_credit_code_of_wrong_shape_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="统一社会信用代码应为 18 位") as caught:
        check_credit_code(typed, field="company")
    assert caught.value.fields[0].field == "company"


def test_masking() -> None:
    assert mask("320500189901010016") == "320500********0016"
    assert mask("320500990101001") == "320500*****1001"
    assert mask("32050099010100") == "*" * 14
    assert mask("") == ""


@given(st.text(alphabet="0123456789X", max_size=30))
def test_at_least_a_third_stays_hidden_and_the_length_shows(number: str) -> None:
    masked = mask(number)
    assert len(masked) == len(number)
    assert masked.count("*") * 3 >= len(number)
