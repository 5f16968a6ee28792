"""Items as lines of a letter's table: everything that the other court needs to do the act (practice.md §11)."""

from collections.abc import Iterator, Mapping
from typing import Final

from google.protobuf.message import Message

from xiezhi.v1 import item_pb2, property_pb2
from xiezhi_desk.terms import ACTS
from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.rows import ItemLine
from xiezhi_papers.letters.words import listed, money

_DETAILS: Final[Mapping[str, Mapping[str, str]]] = {
    "deposit": {
        "bank": "",
        "branch": "",
        "account": "账号",
        "currency": "币种",
        "earlier_freezes": "在先冻结",
    },
    "immovable": {
        "location": "坐落",
        "certificate": "权证号",
        "unit": "单元号",
        "area": "面积",
        "shares": "共有",
        "mortgages": "抵押",
        "seizure_rank": "查封顺位",
        "occupation": "占用",
    },
    "vehicle": {
        "plate": "号牌",
        "plate_kind": "号牌种类",
        "vin": "车辆识别代号",
        "model": "",
        "registry": "登记机关",
    },
    "equity": {"company": "", "credit_code": "统一社会信用代码", "share": "份额", "registry": "登记机关"},
}
"""What is printed of each kind of property, with what people call it."""

_EARLIER: Final = {
    "case_number": "原案号",
    "document": PaperType.ORIGINAL_PAPERS.zh,
    "request_number": "原请求单号",
    "expires_on": "原期限至",
}
_ACCOUNT: Final = {
    "holder": "户名",
    "bank": "开户行",
    "bank_number": "行号",
    "account": "账号",
    "remark": "缴款备注",
}


def item_line(item: item_pb2.Item, subjects: Mapping[int, str]) -> ItemLine:
    """Return an item as it is printed; *subjects* are the names by number."""
    body = item.assisting_body
    return ItemLine(
        number=str(item.number),
        act=ACTS.from_proto(item.act, "act").zh if item.act else "",
        subject=subjects.get(item.subject_number, ""),
        target=listed([*_property(item.property), item.clue]),
        body=listed([f"{body.name}{body.branch}", body.address, body.phone]),
        scope=listed([item.scope, *_more(item)]),
        amount=money(item.amount_fen) if item.amount_fen else "",
        expires=item.expires_on,
    )


def _property(owned: property_pb2.Property) -> Iterator[str]:
    yield owned.description
    yield owned.place
    kind = owned.WhichOneof("detail")
    if kind is not None:
        yield from _named(getattr(owned, kind), _DETAILS[kind])


def _more(item: item_pb2.Item) -> Iterator[str]:
    """Give what the act needs beside its scope."""
    if item.starts_on:
        yield f"自{item.starts_on}起"
    yield from _named(item.earlier, _EARLIER)
    if item.HasField("pay_to"):
        yield f"汇入执行款专户（{listed(_named(item.pay_to, _ACCOUNT))}）"
    service = item.service
    yield from (f"《{paper}》" for paper in service.papers)
    yield from _named(service, {"address": "地址", "method": "方式"})
    if item.network_query.queried_on:
        yield f"总对总查询（{item.network_query.queried_on}）：{item.network_query.result}"


def _named(message: Message, names: Mapping[str, str]) -> Iterator[str]:
    for field, name in names.items():
        text = getattr(message, field)
        if text:
            yield f"{name}：{text}" if name else text
