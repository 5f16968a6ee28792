"""The printable join token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi_wire.jointoken import JoinTokenMalformed, decode, new_token, token_hash

TOKEN = new_token("苏0508", "hub.example:7445", bytes(range(32)))


def test_a_token_comes_back_as_it_was() -> None:
    assert decode(f"  {TOKEN.encode()}\n") == TOKEN


@given(court=st.text(min_size=1, max_size=60), address=st.text(max_size=80))
def test_any_court_and_address_come_back(court: str, address: str) -> None:
    token = new_token(court, address, b"\xff" * 32)
    assert decode(token.encode()) == token


def test_it_is_one_printable_word() -> None:
    text = TOKEN.encode()
    assert text.startswith("xzjoin1.")
    assert text.isascii()
    assert not any(char.isspace() for char in text)


@given(position=st.integers(min_value=0), char=st.sampled_from("Ab0_-"))
def test_a_mistyped_character_is_noticed(position: int, char: str) -> None:
    text = TOKEN.encode()
    position %= len(text)
    wrong = text[:position] + char + text[position + 1 :]
    if wrong != text:
        # The last character has spare bits, so another one can stand for the same token.
        if position == len(text) - 1:
            return
        with pytest.raises(JoinTokenMalformed):
            decode(wrong)


@pytest.mark.parametrize(
    "text", ["", "xzjoin2.AAAA", "xzjoin1.", "xzjoin1.é", TOKEN.encode()[:-5], TOKEN.encode() + "AAAA"]
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(JoinTokenMalformed):
        decode(text)


def test_secrets_differ_and_do_not_show() -> None:
    other = new_token("苏0508", "hub.example:7445", bytes(range(32)))
    assert other.secret != TOKEN.secret
    assert TOKEN.secret not in repr(TOKEN)


def test_the_stored_hash_does_not_hold_the_secret() -> None:
    assert len(token_hash(TOKEN.secret)) == 32
    assert token_hash(TOKEN.secret) == token_hash(decode(TOKEN.encode()).secret)
    assert token_hash(TOKEN.secret) != token_hash(TOKEN.secret + "A")
