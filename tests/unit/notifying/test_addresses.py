"""Numbers and addresses as people enter them, and as the journal shows them."""

import pytest

from xiezhi_desk.notifying.channels.channel import readable
from xiezhi_desk.notifying.delivery import masked
from xiezhi_desk.notifying.mobiles import mobile_of
from xiezhi_desk.notifying.preferences import check_email
from xiezhi_domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "mobile"),
    [
        ("10000000001", "10000000001"),
        ("100 0000-0001", "10000000001"),
        ("１００００００００１０", "10000000010"),
        ("+86 10000000001", "+8610000000001"),
        ("0512-00000000", ""),
        ("", ""),
        ("12345", ""),
    ],
)
def test_mobiles(text: str, mobile: str) -> None:
    assert mobile_of(text) == mobile


def test_the_journal_shows_enough_to_recognise_an_address() -> None:
    assert masked("10000000001") == "100****0001"
    assert masked("zhang.san@court.example") == "z***@court.example"
    assert masked("oa") == "oa"


@pytest.mark.parametrize(
    "text", ["a@b", "a b@c.example", "a@b.example\nBcc: x@y.example", "@c.example", "名@c.example"]
)
def test_no_address_breaks_out_of_its_header(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_email(text, "settings.email")
    assert refused.value.fields[0].field == "settings.email"


def test_an_address_may_be_left_out() -> None:
    assert check_email("  ", "email") == ""
    assert check_email(" a.b@c.example ", "email") == "a.b@c.example"


def test_an_answer_is_kept_without_what_may_be_somebodys_number() -> None:
    said = readable("550 no such\n user 10000000001 <zhang@court.example> code 1042" + "x" * 500)
    assert said.startswith("550 no such user * <*> code 1042")
    assert len(said) == 200
