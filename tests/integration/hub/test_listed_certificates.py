"""What a database from a backup has forgotten of the certificates stands in the file beside the head file."""

from functools import partial
from pathlib import Path

import grpc
import pytest
from tests.integration.hub.court import RECEIVER, SENDER, Link
from tests.integration.hub.stand import new_hub, serving
from tests.integration.hub.story import Story

from xiezhi_domain.errors import FormatError
from xiezhi_hub.enrolment import certificates
from xiezhi_hub.enrolment.listed import CertificateList, Listed, unexpired
from xiezhi_journal.journal import system_clock

DAY_MS = 86_400_000


def listed(serial: str, revoked_at: int = 0) -> Listed:
    return Listed(serial, SENDER, system_clock() + DAY_MS, revoked_at, "aa" * 32, "bb" * 32)


async def test_what_was_handed_out_and_revoked_since_is_known_again(tmp_path: Path) -> None:
    kept = CertificateList(tmp_path / "certificates")
    async with new_hub(tmp_path / "hub") as hub:
        court, journal = await hub.joined(SENDER, tmp_path), hub.parts.hub.journal
        (own,) = await journal.read(partial(unexpired, now=system_clock()))
        assert CertificateList(hub.parts.hub.paths.certificates).read() == [own]
        late, ended = listed("1c"), own._replace(revoked_at=7)
        kept.write([late, ended])
        assert await journal.write(kept.restore) == 2
        rows = await journal.read(partial(unexpired, now=system_clock()))
        assert sorted(rows) == sorted([late, ended])
        assert await journal.write(kept.restore) == 0
        assert court.code == SENDER


async def test_a_certificate_that_is_good_in_the_file_stays_revoked_in_the_database(tmp_path: Path) -> None:
    async with new_hub(tmp_path / "hub") as hub:
        await hub.joined(SENDER, tmp_path)
        journal, kept = hub.parts.hub.journal, CertificateList(hub.parts.hub.paths.certificates)
        await journal.write(partial(certificates.revoke, court_or_serial=SENDER, now=5))
        assert await journal.write(kept.restore) == 0
        (own,) = await journal.read(partial(unexpired, now=system_clock()))
        assert own.revoked_at == 5


async def test_a_court_shut_out_since_the_backup_stays_out(tmp_path: Path) -> None:
    story = Story(tmp_path)
    await story.play()
    async with serving(story.settings) as hub:
        await hub.parts.hub.journal.write(partial(certificates.revoke, court_or_serial=RECEIVER, now=9))
        await hub.parts.revocations.refresh()
    story.restore()
    async with serving(story.settings) as hub, hub.connect(story.receiver) as channel:
        assert await Link(channel).ended() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "certificates").write_text('["1c"]\n', "utf-8")
    with pytest.raises(FormatError, match="证书清单"):
        CertificateList(tmp_path / "certificates").read()
    assert CertificateList(tmp_path / "none").read() == []
