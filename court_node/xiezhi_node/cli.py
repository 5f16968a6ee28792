"""`xiezhi-node`: migrate, join, serve, doctor, config, and the first administrator."""

import asyncio
import json
import secrets
from pathlib import Path
from typing import Annotated, NoReturn

import grpc
import typer

from xiezhi_desk.accounts.bootstrap import create_first_administrator
from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_desk.settings import load_settings
from xiezhi_domain.errors import DomainError
from xiezhi_journal.journal import system_clock
from xiezhi_journal.migrate import upgrade
from xiezhi_node import app as program
from xiezhi_node.config import NodeSettings
from xiezhi_node.doctor import examine, policy_in_words
from xiezhi_node.joining import join as join_hub
from xiezhi_node.joining import make_desk_certificate
from xiezhi_node.key_change import KeyName, prepare_exchange
from xiezhi_node.node import open_journal, open_node
from xiezhi_node.witnessing.comparing import compare_checkpoints
from xiezhi_node.witnessing.exporting import export_checkpoints, own_witness_key
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.jointoken import JoinTokenMalformed, decode
from xiezhi_wire.startup import StartupError

app = typer.Typer(
    help="协执 · 法院节点", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
config_app = typer.Typer(help="查看和检查配置", no_args_is_help=True)
account_app = typer.Typer(help="本院账号", no_args_is_help=True)
app.add_typer(config_app, name="config")
app.add_typer(account_app, name="account")

ConfigFile = Annotated[Path | None, typer.Option("--config", "-c", help="配置文件（TOML）")]


@app.command(help="建立数据库，或升级到当前版本。")
def migrate(config: ConfigFile = None) -> None:
    """Make or upgrade the database."""
    settings = _settings(config)
    settings.paths.create()
    upgrade(settings.database_url)
    typer.echo("数据库已是当前版本")


@app.command(
    help="加入平台：在本机生成密钥，核对平台身份，登记本院密钥，领取证书；已加入的法院可凭新令牌重新加入，数据不变。"
)
def join(
    token: Annotated[str, typer.Argument(help="平台签发的加入令牌")],
    config: ConfigFile = None,
    replace_keys: Annotated[
        bool, typer.Option("--replace-keys", help="原签名密钥丢失或被盗：以新密钥取代，原密钥作废；数据不变")
    ] = False,
) -> None:
    """Join a hub."""
    settings = _settings(config)
    settings.paths.create()
    upgrade(settings.database_url)
    try:
        pins = asyncio.run(join_hub(settings, decode(token), replacing_keys=replace_keys))
        make_desk_certificate(settings, pins.court, system_clock())
    except JoinTokenMalformed:
        _fail("加入令牌不完整或有误，请完整复制后重试")
    except (DomainError, StartupError) as error:
        _fail(error.message if isinstance(error, DomainError) else str(error))
    except grpc.RpcError as error:
        _fail(f"平台未接受加入：{_details(error)}")
    typer.echo(f"{pins.court} 已加入平台 {pins.origin}")


@app.command(help="运行节点，直到收到停止信号。")
def serve(config: ConfigFile = None) -> None:
    """Run the node."""
    settings = _settings(config)
    try:
        code = program.serve(settings)
    except StartupError as error:
        _fail(str(error))
    raise typer.Exit(code)


@app.command("rebuild", help="由事件重新生成事项列表等投影数据；请先停止节点。")
def rebuild_projections(config: ConfigFile = None) -> None:
    """Make the projections again."""
    try:
        node = open_node(_settings(config), Workshop())
    except StartupError as error:
        _fail(str(error))
    rebuilt = node.journal.rebuild()
    typer.echo(f"已重新生成 {rebuilt.matters} 件事项")
    for event_id in rebuilt.skipped:
        typer.echo(f"事件 {event_id} 未能处理，保持隔离", err=True)


@app.command("witness-key", help="显示本院的见证公钥，供其他法院登记为见证方（配置项 witnesses）。")
def witness_key(config: ConfigFile = None) -> None:
    """Print the verifier key that other courts pin."""
    try:
        typer.echo(own_witness_key(_settings(config)).format())
    except StartupError as error:
        _fail(str(error))


@app.command(
    "rotate-key",
    help="更换本院的签名密钥（event）或见证密钥（cosign）；由运行中的节点联网完成。",
)
def rotate_key(
    name: Annotated[KeyName, typer.Argument(help="event 或 cosign")],
    config: ConfigFile = None,
    signer: Annotated[
        str, typer.Option(help="新密钥由谁保管：签名器的套接字路径，或 file（本机文件）；不填同现用密钥")
    ] = "",
) -> None:
    """Begin the exchange of a key."""
    try:
        key_id = prepare_exchange(_settings(config).paths, name, signer)
    except StartupError as error:
        _fail(str(error))
    except DomainError as error:
        _fail(error.message)
    typer.echo(f"新密钥 {key_id} 已生成，节点联网后自动登记并换用；进展见 xiezhi-node doctor")
    if name is KeyName.COSIGN:
        typer.echo("换用后请以 xiezhi-node witness-key 取得新的见证公钥，告知以本院为见证方的法院")


@app.command(help="导出本院所存的平台日志检查点，供与其他法院所存的比对。")
def checkpoints(
    to: Annotated[Path, typer.Argument(help="存为文件（JSON）")], config: ConfigFile = None
) -> None:
    """Write what this node holds of the log as one file."""
    try:
        count = export_checkpoints(_settings(config), to)
    except (DomainError, StartupError) as error:
        _fail(error.message if isinstance(error, DomainError) else str(error))
    typer.echo(f"已导出 {count} 个检查点：{to}")


@app.command("compare-checkpoints", help="与另一法院导出的检查点比对；不一致的留存为日志异常记录，退出码 1。")
def compare(
    theirs: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="另一法院导出的文件")],
    config: ConfigFile = None,
) -> None:
    """Hold another court's checkpoints against those of this node."""
    settings = _settings(config)
    try:
        common, different = compare_checkpoints(settings, theirs, system_clock())
    except (DomainError, StartupError) as error:
        _fail(error.message if isinstance(error, DomainError) else str(error))
    typer.echo(f"两院共有 {common} 个长度的检查点，其中 {different} 个不一致")
    if different:
        _fail(f"平台向两院给出了不同的日志，证据已存入 {settings.paths.misconduct}，请报告上级法院")


