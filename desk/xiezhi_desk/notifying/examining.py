"""Whether the ways out are in order, for `doctor`. Sends nothing."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from xiezhi_desk.notifying.channels.mail import Security
from xiezhi_desk.notifying.opening import Ways, open_ways
from xiezhi_desk.notifying.settings import NotifyingSettings, load_notifying
from xiezhi_journal.journal import system_clock
from xiezhi_wire.startup import StartupError

_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class Examined(NamedTuple):
    """One line: whether it is in order, and what a person should know."""

    name: str
    good: bool
    text: str


def examine_notifying(path: Path | None) -> list[Examined]:
    """Return what is right and wrong with the notifications file *path* and the ways that it names."""
    if path is None:
        return [Examined("对外通知", True, "未配置，不发送短信、邮件和接口推送")]
    try:
        settings = load_notifying(path)
        ways = open_ways(settings, system_clock)
    except StartupError as error:
        return [Examined("对外通知", False, str(error))]
    return [*_secrets(settings), *_plain(settings), *asyncio.run(_reach(ways))]


async def _reach(ways: Ways) -> list[Examined]:
    try:
        problems = {name: await way.examine() for name, way in ways.named.items()}
    finally:
        await ways.close()
    return [
        Examined(f"对外通知 {name}", not problem, problem or "可以连接") for name, problem in problems.items()
    ]


def _secrets(settings: NotifyingSettings) -> Iterator[Examined]:
    files = [settings.sms.token_file if settings.sms else None]
    files += [settings.email.password_file if settings.email else None]
    files += [each.secret_file or each.key_file for each in settings.webhooks]
    for file in files:
        if file is not None and stat.S_IMODE(file.stat().st_mode) & 0o077:
            yield Examined(f"通知密钥 {file.name}", False, f"其他用户可以读取，请执行 chmod 600 {file}")


def _plain(settings: NotifyingSettings) -> Iterator[Examined]:
    """Name what goes over the network unprotected."""
    urls = [each.url for each in (settings.sms, *settings.webhooks) if each is not None]
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme == "http" and parts.hostname not in _OWN_MACHINE:
            yield Examined(f"对外通知 {parts.hostname}", False, "未使用 https，内容和密钥可能被他人读取")
    mail = settings.email
    if mail is None or mail.security is not Security.NONE or mail.password_file is None:
        return
    if mail.host not in _OWN_MACHINE:
        yield Examined(
            f"对外通知 {mail.host}",
            False,
            "未使用加密连接，邮箱密码可能被他人读取，请将 security 改为 starttls 或 tls",
        )
