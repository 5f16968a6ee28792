"""A delegated case on the screen."""

from xiezhi_client.cli.screen import Screen
from xiezhi_client.sdk import CaseAccount, CaseDelegationOrder
from xiezhi_client.typed.money import yuan
from xiezhi_domain.terms import CaseStatusChange


def show_case(screen: Screen, order: CaseDelegationOrder, account: CaseAccount) -> None:
    """Show whose case it is now, what was handed over, and the papers of its steps."""
    filing = account.filing
    screen.pairs(
        order.case_number,
        {
            "现由哪个法院办理": account.holder,
            "原案余额": f"{yuan(order.balance_fen)} 元",
            "受托案件": filing.case_number if filing else "尚未立案",
            "立案日期": filing.filed_on if filing else "",
            CaseStatusChange.CANCELLED.zh: "、".join(
                f"{each.case_number}（{each.cancelled_on}）" for each in account.cancellations
            ),
            "结案日期": account.closing.closed_on if account.closing else "",
        },
    )
    seizures = [
        (
            str(each.handed.number) if each.handed else "",
            each.handed.property.description if each.handed and each.handed.property else "",
            str(each.handed.rank) if each.handed else "",
            each.expires_on,
            each.court,
        )
        for each in account.seizures
    ]
    screen.table("移交的查封", ("序号", "财产", "顺位", "到期日", "视为哪个法院的查封"), seizures)
    steps = [
        (each.words, each.court, each.document.number, each.document.dated_on)
        for each in account.steps
        if each.document
    ]
    screen.table("文书和日期", ("步骤", "法院", "文号", "日期"), steps)