@app.command(help="检查配置、数据库、密钥、证书、磁盘、时钟、连接和隔离区。")
def doctor(config: ConfigFile = None) -> None:
    """Examine the node."""
    findings = examine(_settings(config))
    for finding in findings:
        typer.echo(f"{'✓' if finding.good else '✗'} {finding.subject}：{finding.text}")
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


@config_app.command("show", help="显示生效的配置；口令所在的文件只显示路径。")
def config_show(config: ConfigFile = None) -> None:
    """Show the settings in force."""
    settings = _settings(config)
    typer.echo(json.dumps(settings.model_dump(mode="json"), ensure_ascii=False, indent=2))
    typer.echo(f"见证方：{policy_in_words(settings.witness_policy)}", err=True)


@config_app.command("check", help="检查配置；有误时说明是哪一项。")
def config_check(config: ConfigFile = None) -> None:
    """Check the settings."""
    _settings(config)
    typer.echo("配置无误")


@account_app.command("create-admin", help="建立第一个系统管理员账号，口令随机生成，只显示一次。")
def create_admin(login: Annotated[str, typer.Argument(help="登录名")], config: ConfigFile = None) -> None:
    """Make the first administrator."""
    settings = _settings(config)
    password = secrets.token_urlsafe(18)
    try:
        asyncio.run(_create_admin(settings, login, password))
    except (DomainError, StartupError) as error:
        _fail(error.message if isinstance(error, DomainError) else str(error))
    typer.echo(password)


async def _create_admin(settings: NodeSettings, login: str, password: str) -> None:
    journal = open_journal(settings)
    journal.start()
    passwords = Passwords()
    try:
        await create_first_administrator(journal, passwords, login, password)
    finally:
        passwords.close()
        journal.close()


def _settings(config: Path | None) -> NodeSettings:
    try:
        return load_settings(NodeSettings, config)
    except StartupError as error:
        _fail(str(error))


def _details(error: grpc.RpcError) -> str:
    return error.details() or "" if isinstance(error, grpc.aio.AioRpcError) else str(error)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()
