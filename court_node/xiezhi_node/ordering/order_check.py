"""An order as the checks of its kind see it (`typed_orders`)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from xiezhi_domain.rulebook import KindRules
from xiezhi_node.fields import Fields
from xiezhi_node.ordering.case_parts import CaseParts


@dataclass(frozen=True, slots=True)
class OrderCheck:
    """One order on its way into normal form; `order` is the message of its kind.

    What is `wrong` keeps it from being a draft, what is `missing` from being handed in; `notes` are warnings. `court`
    is the one that sends.
    """

    order: Any
    case: CaseParts
    rules: KindRules
    today: date
    wrong: Fields
    missing: Fields
    notes: list[str]
    court: str
