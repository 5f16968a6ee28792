"""What registries were asked in a trial is cleared with it, and nothing else is."""

from typing import Any

from sqlalchemy import func, insert, select
from tests.integration.node.remedies import take
from tests.integration.registries.stand import Stand

from xiezhi.v1 import item_pb2
from xiezhi_journal import tables
from xiezhi_node.trial.works import Clear, Start

TABLES = (
    tables.registry_query,
    tables.registry_answer,
    tables.registry_act,
    tables.registry_hit,
    tables.notification,
)


def rows(stand: Stand) -> list[int]:
    def count(connection: Any) -> list[int]:
        return [connection.scalar(select(func.count()).select_from(table)) for table in TABLES]

    return stand.pair.receiver.node.journal.read_now(count)


async def test_a_trial_leaves_no_answer_of_a_registry(stand: Stand) -> None:
    pair = stand.pair
    journal = pair.receiver.node.journal
    for court in (pair.sender, pair.receiver):
        await court.node.journal.submit(Start("admin"))
    identifier = await stand.asked()
    await stand.run(identifier)
    await stand.control(identifier, item_number=2)
    await pair.exchange()
    seen = (None, "模拟登记机构", "hit", identifier, 2, pair.clock.now, b"")
    of_others = (
        None,
        "模拟登记机构",
        "other",
        "0198fab6-2768-7543-8b33-1762a8651c2d",
        1,
        pair.clock.now,
        b"",
    )

    def add_hits(connection: Any) -> None:
        names = [column.name for column in tables.registry_hit.columns][1:]
        for row in (seen, of_others):
            connection.execute(insert(tables.registry_hit), dict(zip(names, row[1:], strict=True)))

    def add_notifications(connection: Any) -> None:
        empty: dict[str, Any] = {
            column.name: 0 if column.type.python_type is int else "" for column in tables.notification.columns
        }
        for matter in (identifier, of_others[3]):
            told = {"notification_id": matter, "instruction": matter, "confidential": True, "urgent": False}
            connection.execute(insert(tables.notification), empty | told)

    await journal.write(add_hits)
    await journal.write(add_notifications)
    assert all(rows(stand))
    await take(pair, pair.sender, "judge", "StopInstruction", identifier, reason="PAID", text="试运行结束")
    none = [item_pb2.ItemOutcome(number=number, outcome=item_pb2.OUTCOME_NOT_NEEDED) for number in (1, 2)]
    await take(pair, pair.receiver, "field", "ReportStop", identifier, text="未采取措施", outcomes=none)
    await journal.submit(Clear("admin", 0))
    assert rows(stand) == [0, 0, 0, 1, 1]
