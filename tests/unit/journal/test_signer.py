"""Keys in the hands of a signer: nothing private comes here, and nothing that it says is believed unchecked."""

import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.signer import StandIn, encoded

from xiezhi_domain.errors import FormatError, Reason, Unavailable
from xiezhi_journal import signer_line
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
from xiezhi_journal.signer_line import SignerAway

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
        {"label": "a", "algorithm": "Ed25519", "public": encoded(bytes(31))},
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
    told = explain(away.value)
    assert told is not None
    assert told.reason is Reason.SIGNER_AWAY
    with stand_in.listening():
        assert verify_signature(key.public_key, MESSAGE, key.sign(MESSAGE))


def drip() -> Iterator[bytes]:
    """One byte after the other, each in good time, and never the last one."""
    while True:
        yield b" "
        time.sleep(0.01)


def test_an_answer_has_a_time_in_all_and_who_missed_it_is_not_asked_again_at_once(
    signer: StandIn, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SigningKey.generate(path, signer.place)
    monkeypatch.setattr(signer_line, "ANSWER_S", 0.2)
    signer.answer = lambda _question: drip()
    with pytest.raises(SignerAway, match="没有答复"):
        key.sign(MESSAGE)
    asked, signer.answer = signer.asked, signer.honestly
    with pytest.raises(SignerAway, match="没有按时"):
        key.sign(MESSAGE)
    assert signer.asked == asked
    signer_line._resting_until[signer.place] = time.monotonic()
    assert verify_signature(key.public_key, MESSAGE, key.sign(MESSAGE))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"[" * 60_000 + b"\n",
        b"1" * 60_000 + b"\n",
        b"\xff\n",
        b'{"signature": "' + b"A" * 100_000,
    ],
)
def test_an_answer_that_cannot_be_read_is_no_fault_of_the_program(
    signer: StandIn, path: Path, answer: bytes
) -> None:
    key = SigningKey.generate(path, signer.place)
    signer.answer = lambda _question: answer
    with pytest.raises(SignerAway):
        key.sign(MESSAGE)


def test_a_key_with_which_the_signer_does_not_sign_is_never_relied_on(signer: StandIn, path: Path) -> None:
    def somebody_elses(question: dict[str, str]) -> dict[str, str]:
        other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        answer = signer.honestly(question)
        return answer | {"public": encoded(other)} if "public" in answer else answer

    signer.answer = somebody_elses
    with pytest.raises(SignerAway, match="不成立"):
        SigningKey.generate(path, signer.place)
    assert not path.exists()


def test_where_a_file_lies_no_key_is_made(signer: StandIn, path: Path) -> None:
    path.write_bytes(b"a key")
    with pytest.raises(FileExistsError):
        SigningKey.generate(path, signer.place)
    assert not signer.keys


@pytest.mark.parametrize("of_what", ["the socket", "its directory"])
def test_a_socket_that_others_could_use_or_replace_is_not_asked(
    signer: StandIn, path: Path, of_what: str
) -> None:
    open_to_all = signer.place if of_what == "the socket" else signer.place.parent
    mode = stat.S_IMODE(open_to_all.stat().st_mode)
    open_to_all.chmod(0o777)
    with pytest.raises(SignerAway, match="其他用户"):
        SigningKey.generate(path, signer.place)
    assert signer.asked == 0
    open_to_all.chmod(mode)
    SigningKey.generate(path, signer.place)


def test_a_signer_with_more_callers_than_it_has_room_for_is_waited_for(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener, ExitStack() as others:
        listener.bind(str(place))
        listener.listen(0)
        fill(place, others)

        def answer_all() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listener.accept()
                    with line:
                        line.sendall(b'{"label": "a"}\n')

        threading.Timer(0.1, answer_all).start()
        assert signer_line.ask(place, {"op": "generate"}) == {"label": "a"}
        listener.shutdown(socket.SHUT_RDWR)


def fill(place: Path, others: ExitStack) -> None:
    """Connect until nobody else can."""
    with suppress(BlockingIOError):
        while True:
            line = others.enter_context(socket.socket(socket.AF_UNIX))
            line.setblocking(False)
            line.connect(str(place))


@pytest.mark.parametrize("content", [b"{", b"{}", b'{"signer": "/s", "label": "a"}', b'{"signer": 7}'])
def test_a_file_that_names_no_key_is_told(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(FormatError):
        SigningKey.load(path)
