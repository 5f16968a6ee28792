"""Beside the courts: what plays SMS gateway and court office system, and what every node is told about them."""

import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stage import BIN, SHIFTED, Actor
from xiezhi_domain.terms import NotificationChannel

NAME = "模拟短信网关和办公系统"


def open_receiver(folder: Path, clock: Path | None) -> Actor:
    """Start the receiver in a new folder, and write `notifications.toml` there, for nodes."""
    folder.mkdir(mode=0o700)
    (folder / "data").mkdir()
    _make_keys(folder)
    program = str(BIN / "xiezhi-notify-sim")
    command = [
        *(program, "serve", "--http-port", "0", "--smtp-port", "0"),
        *("--public-key", str(folder / "public.pem"), "--record", str(folder / "arrived.jsonl")),
        *("--announce", str(folder / "data" / "endpoints.json")),
    ]
    receiver = Actor(NAME, program, [*SHIFTED, str(clock), *command] if clock else command, folder)
    receiver.start()
    port = receiver.endpoints()["http"]
    (folder / "notifications.toml").write_text(_known_as(port, folder / "key.pem"), "utf-8")
    return receiver


def show_arrivals(receiver: Actor) -> None:
    """Show an SMS and a webhook as they arrived, and how many of each there were."""
    file = receiver.folder / "arrived.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    arrived = [json.loads(line) for line in lines]
    told = [each for each in arrived if each["channel"] == NotificationChannel.SMS]
    hooks = [each for each in arrived if each["channel"] == NotificationChannel.WEBHOOK]
    sms, webhook = NotificationChannel.SMS.zh, NotificationChannel.WEBHOOK.zh
    print(
        f"\n对外通知：{sms} {len(told)} 条，{webhook} {len(hooks)} 条；保密事项只提示登录，不写编号。",
        flush=True,
    )
    for each in told[:1]:
        print(f"  {sms} → {each['address']}：{each['text']}", flush=True)
    for each in hooks[:1]:
        signed = "签名有效" if each["verified"] else "签名无效"
        print(f"  {webhook}（Ed25519，{signed}）：{each['text']}", flush=True)


def _make_keys(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    private = folder / "key.pem"
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (folder / "public.pem").write_bytes(public)


def _known_as(port: int, key: Path) -> str:
    """Return the notifications file; a demo at night is shown its messages at once."""
    return f"""quiet_hours = ""

[sms]
url = "http://127.0.0.1:{port}/sms"
success = {{ code = "200" }}

[[webhook]]
name = "办公系统"
url = "http://127.0.0.1:{port}/hook"
key_file = {json.dumps(str(key), ensure_ascii=False)}
"""
