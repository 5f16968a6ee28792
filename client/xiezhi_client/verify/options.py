"""What `xiezhi verify` and `xiezhi audit` are told of the log beforehand."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.verify.pins import Pins
from xiezhi_domain.errors import FormatError

PinsFile = Annotated[
    Path | None,
    typer.Option(
        "--pins",
        exists=True,
        dir_okay=False,
        envvar="XIEZHI_PINS",
        help="事先留存的 JSON 文件，写明 origin 和 log_vkey（换过密钥的写 log_vkeys），以及见证方 witnesses 和"
        "门槛 witnesses_needed（不写的不判断是否已见证）；"
        "本院节点数据目录的 endpoints.json 即是",
    ),
]
Origin = Annotated[str, typer.Option("--origin", help="不用文件时：平台日志名称，如 hub.su05.example/xiezhi")]
LogKey = Annotated[
    list[str] | None,
    typer.Option(
        "--log-key", help="不用文件时：平台日志公钥，形如 名称+标识+公钥；平台换过密钥的，新旧各写一次"
    ),
]


def pinned_by(path: Path | None, origin: str, log_keys: list[str] | None) -> Pins:
    """Return what the user pinned, in one of the two forms."""
    if (path is None) == (not (origin or log_keys)):
        raise typer.BadParameter("请写明 --pins 文件，或同时写明 --origin 和 --log-key", param_hint="--pins")
    try:
        return Pins(origin, tuple(log_keys or ())) if path is None else Pins.load(path)
    except FormatError as error:
        hint = "--log-key" if path is None else "--pins"
        raise typer.BadParameter(error.message, param_hint=hint) from None
