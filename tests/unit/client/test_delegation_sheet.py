"""Spreadsheets for 事项委托: columns from the forms of a kind, rows as orders, problems cell by cell."""

from pathlib import Path

from xiezhi_client.batch.delegated import columns_of, read_order
from xiezhi_client.batch.orders import RowOrder
from xiezhi_client.sdk import ActField, ActForm, DelegationOrder
from xiezhi_client.sheets.reading import Row

KIND = "ENTRUST_DEPOSIT"


def form(act: str, *required: str, optional: tuple[str, ...] = ()) -> ActForm:
    fields = [ActField(path=path, required=True) for path in required]
    fields += [ActField(path=path) for path in optional]
    return ActForm(act=act, category="BANK_DEPOSIT", item_fields=tuple(fields))


FORMS = (
    form("FREEZE", "property.deposit.account", "amount_fen", "expires_on"),
    form("UNFREEZE", "property.deposit.account", optional=("amount_fen",)),
)
COLUMNS = columns_of(FORMS)
CELLS = {
    "case_number": "（2026）苏0591执1号",
    "receiver": "苏0508",
    "subjects": "1、2",
    "act": "冻结",
    "item.property.category": "银行存款",
    "item.property.deposit.account": "00001",
    "item.amount_fen": "128,000.50",
    "item.expires_on": "2027-01-01",
    "request": "请协助冻结",
}


def read(**cells: str) -> RowOrder | list[object]:
    row = Row(2, CELLS | {key.replace("__", "."): text for key, text in cells.items()})
    return read_order(row, Path(), KIND, COLUMNS, FORMS)


def test_the_columns_are_those_that_the_acts_of_the_kind_need() -> None:
    titles = {column.title: column for column in COLUMNS}
    assert titles["账号"].required
    assert not titles["金额"].required
    assert titles["金额"].hint == "单位元；冻结必填"
    assert "解冻" in titles["办理行为"].hint
    assert titles["到期日"].is_day


def test_a_row_is_an_order_of_one_item() -> None:
    read_row = read()
    assert isinstance(read_row, RowOrder)
    order = read_row.order
    assert isinstance(order, DelegationOrder)
    [item] = order.items
    assert (order.kind, order.subject_numbers, item.subject_number) == (KIND, (1, 2), 1)
    assert (item.act, item.amount_fen, item.expires_on) == ("FREEZE", 12_800_050, "2027-01-01")
    assert item.property is not None
    assert item.property.category == "BANK_DEPOSIT"
    assert item.property.deposit is not None
    assert item.property.deposit.account == "00001"


def test_every_wrong_cell_is_told() -> None:
    problems = read(act="查封", item__amount_fen="一万", item__property__deposit__account="", receiver="姑苏")
    assert isinstance(problems, list)
    columns = {problem.column for problem in problems}
    assert columns == {"办理行为", "金额", "账号", "受托法院"}
    assert isinstance(read(item__amount_fen="1.234"), list)
