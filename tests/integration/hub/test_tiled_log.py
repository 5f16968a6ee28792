"""The log as files: served to nodes over HTTPS, exported to a folder."""

import asyncio
import fcntl
import http.client
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select
from tests.integration.hub.court import ORIGIN, SENDER
from tests.integration.hub.tiled import Stand, served_log
from tests.integration.wire.pki import Pki

from xiezhi_client.verify.findings import Verdict
from xiezhi_client.verify.log_sources import Identity
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.ruling import encode_entry
from xiezhi_domain.evidence.tilefiles import decode_bundle, parse_path
from xiezhi_hub.enrolment.certificates import revoke
from xiezhi_hub.recovery.gate import Phase
from xiezhi_journal import tables


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stand]:
    async with served_log(tmp_path_factory.mktemp("tiled")) as stand:
        yield stand


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_log_is_served_as_files_that_say_how_long_they_may_be_kept(stand: Stand) -> None:
    status, headers, note = await stand.file("checkpoint")
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert headers["content-type"] == "text/plain; charset=utf-8"
    size = int(note.split(b"\n")[1])
    for path in (
        "tile/0/000",
        f"tile/0/001.p/{size - 256}",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/0/000.p/7",
    ):
        status, headers, content = await stand.file(path)
        assert (status, headers["content-type"]) == (200, "application/octet-stream"), path
        assert "immutable" in headers["cache-control"]
        assert "private" in headers["cache-control"]
        tile = parse_path(path).tile
        assert "entries" in path or len(content) == tile.width * 32
    status, headers, content = await stand.get(f"/{ORIGIN}/tile/0/000", "HEAD")
    assert (status, headers["content-length"], content) == (200, "8192", b"")


async def test_a_tile_of_the_future_another_spelling_and_another_method_are_refused(stand: Stand) -> None:
    size = int((await stand.file("checkpoint"))[2].split(b"\n")[1])
    future = [
        f"tile/0/001.p/{size - 255}",
        "tile/0/001",
        "tile/0/002.p/1",
        "tile/1/000.p/2",
        "tile/2/000.p/1",
    ]
    spelling = ["tile/0/%30%30%30", "tile/0/000/", "tile/0/x000/000", "tile/../checkpoint", "journal.db", ""]
    for path in (*future, f"tile/entries/001.p/{size - 255}", *spelling):
        status, headers, _ = await stand.file(path)
        assert (status, headers["cache-control"]) == (404, "no-store"), path
    assert (await stand.get("/checkpoint"))[0] == 404
    status, headers, _ = await stand.get(f"/{ORIGIN}/checkpoint", "POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


async def test_only_nodes_with_a_good_certificate_are_let_in(stand: Stand, tmp_path: Path) -> None:
    path = f"/{ORIGIN}/checkpoint"
    other = Pki(tmp_path / "other").node(SENDER)[0]
    foreign = Identity(stand.hub.authority, other.certificate, other.key)
    for identity in (Identity(stand.hub.authority), foreign):
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            await stand.get(path, identity=identity)
    revoked = await stand.hub.joined("苏0505", tmp_path)
    shown = Identity(stand.hub.authority, revoked.directory / "tls.pem", revoked.directory / "tls.key")
    assert (await stand.get(path, identity=shown))[0] == 200
    await stand.journal.write(lambda connection: revoke(connection, "苏0505", stand.journal.clock()))
    await stand.hub.parts.revocations.refresh()
    status, _, said = await stand.get(path, identity=shown)
    assert (status, ORIGIN.encode() in said) == (403, False)


async def test_tls_1_2_is_shut_out(stand: Stand) -> None:
    context = stand.identity.context()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2

    def dial() -> None:
        connection = http.client.HTTPSConnection("127.0.0.1", stand.port, context=context)
        try:
            connection.connect()
        finally:
            connection.close()

    with pytest.raises(ssl.SSLError):
        await asyncio.to_thread(dial)


async def test_a_hub_that_recovers_gives_nothing_out(stand: Stand) -> None:
    gate = stand.hub.parts.gate
    gate.phase = Phase.RECOVERING
    try:
        assert (await stand.file("checkpoint"))[0] == 503
    finally:
        gate.phase = Phase.OPEN
    assert (await stand.file("checkpoint"))[0] == 200


async def test_entries_hold_what_the_log_holds_and_nothing_of_a_body(stand: Stand, tmp_path: Path) -> None:
    _, _, bundle = await stand.file("tile/entries/000")
    event, ruling = tables.event, tables.ruling
    query = (
        select(event.c.header, ruling.c.ruling)
        .join(ruling, ruling.c.position == event.c.position)
        .order_by(ruling.c.log_index)
        .limit(256)
    )
    rows = await stand.journal.read(lambda connection: connection.execute(query).all())
    assert decode_bundle(bundle, 256) == [encode_entry(*row) for row in rows]
    await stand.export(tmp_path / "log")
    exported = b"".join(path.read_bytes() for path in (tmp_path / "log").rglob("*") if path.is_file())
    # What the orders' bodies say; the court's own number of the matter is a fact of the header.
    assert "苏0591执".encode() not in exported
    assert "苏0591委".encode() in exported


async def test_an_export_goes_on_where_it_ended_and_refuses_another_log(stand: Stand, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    assert await stand.export(folder) == 5
    assert await stand.export(folder) == 0
    await stand.rule(1)
    assert await stand.export(folder) == 2
    names = [path.name for path in (folder / "tile" / "0" / "001.p").iterdir()]
    assert len(names) == 1
    # Cut off before the checkpoint: a file is missing, another only half there beside its place.
    (folder / "tile" / "0" / "000").unlink()
    (folder / "tile" / "0" / "000.new").write_bytes(b"half")
    assert await stand.export(folder) == 1
    assert (await stand.audit(folder)).verdict is Verdict.CHECKED
    note = (folder / "checkpoint").read_text("utf-8")
    for wrong, words in (
        (note.replace(ORIGIN, "other", 1), "另一份日志"),
        (note.replace("\n3", "\n93", 1), "丢失"),
    ):
        (folder / "checkpoint").write_text(wrong, "utf-8")
        with pytest.raises(FormatError, match=words):
            await stand.export(folder)


async def test_a_second_export_into_one_folder_waits_for_nobody(stand: Stand, tmp_path: Path) -> None:
    with (tmp_path / ".export.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(FormatError, match="另一次导出"):
            await stand.export(tmp_path)
    assert await stand.export(tmp_path) == 5
