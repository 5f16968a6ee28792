"""Keys in the hands of a signer: nothing private comes here, and nothing that it says is believed unchecked."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.signer import StandIn, encoded

from xiezhi_domain.errors import FormatError, Unavailable
from xiezhi_journal.failures import explain
from xiezhi_journal.keys import (
    IN_FILE,
    SigningKey,
    make_next_key,
    next_key,
    signer_of,
    try_signer,
    verify_signature,
)
from xiezhi_journal.signer import SignerAway

MESSAGE = b"a text\n"


@pytest.fixture
def signer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    # The path of a socket has room for some hundred bytes.
    stand_in = StandIn(tmp_path_factory.mktemp("s") / "s")
    with stand_in.listening():
        yield stand_in


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "event.pem"


def test_a_held_key_signs_as_one_in_a_file(signer: StandIn, path: Path) -> None:
    made = SigningKey.generate(path, signer.place)
    loaded = SigningKey.load(path)
    assert (loaded.key_id, loaded.public_key) == (made.key_id, made.public_key)
    assert verify_signature(made.public_key, MESSAGE, loaded.sign(MESSAGE))
    assert loaded.sign(MESSAGE) == made.sign(MESSAGE)


def test_nothing_private_lies_in_the_file(signer: StandIn, path: Path) -> None:
    SigningKey.generate(path, signer.place)
    private = signer.keys["key 0"].private_bytes_raw()
    content = path.read_bytes()
    assert all(
        secret not in content for secret in (private, private.hex().encode(), encoded(private).encode())
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        SigningKey.generate(path, signer.place)


def test_a_next_key_is_kept_where_the_one_before_is_unless_said_otherwise(
    signer: StandIn, path: Path
) -> None:
    SigningKey.generate(path)
    held = []
    for holder in ("", str(signer.place), "", IN_FILE, ""):
        make_next_key(path, holder)
        next_key(path).replace(path)
        held.append(signer_of(path))
    assert held == [None, signer.place, signer.place, None, None]


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "not now"},
        {"signature": encoded(bytes(64))},
        {"signature": "no base64"},
        {"signature": 7},
        {},
        [],
        "word",
    ],
)
def test_what_is_no_signature_of_the_key_is_not_taken(signer: StandIn, path: Path, answer: Any) -> None:
    key = SigningKey.generate(path, signer.place)
    signer.answer = lambda _question: answer
    with pytest.raises(SignerAway, match=str(signer.place)):
        key.sign(MESSAGE)
    with pytest.raises(Unavailable):
        try_signer(path)


@pytest.mark.parametrize(
    "answer",
    [
        {"label": "a", "algorithm": "SM2", "public": encoded(bytes(32))},
        {"label": "", "algorithm": "Ed25519", "public": encoded(bytes(32))},
        {"label": "a", "algorithm": "Ed25519"},
        {"label": "a", "algorithm": "Ed25519", "public": "?"},
    ],
)
def test_a_key_of_another_kind_is_not_taken(signer: StandIn, path: Path, answer: Any) -> None:
    signer.answer = lambda _question: answer
    with pytest.raises(SignerAway):
        SigningKey.generate(path, signer.place)
    assert not path.exists()


def test_a_signer_that_is_away_is_no_items_fault(tmp_path: Path, path: Path) -> None:
    """Whoever waits is told to come again; a batch is not split to find the one that is to blame."""
    stand_in = StandIn(tmp_path / "s")
    with stand_in.listening():
        key = SigningKey.generate(path, stand_in.place)
        assert try_signer(path) == stand_in.place
    with pytest.raises(SignerAway) as away:
        key.sign(MESSAGE)
    assert explain(away.value) is away.value
    with stand_in.listening():
        assert verify_signature(key.public_key, MESSAGE, key.sign(MESSAGE))


@pytest.mark.parametrize("content", [b"{", b"{}", b'{"signer": "/s", "label": "a"}', b'{"signer": 7}'])
def test_a_file_that_names_no_key_is_told(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(FormatError):
        SigningKey.load(path)
