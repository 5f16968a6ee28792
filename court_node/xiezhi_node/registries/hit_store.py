"""Rows of persons seen. Functions for the journal's `read` and `write`."""

from sqlalchemy import Connection, func, select

from xiezhi.v1 import query_service_pb2 as pb
from xiezhi.v1 import registry_pb2
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_node.cases.following import put_place, read_place
from xiezhi_node.confidentiality import unmasked
from xiezhi_node.registries.act_store import StoredAct
from xiezhi_wire.caller import Caller

AT_ONCE = 100
_hit = tables.registry_hit.c
_matter = tables.instruction.c


def read_cursor(connection: Connection, connector: str) -> str:
    """Return how far the hits of a connector were taken."""
    return read_place(connection, _place(connector))


def pass_over(connection: Connection, connector: str, cursor: str) -> None:
    """Go on behind a hit that is not kept."""
    put_place(connection, _place(connector), cursor)


def add_hit(
    connection: Connection, act: StoredAct, hit: registry_pb2.RegistryHit, cursor: str, now: int
) -> bool:
    """Store a hit for the act that put the person under watch, with the cursor; returns whether it was new."""
    put_place(connection, _place(act.connector), cursor)
    same = _hit.connector == act.connector, _hit.hit_id == hit.hit_id
    if connection.scalar(select(_hit.id).where(*same)) is not None:
        return False
    row = (None, act.connector, hit.hit_id, act.instruction, act.item, now, hit.SerializeToString())
    insert_rows(connection, tables.registry_hit, [row])
    return True


def is_open(connection: Connection, instruction: str) -> bool:
    """Return whether a matter can still use a hit."""
    return bool(connection.scalar(select(_matter.open).where(_matter.instruction == instruction)))


def newest(connection: Connection) -> int:
    """Return the cursor behind the last hit."""
    return connection.scalar(select(func.max(_hit.id))) or 0


def hits_after(
    connection: Connection, caller: Caller, after: int, instruction: str
) -> list[pb.WatchHitsResponse]:
    """Return the hits behind *after* in matters that *caller* works on; of one instruction, or of all."""
    query = (
        select(tables.registry_hit, _matter.number)
        .join(tables.instruction, _matter.instruction == _hit.instruction)
        .where(_hit.id > after)
        .where(unmasked(caller))
        .order_by(_hit.id)
        .limit(AT_ONCE)
    )
    if instruction:
        query = query.where(_hit.instruction == instruction)
    return [
        pb.WatchHitsResponse(
            cursor=row.id,
            instruction_id=row.instruction,
            matter_number=row.number,
            item_number=row.item,
            connector=row.connector,
            learned_at=to_timestamp(row.learned_at),
            hit=registry_pb2.RegistryHit.FromString(row.content),
        )
        for row in connection.execute(query)
    ]


def _place(connector: str) -> str:
    return f"registry_hits:{connector}"
