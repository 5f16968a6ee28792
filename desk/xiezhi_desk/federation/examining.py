"""Whether the identity provider is in order, for `doctor`. Signs nobody in."""

import asyncio
import stat
from pathlib import Path
from typing import NamedTuple

from xiezhi_desk.federation.pending import Pending
from xiezhi_desk.federation.provider import Provider
from xiezhi_desk.federation.settings import load_federation
from xiezhi_domain.errors import DomainError
from xiezhi_journal.journal import system_clock
from xiezhi_wire.startup import StartupError

_SUBJECT = "统一身份认证"


class Examined(NamedTuple):
    """One line: whether it is in order, and what a person should know."""

    name: str
    good: bool
    text: str


def examine_federation(path: Path | None) -> Examined:
    """Return whether the provider of the file *path* answers as its settings say."""
    try:
        settings = load_federation(path)
        if settings is None:
            return Examined(_SUBJECT, True, "未配置，使用密码登录")
        if stat.S_IMODE(settings.client_secret_file.stat().st_mode) & 0o077:
            return Examined(
                _SUBJECT, False, f"密钥其他用户可以读取，请执行 chmod 600 {settings.client_secret_file}"
            )
        asyncio.run(_ask(Provider(settings, system_clock)))
    except (StartupError, OSError) as error:
        return Examined(_SUBJECT, False, str(error))
    except DomainError as error:
        return Examined(_SUBJECT, False, f"{settings.issuer if settings else ''}：{error.message}")
    return Examined(_SUBJECT, True, f"{settings.issuer} 可以连接，配置相符")


async def _ask(provider: Provider) -> None:
    await provider.address(Pending.begin(system_clock()), None)
    await provider.keys()
