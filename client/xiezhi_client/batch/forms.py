"""What an import of one kind needs to know: its columns, how a row becomes an order, how the order is drafted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from xiezhi_client.batch import delegated, orders
from xiezhi_client.batch.columns import COLUMNS
from xiezhi_client.batch.orders import RowOrder
from xiezhi_client.sdk import ActForm, Client
from xiezhi_client.sheets.columns import Column
from xiezhi_client.sheets.reading import Problem, Row
from xiezhi_client.typed.papers import FindFile
from xiezhi_domain.terms import Kind


class OrderForm(Protocol):
    """An import of one kind."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of its spreadsheet."""

    def read(self, row: Row, find: FindFile) -> RowOrder | list[Problem]:
        """Give the order of a row, or all that is wrong with it."""


@dataclass(frozen=True, slots=True)
class FindForm:
    """查人找物."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of its spreadsheet."""
        return COLUMNS

    def read(self, row: Row, find: FindFile) -> RowOrder | list[Problem]:
        """Give the order of a row, or all that is wrong with it."""
        return orders.read_order(row, find)


@dataclass(frozen=True, slots=True)
class DelegationForm:
    """A kind of 事项委托 or 协助执行, as the node's rulebook says how its acts are filled in."""

    kind: str
    acts: tuple[ActForm, ...]

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of its spreadsheet."""
        return delegated.columns_of(self.acts)

    def read(self, row: Row, find: FindFile) -> RowOrder | list[Problem]:
        """Give the order of a row, or all that is wrong with it."""
        return delegated.read_order(row, find, self.kind, self.columns, self.acts)


async def form_of(client: Client, kind: str) -> OrderForm:
    """Give the form of a kind; asks the node for one of 事项委托 or 协助执行. Raise `InvalidInput`, `NotFound`."""
    return FindForm() if kind == Kind.FIND else DelegationForm(kind, await client.delegation.forms(kind))
