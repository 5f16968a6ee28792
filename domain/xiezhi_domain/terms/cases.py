"""What becomes of a case as a whole, and what its court wants done with the open matters."""

from typing import Final

from xiezhi_domain.terms.base import Term


class CaseStatusChange(Term):
    """A change of a case after which its open instructions have to be thought about (practice.md §5)."""

    FULLY_ENFORCED = "FULLY_ENFORCED", "执行完毕"
    TERMINATED_FOR_NOW = "TERMINATED_FOR_NOW", "终本"
    CANCELLED = "CANCELLED", "销案"
    TRANSFERRED = "TRANSFERRED", "移送"
    DESIGNATED = "DESIGNATED", "指定"
    ELEVATED = "ELEVATED", "提级"
    BANKRUPTCY = "BANKRUPTCY", "破产"


CLOSING_CHANGES: Final = frozenset(
    {CaseStatusChange.FULLY_ENFORCED, CaseStatusChange.TERMINATED_FOR_NOW, CaseStatusChange.CANCELLED}
)
"""The changes that are ways of closing a case (法发〔2014〕26号 第14条); after the others it goes on."""


class CaseChoice(Term):
    """What the sender wants done with one open instruction after a change of its case."""

    CONTINUE = "CONTINUE", "继续办理"
    SUSPEND = "SUSPEND", "暂停办理"
    STOP = "STOP", "停止办理"
    TRANSFER = "TRANSFER", "变更委托法院"
