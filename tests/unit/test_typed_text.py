from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.typed_text import half_width, round_brackets


def test_full_width_and_invisible_characters() -> None:
    assert half_width("\ufeff 苏０５９１　（ｘ）\u200b\n") == "苏0591(x)"


def test_brackets_of_every_shape() -> None:
    assert round_brackets("〔1〕［2］【3】[4]（5）") == "(1)(2)(3)(4)(5)"


@given(st.text())
def test_no_white_space_is_left(text: str) -> None:
    assert not any(char.isspace() for char in half_width(text))


@given(st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_plain_identifiers_stay_as_they_are(text: str) -> None:
    assert half_width(text) == text
