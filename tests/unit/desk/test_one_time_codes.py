"""One-time codes and recovery codes: RFC 6238, its drift, and nothing twice."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from xiezhi_desk.second_factor.codes import (
    is_one_time,
    matching_step,
    new_recovery_codes,
    new_secret,
    secret_text,
    secret_uri,
    typed_code,
)
from xiezhi_desk.second_factor.locking import KEY_BYTES, SecretLock
from xiezhi_domain.errors import WrongState

# RFC 6238, appendix B, SHA-1: seconds since 1970, and the last six of the eight digits.
SECRET = b"12345678901234567890"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_vectors_of_the_rfc(seconds: int, code: str) -> None:
    assert matching_step(SECRET, code, seconds * 1000, after=0) == seconds // 30


@pytest.mark.parametrize(("drift", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(drift: int, taken: bool) -> None:
    seconds, code = VECTORS[1]
    now = (seconds + 30 * drift) * 1000
    assert (matching_step(SECRET, code, now, after=0) is not None) is taken


def test_no_step_is_taken_again_nor_one_before_it() -> None:
    (seconds, code), step = VECTORS[1], VECTORS[1][0] // 30
    assert matching_step(SECRET, code, seconds * 1000, after=step - 1) == step
    assert matching_step(SECRET, code, seconds * 1000, after=step) is None
    assert matching_step(SECRET, code, seconds * 1000, after=step + 1) is None


@pytest.mark.parametrize("typed", ["081 804", " 081-804 ", "０８１８０４"])
def test_a_code_may_be_typed_with_blanks_and_full_width(typed: str) -> None:
    assert typed_code(typed) == "081804"
    assert is_one_time(typed_code(typed))


def test_an_app_reads_secret_and_account_from_the_uri() -> None:
    secret = new_secret()
    uri = urlsplit(secret_uri(secret, "judge", "苏0508"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/协执 苏0508:judge"
    told = parse_qs(uri.query)
    assert told["secret"] == [secret_text(secret)]
    assert (told["digits"], told["period"], told["algorithm"]) == (["6"], ["30"], ["SHA1"])


def test_recovery_codes_are_ten_and_no_one_time_codes() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code) for code in codes)
    assert not any(is_one_time(typed_code(code)) for code in codes)


def test_a_locked_secret_opens_for_its_account_and_key_alone() -> None:
    lock = SecretLock(b"k" * KEY_BYTES)
    locked = lock.lock(SECRET, "judge")
    assert SECRET not in locked
    assert lock.open(locked, "judge") == SECRET
    assert lock.lock(SECRET, "judge") != locked
    for other, account in ((lock, "clerk"), (SecretLock(b"l" * KEY_BYTES), "judge")):
        with pytest.raises(WrongState):
            other.open(locked, account)
