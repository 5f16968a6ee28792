"""`xiezhi-hub authority` and `log-key`: exchanging the certificate authority and the key of the log."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from xiezhi_desk.settings import load_settings
from xiezhi_hub.config import HubSettings
from xiezhi_hub.exchange import Exchange, begin_exchange, finish_exchange, standing
from xiezhi_hub.log_keys import begin_log_key, finish_log_key, load_log_signer
from xiezhi_hub.opening import Hub, load_file, open_hub
from xiezhi_hub.paths import HubPaths

log_key_commands = typer.Typer(help="更换日志密钥", no_args_is_help=True)
authority_commands = typer.Typer(help="更换证书签发机构", no_args_is_help=True)

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="配置文件（TOML），或环境变量 XIEZHI_HUB_CONFIG")
]

ResultT = TypeVar("ResultT")
Signer = Annotated[
    str, typer.Option(help="新密钥由谁保管：签名器的套接字路径，或 file（本机文件）；不填同现用密钥")
]


@authority_commands.command(help="开始更换：新旧机构并用，各院节点十分钟内自动信任并换用新证书。")
def begin(config: ConfigFile = None) -> None:
    """Begin an exchange."""
    hub = _hub(config)
    _tell(begin_exchange(hub))
    hub.journal.close()
    typer.echo(f"枢纽工作台和程序请改用 {hub.authorities.trust_file} 验证枢纽；全部换用后运行 finish")


@authority_commands.command(help="更换进展：哪些法院已换用新机构的证书。")
def status(config: ConfigFile = None) -> None:
    """Show how far the exchange is."""
    hub = _hub(config)
    _tell(standing(hub))
    hub.journal.close()


@authority_commands.command(help="完成更换：只认新机构，旧机构签发的证书立即失效，旧密钥删除。")
def finish(
    config: ConfigFile = None,
    leave: Annotated[bool, typer.Option("--leave", help="不等待尚未换用的法院，其以后须重新加入")] = False,
) -> None:
    """Finish the exchange."""
    done = finish_exchange(_hub(config), leaving=leave)
    typer.echo(f"证书签发机构已更换为 {done.successor}；此前未用的加入令牌已失效，须重新签发")
    for court in done.behind:
        typer.echo(f"{court} 未换用新证书，须凭新的加入令牌重新加入", err=True)


@log_key_commands.command("begin", help="开始更换日志密钥：运行中的枢纽几秒内以新旧密钥同时签名。")
def begin_key(config: ConfigFile = None, signer: Signer = "") -> None:
    """Begin to exchange the log's key."""
    key = _of_log(config, partial(begin_log_key, holder=signer))
    typer.echo(f"新日志公钥 {key.format()}；运行中的枢纽几秒内以新旧密钥同时签名")
    typer.echo("各院节点十分钟内自动信任；至少一天以后再运行 finish")


@log_key_commands.command("status", help="现用的日志公钥；更换期间为新旧两个。")
def key_status(config: ConfigFile = None) -> None:
    """Show the keys that sign."""
    for key in _of_log(config, load_log_signer).verifier_keys:
        typer.echo(key.format())


@log_key_commands.command("finish", help="完成更换：运行中的枢纽几秒内只以新密钥签名，旧密钥删除。")
def finish_key(config: ConfigFile = None) -> None:
    """Finish the exchange of the log's key."""
    key = _of_log(config, finish_log_key)
    typer.echo(f"日志公钥已更换为 {key.format()}；枢纽几秒内只以新密钥签名，请备份")


def _hub(config: Path | None) -> Hub:
    return open_hub(load_settings(HubSettings, config))


def _of_log(config: Path | None, act: Callable[[HubPaths, str], ResultT]) -> ResultT:
    settings = load_settings(HubSettings, config)
    return load_file("日志密钥", lambda: act(HubPaths.of(settings), settings.origin))


def _tell(exchange: Exchange) -> None:
    typer.echo(f"现用机构 {exchange.current}")
    if not exchange.successor:
        typer.echo("没有正在进行的更换")
        return
    typer.echo(f"新机构 {exchange.successor}")
    typer.echo(f"已换用：{'、'.join(exchange.moved) or '无'}")
    typer.echo(f"尚未换用：{'、'.join(exchange.behind) or '无'}")
