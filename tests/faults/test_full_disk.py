"""A node whose disk is full: its people are told, nothing is half done, and it works again when there is room."""

import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import DISPATCHER, GUSU, JUDGE, PASSWORD, RECORD, SPECIALIST
from tests.stage.plugin import Stage

from xiezhi_client.sdk import Client, RetryPolicy, Unavailable, XiezhiError, connect

pytestmark = pytest.mark.long

SIZE = "640m"
"""Documents leave the last 512 MiB to the journal."""
RESERVE_BYTES = 512 * 1024 * 1024
PIECE_BYTES = 1024 * 1024
NO_ROOM = "服务器存储空间不足，请联系系统管理员"
MOST_REPORTS = 3_000
BRIEF = RetryPolicy(attempts=3, longest_wait=1.0)


@pytest.fixture
async def small_disk(stage: Stage, tmp_path: Path) -> AsyncIterator[Path]:
    """The receiver's data on a file system of its own that a test can fill."""
    data = stage.data(GUSU)
    await stage.stop(GUSU)
    shutil.copytree(data, tmp_path / "data")
    mounted = await stage.run("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", data)
    if mounted["code"]:
        pytest.skip(f"a small file system needs the right to mount one: {mounted['err'].strip()}")
    shutil.copytree(tmp_path / "data", data, dirs_exist_ok=True)
    await stage.start(GUSU)
    yield data
    await stage.stop(GUSU)
    await stage.run("umount", data)


async def test_a_full_disk_is_said_and_survived(stage: Stage, company: Company, small_disk: Path) -> None:
    matter = await company.deliver()
    await company.assign(matter)
    await company.until(JUDGE, matter, "IN_PROGRESS", settled=True)
    node = stage.endpoints[GUSU]
    async with connect(node["desk"], Path(node["ca"]), retry=BRIEF) as specialist:
        await specialist.sign_in(SPECIALIST.login, PASSWORD)
        filler = small_disk / "filler"
        _take(filler, small_disk, RESERVE_BYTES - 1)
        with pytest.raises(Unavailable, match=NO_ROOM):
            await specialist.documents.upload(matter, RECORD, "ENFORCEMENT_RECORD")
        await specialist.instructions.report_progress(matter, "文书放不下了，记录照常")

        _take(filler, small_disk, 0)
        taken, problem = await _report_until_refused(specialist, matter)
        assert (problem.reason, problem.message) == ("DISK_FULL", NO_ROOM)
        filler.unlink()
        # Readings that have to be recorded were refused as well, so this is looked at now.
        kinds = await eventually(lambda: _kinds(company, matter))
        assert kinds.count("ProgressReported") == 1 + taken, "what was refused left nothing behind"
        await eventually(lambda: _succeeds(specialist, matter))
    await company.until(JUDGE, matter, "IN_PROGRESS", settled=True)
    await company.until(DISPATCHER, matter, "IN_PROGRESS", settled=True)
    assert await company.check_copies(matter) == 4 + 1 + taken + 1


def _take(filler: Path, disk: Path, but: int) -> None:
    """Take all room of the disk, but for so many bytes; the program beside may take some of it meanwhile."""
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while (room := shutil.disk_usage(disk).free - but) > 0:
            file.write(bytes(min(room, PIECE_BYTES)))


async def _report_until_refused(client: Client, matter: str) -> tuple[int, XiezhiError]:
    """Report until the disk has no room for it: how many reports were taken, and what was said then."""
    for taken in range(MOST_REPORTS):
        try:
            await client.instructions.report_progress(matter, "进展" * 1_000)
        except XiezhiError as error:
            return taken, error
    pytest.fail("the disk never filled")


async def _kinds(company: Company, matter: str) -> list[str] | None:
    try:
        return await company.kinds(DISPATCHER, matter)
    except Unavailable:
        return None


async def _succeeds(client: Client, matter: str) -> bool:
    try:
        await client.instructions.report_progress(matter, "有空间了")
    except Unavailable:
        return False
    return True
