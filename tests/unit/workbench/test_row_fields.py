"""Fields of rows: each row with its cells, a slip where it was typed, amounts to the fen."""

import pytest
from starlette.datastructures import FormData

from xiezhi_client.sdk import FiledCaseOfOrder
from xiezhi_domain.terms import Action
from xiezhi_workbench.entering import Entered, read, typed_back
from xiezhi_workbench.form_fields import Begun
from xiezhi_workbench.row_fields import row_numbers, totals, typed_rows
from xiezhi_workbench.superior_forms import superior_forms

FORMS = superior_forms("ORDER_ELEVATE")
ELEVATE, CHANGE = FORMS[Action.ELEVATE_CASE], FORMS[Action.CHANGE_ORDER]
OLD, OTHER, NEW = "（2026）苏0508执1号", "（2026）苏0508执2号", "（2026）苏05执77号"


def row(number: int, old: str = OLD, new: str = NEW, balance: str = "1,199,999.99") -> dict[str, str]:
    cells = {"old_case_number": old, "new_case_number": new, "balance_fen": balance}
    return {f"filing.{number}.{name}": text for name, text in cells.items()}


def entered(*rows: dict[str, str]) -> Entered:
    return read(ELEVATE, FormData({name: text for each in rows for name, text in each.items()}), ())


def test_rows_are_read_in_their_order_to_the_fen() -> None:
    sent = entered(row(10, OTHER, "(2026) 苏05执78号", "0"), row(2))
    assert sent.wrong == {}
    assert sent.values["filing"].cases == (
        FiledCaseOfOrder(old_case_number=OLD, new_case_number=NEW, balance_fen=119_999_999),
        FiledCaseOfOrder(old_case_number=OTHER, new_case_number="（2026）苏05执78号", balance_fen=0),
    )


def test_what_the_server_finds_wrong_is_shown_at_its_row() -> None:
    sent = entered(row(10, OTHER), row(2))
    assert sent.shown_at("filing.cases[1].new_case_number") == "filing.10.new_case_number"
    assert sent.shown_at("filing.cases[7].new_case_number") == "filing.cases[7].new_case_number"
    assert sent.shown_at("filing.cases") == "filing"


@pytest.mark.parametrize(
    ("slip", "cell", "said"),
    [
        ({"new": " "}, "new_case_number", "请填写新案案号"),
        ({"new": "苏05执77号"}, "new_case_number", "收案年度"),
        ({"balance": ""}, "balance_fen", "请填写立案金额"),
        ({"balance": "一百"}, "balance_fen", "应为金额"),
        ({"balance": "1e9"}, "balance_fen", "应为金额"),
        ({"balance": "0.001"}, "balance_fen", "最多两位小数"),
        ({"balance": "-1"}, "balance_fen", "负数"),
        ({"balance": "9" * 18}, "balance_fen", "金额过大"),
    ],
)
def test_a_slip_is_told_at_its_cell(slip: dict[str, str], cell: str, said: str) -> None:
    wrong = entered(row(0), row(1, **slip)).wrong
    assert list(wrong) == [f"filing.1.{cell}"]
    assert said in wrong[f"filing.1.{cell}"]


def test_a_form_without_its_rows_lacks_them() -> None:
    assert entered().wrong == {"filing": "请填写新案"}


def test_a_form_begins_with_what_is_known_and_reads_it_back() -> None:
    begun = Begun(
        ({"old_case_number": OLD, "balance_fen": 0}, {"old_case_number": OTHER, "balance_fen": None})
    )
    typed = typed_rows(ELEVATE, {"filing": begun})
    assert row_numbers("filing", typed) == [0, 1]
    assert typed["filing.0.balance_fen"] == "0.00"
    assert typed["filing.1.balance_fen"] == ""
    assert typed["filing.0.new_case_number"] == ""
    assert list(read(ELEVATE, FormData(typed), ()).wrong) == [
        *("filing.0.new_case_number", "filing.1.new_case_number", "filing.1.balance_fen")
    ]


def test_amounts_are_added_up_once_all_can_be_read() -> None:
    sent = FormData({**row(0), **row(1, OTHER, balance="0.01")})
    assert totals(ELEVATE, typed_back(sent)) == [("立案金额", "1,200,000.00")]
    assert totals(ELEVATE, typed_back(FormData(row(0, balance="?")))) == []
    assert totals(CHANGE, {}) == []


@pytest.mark.parametrize(("typed", "fen"), [("0", 0), ("0.00", 0), (" 1,000.5 ", 100_050)])
def test_a_balance_is_changed_also_to_nothing(typed: str, fen: int) -> None:
    sent = read(CHANGE, FormData({"text": "已变化", "balance_fen": typed}), ())
    assert sent.values == {"text": "已变化", "balance_fen": fen}


def test_a_balance_that_is_not_entered_stays() -> None:
    sent = read(CHANGE, FormData({"text": "延长期限", "balance_fen": " "}), ())
    assert sent.values == {"text": "延长期限"}
    assert sent.wrong == {}
    assert "balance_fen" in read(CHANGE, FormData({"text": "甲", "balance_fen": "全部"}), ()).wrong
