"""The fields of an item and of its outcome, by their paths in the contract, with the words that people know them by.

The rulebook says which act needs which (`xiezhi_domain.rulebook.content`); forms, spreadsheets and checks take the
words from here. A test compares every path with the contract.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Entry(StrEnum):
    """How a field is filled in, and what a message that asks for it begins with."""

    TEXT = "请填写"
    AMOUNT = "请填写（元）"
    DAY = "请填写（如 2026-11-22）"
    CHOICE = "请选择"
    LIST = "请逐项填写"


class ItemField(NamedTuple):
    """A field: its path below the item or the outcome, its word, and how it is filled in."""

    path: str
    zh: str
    entry: Entry = Entry.TEXT

    def asks(self, number: int) -> str:
        """Return the message that asks for the field of the item *number*."""
        verb, _, example = self.entry.value.partition("（")
        return f"{verb}办理项 {number} 的{self.zh}" + (f"（{example}" if example else "")


def _table(*fields: ItemField) -> Mapping[str, ItemField]:
    return {field.path: field for field in fields}


ORDER_FIELDS: Final = _table(
    ItemField("subject_number", "事项对象", Entry.CHOICE),
    ItemField("scope", "办理范围"),
    ItemField("clue", "线索"),
    ItemField("amount_fen", "金额", Entry.AMOUNT),
    ItemField("starts_on", "起始日", Entry.DAY),
    ItemField("expires_on", "到期日", Entry.DAY),
    ItemField("assisting_body.name", "协助单位名称"),
    ItemField("assisting_body.branch", "协助单位分支机构"),
    ItemField("assisting_body.address", "协助单位地址"),
    ItemField("assisting_body.phone", "协助单位电话"),
    ItemField("assisting_body.category", "协助单位类别"),
    ItemField("property.category", "财产类别", Entry.CHOICE),
    ItemField("property.description", "财产说明"),
    ItemField("property.place", "财产所在地"),
    ItemField("property.value_fen", "财产价值", Entry.AMOUNT),
    ItemField("property.deposit.bank", "开户银行或机构"),
    ItemField("property.deposit.branch", "开户网点"),
    ItemField("property.deposit.account", "账号"),
    ItemField("property.deposit.currency", "币种"),
    ItemField("property.deposit.earlier_freezes", "在先冻结"),
    ItemField("property.immovable.certificate", "权证号"),
    ItemField("property.immovable.unit", "不动产单元号"),
    ItemField("property.immovable.location", "坐落"),
    ItemField("property.immovable.area", "面积"),
    ItemField("property.immovable.shares", "共有情况及份额"),
    ItemField("property.immovable.mortgages", "不动产抵押"),
    ItemField("property.immovable.seizure_rank", "首封或轮候序位"),
    ItemField("property.immovable.occupation", "占用情况"),
    ItemField("property.vehicle.plate", "号牌号码"),
    ItemField("property.vehicle.plate_kind", "号牌种类"),
    ItemField("property.vehicle.vin", "车辆识别代号"),
    ItemField("property.vehicle.registry", "车辆登记机关"),
    ItemField("property.vehicle.mortgages", "车辆抵押"),
    ItemField("property.equity.company", "所投资公司"),
    ItemField("property.equity.credit_code", "公司统一社会信用代码"),
    ItemField("property.equity.registry", "股权登记机关"),
    ItemField("property.equity.share", "数额或比例"),
    ItemField("earlier.case_number", "原案号"),
    ItemField("earlier.document", "原文书号"),
    ItemField("earlier.request_number", "原请求单号"),
    ItemField("earlier.expires_on", "原到期日", Entry.DAY),
    ItemField("pay_to.holder", "执行款专户户名"),
    ItemField("pay_to.bank", "执行款专户开户行"),
    ItemField("pay_to.bank_number", "执行款专户行号"),
    ItemField("pay_to.account", "执行款专户账号"),
    ItemField("pay_to.remark", "缴款备注"),
    ItemField("service.papers", "待送达的文书名称", Entry.LIST),
    ItemField("service.address", "送达地址"),
    ItemField("service.method", "送达方式"),
    ItemField("network_query.queried_on", "网络查控最近查询日期", Entry.DAY),
    ItemField("network_query.result", "网络查控最近查询结果"),
)

OUTCOME_FIELDS: Final = _table(
    ItemField("done_at", "办理时间"),
    ItemField("officers", "办理人员", Entry.LIST),
    ItemField("amount_obtained_fen", "实际金额", Entry.AMOUNT),
    ItemField("rank_obtained", "实际顺位"),
    ItemField("starts_on", "实际起始日", Entry.DAY),
    ItemField("expires_on", "实际到期日", Entry.DAY),
    ItemField("occupation", "现场占用情况"),
    ItemField("credited_on", "到账日", Entry.DAY),
    ItemField("service.result", "送达结果", Entry.CHOICE),
    ItemField("service.served_at", "送达时间"),
    ItemField("findings", "查找结果", Entry.LIST),
    ItemField("note", "办理说明"),
    ItemField("document_sha256s", "证明文书", Entry.LIST),
)
