"""The measuring program: issues through the SDK and waits for receipts. Run as a program."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench import program
from tests.bench.load import Load
from tests.bench.product import looking, orders
from tests.bench.product.receipts import Awaited, Receipts

from xiezhi_client.sdk import Account, Client, connect
from xiezhi_client.verify import verify_receipt

UNDER_WAY = 2_048
LEAST_REQUEST = 128
"""Room for as many, and the next request goes out; at most 512 fit in one."""
MOST_REQUEST = 512
BATCHES_IN_FLIGHT = 2


class Caller:
    """A program of the sender's court with an API token, role INTEGRATION."""

    def __init__(self, client: Client, receipts: Receipts, desk_to_look_at: program.Json) -> None:
        self._client = client
        self._receipts = receipts
        self._order = orders.issue()
        self._desk_to_look_at = desk_to_look_at
        self._looker: looking.Looker | None = None
        self.issued = 0

    async def _issue(self, count: int) -> list[str]:
        results = [result async for result in self._client.find.issue_many([self._order] * count)]
        for result in results:
            assert result.receipt is not None, f"not issued: {result.reason} {result.field} {result.message}"
        self.issued += len(results)
        return [result.receipt.instruction_id for result in results]

    async def measure(self, command: program.Json) -> program.Json:
        """Run one case; ends when everything issued has its receipt."""
        if command["case"] in looking.CASES:
            return await (await self._looking()).measure(command)
        kind, _, number = command["case"].partition("-")
        match kind:
            case "sat":
                return await self._end_to_end(Load.of(command, UNDER_WAY), UNDER_WAY, LEAST_REQUEST)
            case "low":
                return await self._end_to_end(Load.of(command, 1), 1, 1)
            case "unary":
                answer = await self._answered(command, int(number), 1)
            case "batch":
                answer = await self._answered(command, BATCHES_IN_FLIGHT, int(number))
        return answer

    async def _looking(self) -> looking.Looker:
        if self._looker is None:
            self._looker = await looking.Looker.begin(self._desk_to_look_at)
        return self._looker

    async def _end_to_end(self, load: Load, in_flight: int, least: int) -> program.Json:
        awaited = Awaited(self._receipts, in_flight)

        async def request(count: int) -> None:
            started = time.perf_counter()
            for instruction in await self._issue(count):
                if awaited.add(instruction, started):
                    load.finished(started)

        async with asyncio.TaskGroup() as requests:
            asked = 0
            while True:
                count = min(in_flight - asked + load.done, MOST_REQUEST)
                if count >= least and load.admits(count):
                    asked += count
                    requests.create_task(request(count))
                elif load.is_over and load.done == asked:
                    return load.answer()
                for started in await awaited.next():
                    load.finished(started)

    async def _answered(self, command: program.Json, in_flight: int, size: int) -> program.Json:
        """Measure the answers to requests of *size* orders; then wait for what follows from them."""
        load, awaited = Load.of(command, in_flight * size), Awaited(self._receipts, in_flight)

        async def requester() -> None:
            while load.admits(size):
                started = time.perf_counter()
                instructions = await self._issue(size)
                load.finished(started, size)
                for instruction in instructions:
                    awaited.add(instruction, started)

        await asyncio.gather(*(requester() for _ in range(in_flight)))
        while awaited.under_way:
            await awaited.next()
        return load.answer(latencies=size == 1)

    async def told(self, _command: program.Json) -> program.Json:
        """Tell how many were issued and answered, for the check of the end state."""
        return {"issued": self.issued}

    async def sample(self, command: program.Json) -> program.Json:
        """Issue one matter and return its id when the receipt is here."""
        del command
        awaited = Awaited(self._receipts, 1)
        [instruction] = await self._issue(1)
        awaited.add(instruction, 0)
        while awaited.under_way:
            await awaited.next()
        return {"instruction": instruction}


async def make_token(client: Client, password: str) -> program.Json:
    """Make the program's account, its token, a judge who may withdraw, and the case."""
    await client.sign_in("admin", password)
    roles = ("INTEGRATION",)
    made = await client.accounts.create(
        Account(login="system", officer=orders.officer("办案系统"), roles=roles), password
    )
    expiry = datetime.now(UTC) + timedelta(days=1)
    token = (await client.accounts.create_token(made.account_id, roles, expiry, "bench")).token
    judge = Account(login="judge", officer=orders.officer("陈法官"), roles=("JUDGE",))
    await client.accounts.create(judge, password)
    await client.with_token(token).cases.put(orders.case())
    return {"token": token}


async def withdraw(client: Client, command: program.Json) -> program.Json:
    """Take a matter back, as the judge does."""
    judge = client.with_token("")
    await judge.sign_in("judge", command["password"])
    await judge.instructions.withdraw(command["instruction"], "当事人已自行履行")
    return {}


async def verify(client: Client, command: program.Json) -> program.Json:
    """Check the receipts of some events offline, from court's key to checkpoint."""
    judge = client.with_token("")
    await judge.sign_in("judge", command["password"])
    for event_id in command["events"]:
        verified = verify_receipt(
            await judge.evidence.receipt(event_id), command["origin"], command["log_vkey"]
        )
        assert verified.header.id == event_id
        assert verified.ruling.accepted
    return {"verified": len(command["events"])}


async def main() -> None:
    settings = program.settings()
    async with connect(settings["desk"], Path(settings["ca"]), settings.get("token", "")) as client:
        caller = Caller(client, Receipts(Path(settings["journal"])), settings["look"])
        handlers: dict[str, Callable[[program.Json], Awaitable[program.Json]]] = {
            "token": lambda command: make_token(client, command["password"]),
            "reader": lambda command: looking.enlist(
                command["desk"], Path(command["ca"]), command["password"]
            ),
            "sample": caller.sample,
            "withdraw": lambda command: withdraw(client, command),
            "verify": lambda command: verify(client, command),
            "told": caller.told,
            "measure": caller.measure,
        }
        await program.serve_async(lambda command: handlers[command.get("do", "measure")](command))


if __name__ == "__main__":
    asyncio.run(main())
