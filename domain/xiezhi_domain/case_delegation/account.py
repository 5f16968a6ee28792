"""What a delegated case has come to, folded from its events: whose it is, and with which seizures."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from xiezhi_domain.case_delegation.seizures import HandedSeizure, Register
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import EventKind


class CaseEvent(NamedTuple):
    """An event of the matter: its kind, the court that made it, what it hands over, what it renews until when."""

    kind: str
    court: str
    seizures: tuple[HandedSeizure, ...] = ()
    renewals: tuple[tuple[int, date], ...] = ()


class Account(NamedTuple):
    """What the events say together.

    `holder` is the court whose case it is: the sender's until the filing, then the receiver's, the sender's again after
    a return.
    """

    sender: str = ""
    holder: str = ""
    register: Register = Register()
    filed: bool = False
    returned: bool = False


_BACK = frozenset({EventKind.CASE_RETURNED, EventKind.MATERIALS_RETURNED})


def account_of(events: Iterable[CaseEvent]) -> Account:
    """Return what *events* say, oldest first; what another court has written wrongly is passed over."""
    account = Account()
    for event in events:
        account = _after(account, event)
    return account


def _after(before: Account, event: CaseEvent) -> Account:
    if event.kind == EventKind.ISSUED:
        register = _handed_over(event)
        return Account(event.court, event.court, register)
    if event.kind == EventKind.CASE_FILED:
        register = before.register.taken_over(event.court)
        return before._replace(holder=event.court, register=register, filed=True)
    if event.kind == EventKind.SEIZURES_CONTINUED:
        return before._replace(register=_renewed(before.register, event))
    if event.kind in _BACK:
        register = before.register.taken_over(before.sender)
        return before._replace(holder=before.sender, register=register, returned=True)
    return before


def _handed_over(event: CaseEvent) -> Register:
    try:
        return Register.handed_over(event.seizures, event.court)
    except InvalidInput:
        return Register()


def _renewed(register: Register, event: CaseEvent) -> Register:
    for number, until in event.renewals:
        try:
            register = register.renewed(number, until)
        except InvalidInput:
            continue
    return register
