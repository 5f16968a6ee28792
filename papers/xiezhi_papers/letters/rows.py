"""The tables that letters have. Every cell is text as it is printed."""

from dataclasses import dataclass

from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.fields import known


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party, with what is needed to find it."""

    role: str = known("诉讼地位")
    name: str = known("姓名或名称")
    number: str = known("证件号码")
    address: str = known("住所")
    phone: str = known("联系电话")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """One act that is asked for. Its exact scope is a cell of its own: liability turns on it."""

    number: str = known("序号")
    act: str = known("事项")
    subject: str = known("对象")
    target: str = known("标的及线索")
    body: str = known("单位")
    scope: str = known("范围和要求")
    amount: str = known("金额")
    expires: str = known("期限至")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeizureLine:
    """A seizure of a property, as its register has it."""

    rank: str = known("顺位")
    court: str = known("查封法院")
    purpose: str = known("查封性质")
    case_number: str = known("案号")
    seized_on: str = known("查封日期")
    expires_on: str = known("到期日")


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyLine:
    """Property in the area of the court that a case is delegated to."""

    number: str = known("序号")
    category: str = known("财产种类")
    description: str = known("财产")
    place: str = known("所在地")
    note: str = known("备注")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedSeizureLine:
    """A seizure that is handed over with its case; its rank stays."""

    number: str = known("序号")
    description: str = known("财产")
    rank: str = known("顺位")
    seized_on: str = known("查封日期")
    expires_on: str = known("到期日")
    document: str = known(PaperType.RULING.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """What a claim gets by a plan, or a sum that the total is made of."""

    number: str = known("序号")
    creditor: str = known("债权人")
    court: str = known("执行法院")
    basis: str = known("债权依据")
    amount: str = known("债权数额（元）")
    place: str = known("受偿顺位")
    share: str = known("分配金额（元）")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLine:
    """How one act ended."""

    number: str = known("序号")
    act: str = known("事项")
    outcome: str = known("结果")
    done_on: str = known("办理日期")
    obtained: str = known("实际金额或顺位")
    expires: str = known("期限至")
    note: str = known("办理说明")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationLine:
    """A line of the debtor's declaration, to be filled in by hand."""

    number: str = known("序号")
    category: str = known("财产种类")
    detail: str = known("名称、坐落、账号等")
    quantity: str = known("数量或面积")
    value: str = known("价值（元）")
    burdens: str = known("共有、抵押、查封等情况")
    changes: str = known("近一年变动情况")
