"""Marks of parties: the same identity gives the same mark, and nothing else does."""

import pytest

from xiezhi_domain.party_mark import (
    citizen_mark,
    credit_code_mark,
    document_mark,
    key_id,
    mark_key,
    organisation_name_mark,
)

ORIGIN = "hub.su05.example/xiezhi"
KEY = mark_key(bytes(32), ORIGIN)


def test_the_bytes_are_pinned() -> None:
    # HMAC-SHA256, computed with OpenSSL.
    assert KEY.hex() == "de4540124e2fc75021da87663b606fa128bbe4e39b4f218bd96193dfb5c5e1f9"
    assert (
        citizen_mark(KEY, "320500189901010016").hex()
        == "5d6531874f4bf5bbb29a9207b7640ac0b6ee51dca490fd1929566427429c837a"
    )
    assert key_id(KEY) == "7f0c0dc06a2872721f17ff9c292513f8"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            citizen_mark(KEY, "32050018990101001x"),
            citizen_mark(KEY, " ３２０５００１８９９０１０１００１Ｘ "),
        ),
        (citizen_mark(KEY, "110105491231002"), citizen_mark(KEY, "11010519491231002X")),
        (credit_code_mark(KEY, "91320500ma0000007j"), credit_code_mark(KEY, "91320500-MA000000-7J")),
        (organisation_name_mark(KEY, "测试（苏州）公司"), organisation_name_mark(KEY, "测试(苏州) 公司")),
        (document_mark(KEY, "e0000000"), document_mark(KEY, "E 0000000")),
    ],
    ids=["citizen", "old-citizen", "credit-code", "organisation", "document"],
)
def test_one_identity_however_it_is_written(one: bytes, other: bytes) -> None:
    assert one == other


def test_nothing_else_has_the_same_mark() -> None:
    written = "91320500MA0000007J"
    makers = (citizen_mark, credit_code_mark, document_mark, organisation_name_mark)
    marks = {make(KEY, written) for make in makers}
    assert len(marks) == len(makers)
    assert citizen_mark(KEY, "320500189901010016") != citizen_mark(KEY, "320500189901010024")


def test_a_key_is_of_no_use_at_another_hub() -> None:
    other = mark_key(bytes(32), "hub.su01.example/xiezhi")
    assert citizen_mark(other, "320500189901010016") != citizen_mark(KEY, "320500189901010016")
    assert key_id(other) != key_id(KEY)
