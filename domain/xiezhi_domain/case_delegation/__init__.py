"""委托执行 of a whole case (法释〔2011〕11号): what is handed over, and what becomes of it. Pure logic.

``seizures``  the register of the seizures handed over: rank and end, kept and renewed
``balance``   the amount of the new case
``account``   everything that a delegated case has come to, folded from its events
"""

from xiezhi_domain.case_delegation.account import Account, CaseEvent, account_of
from xiezhi_domain.case_delegation.balance import balance_fen
from xiezhi_domain.case_delegation.seizures import HandedSeizure, Register, needs_renewal

__all__ = [
    "Account",
    "CaseEvent",
    "HandedSeizure",
    "Register",
    "account_of",
    "balance_fen",
    "needs_renewal",
]
