"""Documents on this machine."""

import hashlib
from pathlib import Path

import pytest

from xiezhi_client.sdk.content import Content, Incoming, safe_name

DATA = b"0123456789" * 300_000


def test_bytes_and_files_measure_alike(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(DATA)
    expected = (hashlib.sha256(DATA).hexdigest(), len(DATA))
    assert Content(DATA).measure() == Content(file).measure() == Content(str(file)).measure() == expected
    assert Content(DATA).read(15, 5) == Content(file).read(15, 5) == b"56789"
    assert Content(file).read(len(DATA), 5) == b""
    assert (Content(DATA).name, Content(file).name) == ("", "a.bin")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("委托函.pdf", "委托函.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("C:\\evil.exe", "evil.exe"),
        ("..", "document"),
        ("", "document"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("CON?.pdf", "CON.pdf"),
        (".hidden", "hidden"),
    ],
)
def test_a_name_from_elsewhere_stays_in_its_folder(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (f"{'督' * 200}.pdf", f"{'督' * 78}.pdf"),
        (f"a.{'b' * 300}", f"a.{'b' * 238}"),
        (f"{'a' * 236}.pdf", f"{'a' * 236}.pdf"),
    ],
)
def test_a_name_from_elsewhere_fits_in_its_folder(given: str, kept: str, tmp_path: Path) -> None:
    assert safe_name(given) == kept
    (tmp_path / kept).touch()


def test_a_document_appears_when_its_hash_is_right(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path, hashlib.sha256(b"abc").hexdigest().upper())
    incoming.append(b"ab")
    assert incoming.finish("a.txt") is None
    assert incoming.size == 2
    incoming.append(b"c")
    assert incoming.finish("a.txt") == tmp_path / "a.txt"
    assert incoming.size == 0
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
