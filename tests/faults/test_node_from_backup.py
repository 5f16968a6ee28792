"""A node whose database is an older copy and that cannot ask the hub: it makes nothing, then all is as it was."""

import shutil
from pathlib import Path

import pytest
from tests.faults.books import check_books
from tests.stage.company import Company, eventually
from tests.stage.people import DISPATCHER, GUSU, JUDGE, PARK, PASSWORD
from tests.stage.plugin import Stage

from xiezhi_client.sdk import RetryPolicy, Unavailable, connect

pytestmark = pytest.mark.long

DATABASE = "journal.db"


async def sign(stage: Stage, matter: str) -> None:
    """Sign for a matter at once or not at all."""
    place = stage.endpoints[GUSU]
    async with connect(place["desk"], Path(place["ca"]), retry=RetryPolicy(attempts=1)) as client:
        await client.sign_in(DISPATCHER.login, PASSWORD)
        await client.instructions.sign(matter)


async def test_a_node_in_doubt_makes_nothing_before_it_has_met_the_hub(
    stage: Stage, company: Company, tmp_path: Path
) -> None:
    waiting = await company.deliver()
    await stage.stop(GUSU)
    shutil.copy(stage.data(GUSU) / DATABASE, tmp_path / DATABASE)
    await stage.start(GUSU)
    company.sign_out(GUSU)
    done = await company.report()

    await stage.stop(GUSU)
    await stage.kill("hub")
    for leftover in stage.data(GUSU).glob(f"{DATABASE}*"):
        leftover.unlink()
    shutil.copy(tmp_path / DATABASE, stage.data(GUSU) / DATABASE)
    await stage.start(GUSU)
    company.sign_out(GUSU)
    with pytest.raises(Unavailable) as refused:
        await sign(stage, waiting)
    assert refused.value.reason == "RECOVERING"
    assert "与平台核对" in refused.value.message

    # A node whose database is whole works on without the hub, started anew or not.
    await stage.stop(PARK)
    await stage.start(PARK)
    company.sign_out(PARK)
    sent = await company.send()

    await stage.start("hub")
    for player in (DISPATCHER, JUDGE):
        await company.until(player, done, "REPORTED", settled=True)
        await company.until(player, sent, "AWAITING_SIGNATURE", settled=True)

    async def signed() -> bool:
        try:
            await sign(stage, waiting)
        except Unavailable:
            return False
        return True

    await eventually(signed)
    await company.until(JUDGE, waiting, "SIGNED", settled=True)
    await check_books(stage, (PARK, GUSU))
    await stage.kill("hub")
    await stage.stop(GUSU)
    await stage.start(GUSU)
    company.sign_out(GUSU)
    await company.assign(waiting)
