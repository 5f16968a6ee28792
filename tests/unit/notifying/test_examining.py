"""What `doctor` says of the ways out."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiezhi_desk.notifying.examining import examine_notifying


@pytest.fixture
def port() -> Iterator[int]:
    """A port at which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def written(folder: Path, text: str) -> Path:
    path = folder / "notifications.toml"
    path.write_text(text, "utf-8")
    return path


def test_nothing_configured_is_in_order() -> None:
    [line] = examine_notifying(None)
    assert line.good
    assert "未配置" in line.text


def test_a_file_with_a_slip_is_told_with_its_place(tmp_path: Path) -> None:
    [line] = examine_notifying(written(tmp_path, "[smss]\n"))
    assert not line.good
    assert "smss" in line.text


def test_ways_that_can_be_reached_and_ways_that_cannot(tmp_path: Path, port: int) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a shared secret for tests alone")
    secret.chmod(0o600)
    hook = f'[[webhook]]\nname = "oa"\nurl = "http://127.0.0.1:1/"\nsecret_file = "{secret}"\n'
    sms, webhook = examine_notifying(written(tmp_path, f'[sms]\nurl = "http://127.0.0.1:{port}/"\n{hook}'))
    assert (sms.name, sms.good) == ("对外通知 短信", True)
    assert (webhook.name, webhook.good) == ("对外通知 接口推送 oa", False)
    assert "127.0.0.1:1" in webhook.text


def test_a_secret_that_others_can_read_and_a_plain_line_are_told(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("token")
    token.chmod(0o644)
    text = f'[sms]\nurl = "http://sms.invalid/"\ntoken_file = "{token}"\ntimeout_s = 5\n'
    findings = examine_notifying(written(tmp_path, text))
    assert [line.good for line in findings] == [False, False, False]
    assert "chmod 600" in findings[0].text
    assert "https" in findings[1].text


@pytest.mark.parametrize(
    ("host", "security", "told"),
    [("mail.invalid", "none", True), ("mail.invalid", "tls", False), ("127.0.0.1", "none", False)],
)
def test_a_password_of_mails_on_a_plain_line_is_told(
    tmp_path: Path, host: str, security: str, told: bool
) -> None:
    password = tmp_path / "password"
    password.write_text("a password for tests")
    password.chmod(0o600)
    text = (
        f'[email]\nhost = "{host}"\nport = 1\nsecurity = "{security}"\nsender = "a@b.example"\nuser = "a"\n'
    )
    findings = examine_notifying(written(tmp_path, f'{text}password_file = "{password}"\ntimeout_s = 5\n'))
    assert any("starttls" in line.text for line in findings if not line.good) is told
