"""The example that keeps a CSV in step with the node, over crashes."""

import asyncio
import csv
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tests.integration.client.fake_node import Running
from tests.integration.client.orders import order

from xiezhi_client.sdk import Client

EXAMPLE = Path(__file__).parents[3] / "examples" / "sync_received.py"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sync_received", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    return module


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def sync_until(example: ModuleType, client: Client, folder: Path, reached: Callable[[], bool]) -> None:
    task = asyncio.create_task(example.sync(client, folder))
    async with asyncio.timeout(30):
        while not reached() and not task.done():
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def issued(client: Client) -> str:
    receipt = (await client.find.draft(order())).receipt
    await client.instructions.submit(receipt.instruction_id)
    await client.instructions.approve(receipt.instruction_id)
    await client.instructions.affix_seal(receipt.instruction_id)
    return receipt.instruction_id


async def test_matters_are_mirrored_and_results_fed_back_over_a_crash(
    example: ModuleType, client: Client, fake: Running, tmp_path: Path
) -> None:
    received, sent = tmp_path / "received.csv", tmp_path / "results-sent.csv"
    first = await issued(client)
    await sync_until(example, client, tmp_path, lambda: len(rows(received)) == 1)
    assert rows(received)[0]["state"] == "IN_TRANSIT"

    await client.instructions.sign(first)
    officer = next(iter(fake.node.accounts))
    await client.instructions.assign(first, officer)
    await issued(client)
    (tmp_path / "results.csv").write_text(
        f"instruction_id,text,outcomes\n{first},已找到,1=DONE\n{first},x,1=SOMEHOW\nunknown,x,1=DONE\n"
    )
    await sync_until(example, client, tmp_path, lambda: len(rows(sent)) == 3)
    assert fake.node.calls["WatchInstructions"][1].after == 1
    assert sorted(row["state"] for row in rows(sent)) == ["REFUSED", "REFUSED", "REPORTED"]
    await sync_until(example, client, tmp_path, lambda: rows(received)[0]["state"] == "REPORTED")
    assert len(rows(received)) == 2
    completed = [call for call in fake.node.calls["CompleteInstruction"] if call.instruction_id == first]
    assert len(completed) == 1

    # As if the crash came after the node had answered and before the answer was noted.
    sent.unlink()
    await sync_until(example, client, tmp_path, lambda: len(rows(sent)) == 3)
    completed = [call for call in fake.node.calls["CompleteInstruction"] if call.instruction_id == first]
    assert completed[0] == completed[1]
    assert [entry["kind"] for entry in fake.node.matter(first).entries].count("Completed") == 1
