"""What a node tells its people of: events of its matters as the hub has ruled on them, once each."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from tests.integration.node.pair import Court, Pair, new_id

from xiezhi.v1 import instruction_service_pb2 as pb
from xiezhi_desk.notifying.facts import CONFIDENTIAL_TEXT
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_journal import tables
from xiezhi_node.notifying.changes import Changes

WAY = '[sms]\nurl = "http://127.0.0.1:1/sms"\n'


class Told:
    """The notifications of a court that follows its changes."""

    def __init__(self, court: Court, folder: Path) -> None:
        self._journal = court.node.journal
        file = folder / f"{court.code}.toml"
        file.write_text(WAY, "utf-8")
        self._changes: list[Changes] = []

        def sources(settings: Any) -> list[Changes]:
            self._changes.append(Changes(self._journal, court.node.seat, settings.rules))
            return self._changes

        self.notifying = Notifying.around(self._journal, file, sources)

    async def gather(self) -> set[tuple[str, str]]:
        """Kind and addressee of everything that was queued so far."""
        await self.notifying.gatherer.gather(self._changes[0])
        table = tables.notification
        query = select(table.c.kind, table.c.name, table.c.text)
        rows = await self._journal.read(lambda connection: connection.execute(query).all())
        assert {row.text for row in rows} <= {CONFIDENTIAL_TEXT}, "查人找物 is confidential"
        return {(row.kind, row.name) for row in rows}


async def test_each_court_is_told_what_concerns_it(pair: Pair, tmp_path: Path) -> None:
    sender, receiver = Told(pair.sender, tmp_path), Told(pair.receiver, tmp_path)
    await sender.gather()
    await receiver.gather()
    identifier = await pair.issued()
    assert await receiver.gather() == {("ARRIVED", "测试centre")}
    assert await sender.gather() == set()
    centre = pair.receiver.as_("centre").matters
    await centre.SignInstruction(
        pb.SignInstructionRequest(request_id=new_id(pair.clock), instruction_id=identifier)
    )
    await centre.AssignInstruction(
        pb.AssignInstructionRequest(
            request_id=new_id(pair.clock),
            instruction_id=identifier,
            assignee_account_id=pair.receiver.account("field"),
        )
    )
    # Nothing is told of what the hub has still to rule on.
    assert await receiver.gather() == {("ARRIVED", "测试centre")}
    await pair.exchange()
    assert await receiver.gather() == {("ARRIVED", "测试centre"), ("ASSIGNED", "测试field")}
    assert await receiver.gather() == {("ARRIVED", "测试centre"), ("ASSIGNED", "测试field")}
    await sender.notifying.close()
    await receiver.notifying.close()


async def test_what_was_before_it_was_configured_is_not_told(pair: Pair, tmp_path: Path) -> None:
    await pair.issued()
    receiver = Told(pair.receiver, tmp_path)
    assert await receiver.gather() == set()
    await receiver.notifying.close()
