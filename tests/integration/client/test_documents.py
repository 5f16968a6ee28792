"""Documents over a line that breaks."""

import hashlib
from pathlib import Path

import grpc
import pytest
from tests.integration.client.fake_node import Fault, Running

from xiezhi_client.sdk import Client, DataLoss, NotFound, Unavailable

MATTER = "0199f3a0-0000-7000-8000-000000000001"
DATA = b"%PDF-1.7 " + bytes(range(256)) * 5_000
SHA256 = hashlib.sha256(DATA).hexdigest()


def stored(fake: Running) -> bytes:
    return fake.node.bytes[bytes.fromhex(SHA256)]


async def test_a_file_goes_up_and_comes_down(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "委托函.pdf"
    file.write_bytes(DATA)
    told: list[tuple[int, int]] = []
    document = await client.documents.upload(
        MATTER, file, "ENTRUSTMENT_LETTER", progress=lambda done, size: told.append((done, size))
    )
    assert (document.name, document.sha256, document.size) == ("委托函.pdf", SHA256, len(DATA))
    assert document == await client.documents.upload(MATTER, file, "ENTRUSTMENT_LETTER")
    assert told[-1] == (len(DATA), len(DATA))
    target = tmp_path / "down"
    target.mkdir()
    path = await client.documents.download(MATTER, SHA256, target)
    assert path == target / "委托函.pdf"
    assert path.read_bytes() == DATA
    assert list(target.iterdir()) == [path]


async def test_an_upload_goes_on_where_the_line_broke(client: Client, fake: Running) -> None:
    fake.node.faults["UploadDocument"] = [
        Fault(grpc.StatusCode.UNAVAILABLE, after_messages=2),
        Fault(grpc.StatusCode.UNAVAILABLE, after_messages=1),
    ]
    await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    assert stored(fake) == DATA
    assert len(fake.node.calls["StartUpload"]) == 3


async def test_what_the_matter_has_is_not_sent_again(client: Client, fake: Running) -> None:
    await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    fake.node.faults["UploadDocument"] = [Fault(grpc.StatusCode.INTERNAL)]
    again = await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    assert again.sha256 == SHA256
    assert fake.node.faults["UploadDocument"]


async def test_an_empty_document_is_a_document(client: Client, fake: Running) -> None:
    document = await client.documents.upload(MATTER, b"", "OTHER", name="空.txt")
    assert document.size == 0
    assert fake.node.bytes[bytes.fromhex(document.sha256)] == b""


async def test_bytes_need_a_name(client: Client) -> None:
    with pytest.raises(ValueError, match="name"):
        await client.documents.upload(MATTER, b"x", "OTHER")


async def test_a_download_goes_on_where_the_line_broke(client: Client, fake: Running, tmp_path: Path) -> None:
    await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    fake.node.faults["DownloadDocument"] = [Fault(grpc.StatusCode.UNAVAILABLE, after_messages=4)] * 3
    path = await client.documents.download(MATTER, SHA256, tmp_path / "copy.pdf")
    assert path.read_bytes() == DATA
    assert [call.offset for call in fake.node.calls["DownloadDocument"]] == [0, 300_000, 600_000, 900_000]


async def test_a_download_goes_on_after_a_crash_of_the_program(
    client: Client, fake: Running, tmp_path: Path
) -> None:
    await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    (tmp_path / f".{SHA256}.part").write_bytes(DATA[:500_000])
    path = await client.documents.download(MATTER, SHA256, tmp_path / "copy.pdf")
    assert path.read_bytes() == DATA
    assert fake.node.calls["DownloadDocument"][0].offset == 500_000


async def test_a_damaged_remainder_is_thrown_away(client: Client, fake: Running, tmp_path: Path) -> None:
    await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    (tmp_path / f".{SHA256}.part").write_bytes(b"?" * 500_000)
    path = await client.documents.download(MATTER, SHA256, tmp_path / "copy.pdf")
    assert path.read_bytes() == DATA


async def test_bytes_that_do_not_fit_the_hash_never_become_the_file(
    client: Client, fake: Running, tmp_path: Path
) -> None:
    await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    fake.node.bytes[bytes.fromhex(SHA256)] = b"forged"
    with pytest.raises(DataLoss) as refused:
        await client.documents.download(MATTER, SHA256, tmp_path / "copy.pdf")
    assert refused.value.reason == "DOCUMENT_HASH_MISMATCH"
    assert not (tmp_path / "copy.pdf").exists()


async def test_a_document_of_another_matter_is_not_found(client: Client, tmp_path: Path) -> None:
    await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
    with pytest.raises(NotFound):
        await client.documents.download(MATTER.replace("1", "2"), SHA256, tmp_path / "copy.pdf")


async def test_a_line_that_never_gets_further_is_given_up(client: Client, fake: Running) -> None:
    fake.node.faults["UploadDocument"] = [Fault(grpc.StatusCode.UNAVAILABLE)] * 100
    with pytest.raises(Unavailable):
        await client.documents.upload(MATTER, DATA, "RULING", name="裁定书.pdf")
