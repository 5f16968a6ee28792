"""The notifications file: refused as a whole where something is wrong, secrets from files alone."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from xiezhi_desk.notifying.opening import open_ways
from xiezhi_desk.notifying.settings import load_notifying
from xiezhi_domain.terms import NotificationChannel, NotificationKind
from xiezhi_wire.startup import StartupError

FULL = """
quiet_hours = "21:00-08:00"

[sms]
url = "https://sms.court.example/send"
body = "form"
fields = { mobile = "phone", text = "content", key = "msgid" }
constants = { app = "xiezhi" }
success = { code = "0" }

[email]
host = "mail.court.example"
sender = "xiezhi@court.example"

[[webhook]]
name = "oa"
url = "https://oa.court.example/hook"
secret_file = "/nowhere"
kinds = ["RETURNED"]

[rules.ARRIVED]
roles = ["CENTRE_DIRECTOR"]

[texts.RETURNED]
sms = "{{ number }} {{ step }}"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "notifications.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_there_is_no_way_out() -> None:
    assert load_notifying(None).channels == frozenset()


def test_a_full_file(tmp_path: Path) -> None:
    settings = load_notifying(written(tmp_path, FULL))
    assert settings.channels == frozenset(NotificationChannel)
    assert settings.quiet.begins.hour == 21
    assert settings.webhooks[0].kinds == {NotificationKind.RETURNED}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('colour = "red"', "colour"),
        ('quiet_hours = "22-7"', "quiet_hours"),
        ('[sms]\nurl = "ftp://x"', "sms.url"),
        ('[sms]\nurl = "https://user:hunter2@x/"', "sms.url"),
        ('[sms]\nurl = "https://x/"\nfields = { mobile = "m" }', "sms.fields"),
        ('[sms]\nurl = "https://x/"\ntoken = "plain"', "sms.token"),
        ('[email]\nhost = "x"\nsender = "nobody"', "email.sender"),
        ('[[webhook]]\nname = "a"\nurl = "https://x/"', "webhook"),
        ("[rules.NONSENSE]\nenabled = false", "rules"),
        ('[rules.RETURNED]\nroles = ["KING"]', "rules.RETURNED.roles"),
        ('[texts.RETURNED]\nsms = "{{ name }}"', "texts.RETURNED.sms"),
        ("not toml", "TOML"),
    ],
)
def test_what_is_wrong_is_named_and_no_value_repeated(tmp_path: Path, line: str, place: str) -> None:
    with pytest.raises(StartupError, match=place) as refused:
        load_notifying(written(tmp_path, line))
    assert "hunter2" not in str(refused.value)


def test_a_hook_is_signed_with_one_thing(tmp_path: Path) -> None:
    both = '[[webhook]]\nname = "a"\nurl = "https://x/"\nsecret_file = "s"\nkey_file = "k"'
    with pytest.raises(StartupError, match="签名"):
        load_notifying(written(tmp_path, both))


def test_a_secret_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("short\n")
    hook = f'[[webhook]]\nname = "a"\nurl = "https://x/"\nsecret_file = "{secret}"'
    with pytest.raises(StartupError, match="至少 24"):
        open_ways(load_notifying(written(tmp_path, hook)), lambda: 0)


@pytest.mark.parametrize("kind", [Ed25519PrivateKey, X25519PrivateKey])
async def test_a_key_is_one_for_signing(tmp_path: Path, kind: type) -> None:
    key = tmp_path / "key.pem"
    pem = kind.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key.write_bytes(pem)
    hook = f'[[webhook]]\nname = "a"\nurl = "https://x/"\nkey_file = "{key}"'
    settings = load_notifying(written(tmp_path, hook))
    if kind is Ed25519PrivateKey:
        ways = open_ways(settings, lambda: 0)
        assert list(ways.webhooks or {}) == ["a"]
        await ways.close()
    else:
        with pytest.raises(StartupError, match="Ed25519"):
            open_ways(settings, lambda: 0)
