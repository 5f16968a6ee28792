import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import (
    MAX_INTEGER,
    format_base64,
    parse_base64,
    parse_decimal,
    parse_hash,
    require_line,
)


@given(st.binary(max_size=100))
def test_base64_round_trip(data):
    assert parse_base64(format_base64(data), "数据") == data


@given(st.text(alphabet="AQgw+/=-_ \n", max_size=12))
def test_base64_has_one_spelling(text):
    try:
        data = parse_base64(text, "数据")
    except FormatError:
        return
    assert base64.b64encode(data).decode() == text


@pytest.mark.parametrize("text", ["AB==", "AA", "AA=", "AAA==", "A A=", "AAAA\n", "_-8=", "甲", "AA==AA=="])
def test_other_spellings_of_base64_are_refused(text):
    with pytest.raises(FormatError, match="数据"):
        parse_base64(text, "数据")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_has_32_bytes(length):
    with pytest.raises(FormatError):
        parse_hash(format_base64(bytes(length)), "根哈希")


@given(st.integers(0, MAX_INTEGER))
def test_decimal_round_trip(value):
    assert parse_decimal(str(value), "记录数") == value


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "01", "00", " 1", "1\n", "1_0", "１", "1.0", str(2**63), "9" * 5000]
)
def test_other_spellings_of_numbers_are_refused(text):
    with pytest.raises(FormatError):
        parse_decimal(text, "记录数")


@pytest.mark.parametrize("text", ["", "a\nb", "a\tb", "\x00", "\x1f", "\ud800"])
def test_what_cannot_stand_on_a_line_is_refused(text):
    with pytest.raises(FormatError):
        require_line(text, "名称")
