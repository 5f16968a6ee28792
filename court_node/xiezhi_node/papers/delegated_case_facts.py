"""What letters about a delegated case can say: why it is delegated, its balance, what goes over with it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from xiezhi.v1 import case_delegation_pb2 as pb
from xiezhi.v1.property_pb2 import Property
from xiezhi_desk.terms import PROPERTY_CATEGORIES
from xiezhi_domain.terms import EventKind
from xiezhi_node.delegation.account import read_account
from xiezhi_node.ordering.order_type import OrderMessage
from xiezhi_node.papers.matter_facts import Facts
from xiezhi_papers.letters.rows import HandedSeizureLine, PropertyLine
from xiezhi_papers.letters.words import money

_NOTHING: Final[Facts] = {}


def delegated_case_facts(connection: Connection, order: OrderMessage, instruction: str) -> Facts:
    """Return what letters about a delegated case can say beside what all can; nothing for another kind."""
    if not isinstance(order, pb.CaseDelegationOrder):
        return _NOTHING
    account = read_account(connection, instruction)
    return {
        "recovered": money(order.recovered_fen) if order.recovered_fen else "",
        "balance": money(order.balance_fen) if order.balance_fen else "",
        "queried_on": order.investigation.queried_on,
        "investigation": order.investigation.result,
        "properties": _properties(order.properties, order.main_property),
        "handed": tuple(map(_seizure, order.seizures)),
        "new_case_number": account.filing.case_number,
        "approval": _approval(account),
    }


def _properties(found: Sequence[Property], main: int) -> tuple[PropertyLine, ...]:
    return tuple(
        PropertyLine(
            number=str(number),
            category=PROPERTY_CATEGORIES.from_proto(each.category, "category").zh if each.category else "",
            description=each.description,
            place=each.place,
            note="主要财产" if number == main else "",
        )
        for number, each in enumerate(found, 1)
    )


def _seizure(handed: pb.HandedSeizure) -> HandedSeizureLine:
    return HandedSeizureLine(
        number=str(handed.number),
        description=handed.property.description,
        rank="首封" if handed.rank == 1 else f"轮候第{handed.rank - 1}位",
        seized_on=handed.seized_on,
        expires_on=handed.expires_on,
        document=handed.document_number,
    )


def _approval(account: pb.CaseAccount) -> str:
    """Return number and day of the High Court's last approval of a return."""
    approvals = [step.document for step in account.steps if step.kind == EventKind.RETURN_PERMITTED]
    return f"{approvals[-1].number}，{approvals[-1].dated_on}" if approvals else ""
