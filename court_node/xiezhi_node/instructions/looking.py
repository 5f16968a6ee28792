"""Looks at a matter: found by id or number, shown in full or masked, recorded before anything is shown (design §9)."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, select

from xiezhi.v1 import instruction_pb2
from xiezhi_desk.access import Access, check_purpose, record_access
from xiezhi_desk.masking import mask_case, mask_items, mask_outcomes, mask_properties
from xiezhi_domain.errors import InvalidInput, NotAllowed, NotFound, Reason
from xiezhi_domain.events.ids import check_uuid7
from xiezhi_domain.matternumber import MatterNumber, MatterQuery, parse_search
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_node.confidentiality import may_unmask, visible
from xiezhi_node.instructions.matters import Reader, Seen, read_matter
from xiezhi_node.ordering.order_type import items_of_order
from xiezhi_node.ordering.typed_orders import properties_of
from xiezhi_node.seat import Seat
from xiezhi_wire.caller import Caller


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at which matter (id or number), by which method, why, and whether numbers are wanted in full."""

    caller: Caller
    method: str
    wanted: str
    purpose: str = ""
    unmask: bool = False


class Looking:
    """Finds, records, masks."""

    def __init__(self, journal: Journal, seat: Seat) -> None:
        self._journal = journal
        self._seat = seat

    async def at(self, look: Look) -> Seen:
        """Return the matter. Its order stays in full for those who work on it: they have to edit it.

        :raises InvalidInput: no such number, a number of several matters, or no purpose where one is needed.
        :raises NotFound: UNKNOWN_INSTRUCTION.
        :raises NotAllowed: FORBIDDEN, numbers in full are not for this reader.
        """
        purpose = check_purpose(look.purpose)
        if look.unmask and not purpose:
            raise InvalidInput.in_field("purpose", "查看完整信息须填写查看事由")
        seen, works_on = await self._journal.read(partial(self._read, look=look))
        if look.unmask and not works_on:
            raise NotAllowed(Reason.FORBIDDEN, "完整信息仅限办理该事项的人员查看")
        await self.record(look, seen.instruction.summary.instruction_id, purpose)
        if not look.unmask:
            _mask(seen.instruction)
        if not works_on:
            mask_items(items_of_order(seen.order))
            mask_properties(properties_of(seen.order))
        return seen

    async def record(self, look: Look, instruction: str, purpose: str = "") -> None:
        """Record a look at personal data of a matter; it is on disk when this returns."""
        access = Access(
            self._journal.clock(), look.caller.account_id, look.method, instruction, purpose, look.unmask
        )
        await self._journal.write(partial(record_access, access=access))

    def _read(self, connection: Connection, look: Look) -> tuple[Seen, bool]:
        instruction = resolve(connection, look.caller, self._seat, look.wanted)
        reader = Reader(self._seat, self._journal.rulebooks, look.caller, self._journal.clock())
        seen = read_matter(connection, reader, instruction)
        return seen, may_unmask(connection, look.caller, instruction)


def resolve(connection: Connection, caller: Caller, seat: Seat, wanted: str) -> str:
    """Return the id of the matter that *wanted* names: its id, its number, or the number as said on the phone.

    :raises NotFound: UNKNOWN_INSTRUCTION, none that the caller may know of.
    :raises InvalidInput: the short number fits several matters.
    """
    query = parse_search(wanted)
    if query is None:
        return check_uuid7(wanted.strip(), "instruction_id")
    found = _numbered(connection, caller, seat, query)
    if not found:
        raise NotFound(Reason.UNKNOWN_INSTRUCTION)
    if len(found) > 1:
        numbers = "、".join(sorted(found))
        raise InvalidInput.in_field("instruction_id", f"该编号对应多个事项，请输入完整编号：{numbers}")
    return next(iter(found.values()))


def _numbered(connection: Connection, caller: Caller, seat: Seat, wanted: MatterQuery) -> dict[str, str]:
    """Return number → id of the matters meant."""
    row = tables.instruction.c
    query = select(row.number, row.instruction).where(visible(caller, seat.rulebook))
    if wanted.year is not None and wanted.series is not None:
        exact = MatterNumber(wanted.court, wanted.year, wanted.number, wanted.series)
        query = query.where(row.number == str(exact))
    else:
        query = query.where(row.number.endswith(f"〕{wanted.number}号", autoescape=True))
    rows = connection.execute(query)
    return {number: instruction for number, instruction in rows if _is_meant(number, wanted)}


def _is_meant(number: str, wanted: MatterQuery) -> bool:
    try:
        return wanted.matches(MatterNumber.parse(number))
    except InvalidInput:
        # Another court may number by a rule of its own; such a matter is found by its id.
        return False


def _mask(instruction: instruction_pb2.Instruction) -> None:
    instruction.case_file.CopyFrom(mask_case(instruction.case_file))
    mask_items(instruction.items)
    mask_outcomes(instruction.outcomes)
