"""What command line and workbench are given: spreadsheets, order files, what people type, papers to show."""

import json
from pathlib import Path
from typing import Final

import typer
from starlette.datastructures import QueryParams
from tests.fuzz.decoder import Decoder, from_file
from tests.stage.people import case, order
from tests.unit.client.test_sheet_reading import workbook
from tests.unit.papers.test_examine import blank

from xiezhi_client.batch.columns import COLUMNS as ORDER_COLUMNS
from xiezhi_client.batch.orders import read_order
from xiezhi_client.batch.reader import split
from xiezhi_client.cli.arguments import parse_outcomes, parse_pick, parse_time, read_file, split_item
from xiezhi_client.cli.drafts import read_order_file
from xiezhi_client.cli.figures.arguments import parse_choice, parse_period
from xiezhi_client.cli.profile import Profile
from xiezhi_client.people.staff import COLUMNS as STAFF_COLUMNS
from xiezhi_client.people.staff import staff_rows
from xiezhi_client.sdk import Case, FindOrder
from xiezhi_client.sdk.errors import XiezhiError
from xiezhi_client.sdk.record import Record
from xiezhi_client.sheets.reading import parse_sheet, read_sheet
from xiezhi_client.typed.money import parse_yuan
from xiezhi_client.typed.papers import Paper
from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_workbench import config, previews
from xiezhi_workbench.lists import Wanted
from xiezhi_workbench.scans import UnusableError

TYPED = (XiezhiError, UnreadableError, typer.BadParameter)
STAFF_CSV = "姓名,登录名,岗位,有效期\n陈法官,chen,法官、指挥中心专员,2028-12-31\n".encode()
ORDER_CSV = (
    "案号,受托法院,对象序号,办理行为,办理要求,请求内容,期限天数\n"
    "（2026）苏0505执1234号,苏0508,1、2,查找人员,查找下落,请协助,7\n"
).encode()
ORDER = order().to_plain()
WORKBENCH_TOML = b"""
serves = "node"
server = "127.0.0.1:1"
server_authority = "/dev/null"
certificate = "/dev/null"
certificate_key = "/dev/null"
"""


def _staff(data: bytes, name: str) -> object:
    return staff_rows(parse_sheet(data, name, STAFF_COLUMNS))


def _orders(data: bytes) -> object:
    return [read_order(row, lambda _: None) for row in parse_sheet(data, "a.csv", ORDER_COLUMNS).rows]


def _outcomes(data: bytes) -> object:
    return from_file(lambda path: parse_outcomes((), path), "outcomes.json")(data)


CLIENTS: Final = (
    Decoder(
        parse_sheet, [STAFF_CSV], call=lambda data: _staff(data, "a.csv"), refuses=TYPED, also=[staff_rows]
    ),
    Decoder(
        read_sheet,
        [workbook()],
        call=from_file(lambda path: read_sheet(path, STAFF_COLUMNS), "a.xlsx"),
        refuses=TYPED,
    ),
    Decoder(read_order, [ORDER_CSV], call=_orders, refuses=TYPED),
    Decoder(split, ["1、2；3"]),
    Decoder(
        Record.from_plain, [ORDER], call=lambda plain: FindOrder.from_plain(plain).to_proto(), refuses=TYPED
    ),
    Decoder(
        Case,
        [case().to_plain()],
        call=lambda plain: Case.from_plain(plain).to_proto(),
        refuses=TYPED,
    ),
    Decoder(
        read_file, [b"a = 1\n[[b]]\nc = 2026-01-01\n"], call=from_file(read_file, "a.toml"), refuses=TYPED
    ),
    Decoder(
        read_order_file,
        [json.dumps(ORDER).encode()],
        call=from_file(lambda path: FindOrder.from_plain(read_order_file(path)[0]), "a.json"),
        refuses=TYPED,
    ),
    Decoder(
        parse_outcomes, [b'{"outcomes": [{"number": 1, "outcome": "DONE"}]}'], call=_outcomes, refuses=TYPED
    ),
    Decoder(parse_pick, ["委托函=1", "1"], refuses=TYPED),
    Decoder(split_item, ["1=甲:乙:丙"], refuses=TYPED),
    Decoder(parse_time, ["2026-01-05 09:30"], refuses=TYPED),
    Decoder(parse_period, ["2026-11"], call=lambda text: parse_period(text, "", ""), refuses=TYPED),
    Decoder(parse_choice, ["期限内办结率=仅办结口径"], refuses=TYPED),
    Decoder(parse_yuan, ["128,000.50元"], refuses=TYPED),
    Decoder(Paper.parse, ["委托函=a.pdf"], call=lambda text: Paper.parse(text, Path), refuses=TYPED),
    Decoder(Profile.load, [b'{"address": "a:1", "token": ""}'], call=from_file(Profile.load), refuses=TYPED),
    Decoder(
        config.load,
        [WORKBENCH_TOML],
        call=from_file(lambda path: config.load(path, {})),
        refuses=(config.ConfigError,),
    ),
    Decoder(
        previews.check,
        [blank(2)],
        call=lambda data: previews.check(data, "application/pdf"),
        refuses=(UnusableError,),
    ),
    Decoder(
        Wanted.of,
        ["state=ISSUED&court=苏0508&text=张&page=x"],
        call=lambda text: Wanted.of(QueryParams(text), "SENT").query(),
    ),
)
