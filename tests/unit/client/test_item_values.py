"""What people write for the fields of an item."""

import pytest

from xiezhi_client.typed.item_values import put_value, read_value
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_domain.item_fields import ORDER_FIELDS


@pytest.mark.parametrize(
    ("path", "written", "read"),
    [
        ("amount_fen", "128,000.50 元".replace(" ", ""), 12_800_050),
        ("amount_fen", "0.01", 1),
        ("property.category", "银行存款", "BANK_DEPOSIT"),
        ("service.papers", "执行通知书、 报告财产令", ["执行通知书", "报告财产令"]),
        ("subject_number", "2", 2),
        ("property.deposit.account", "6200", "6200"),
    ],
)
def test_values_are_read_by_their_field(path: str, written: str, read: object) -> None:
    assert read_value(ORDER_FIELDS[path], written) == read


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("amount_fen", "-1"),
        ("amount_fen", "1.005"),
        ("amount_fen", "一万"),
        ("amount_fen", "NaN"),
        ("property.category", "金条"),
        ("subject_number", "甲"),
    ],
)
def test_what_cannot_be_read_is_told(path: str, written: str) -> None:
    with pytest.raises(UnreadableError):
        read_value(ORDER_FIELDS[path], written)


def test_a_value_finds_its_place() -> None:
    plain: dict[str, object] = {"property": {"description": "存款"}}
    put_value(plain, ORDER_FIELDS["property.deposit.bank"], "演示银行")
    assert plain == {"property": {"description": "存款", "deposit": {"bank": "演示银行"}}}
