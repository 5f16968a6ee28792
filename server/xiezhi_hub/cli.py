"""`xiezhi-hub`: the commands of the hub's operator."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from xiezhi_desk.settings import load_settings
from xiezhi_domain.errors import DomainError
from xiezhi_domain.terms import Role
from xiezhi_hub import administration, app, doctor, event_key, initialise
from xiezhi_hub.config import HubSettings
from xiezhi_hub.exchange_cli import Signer, authority_commands, log_key_commands
from xiezhi_hub.opening import open_hub
from xiezhi_hub.paths import HubPaths
from xiezhi_hub.reopen import reopen as reopen_log
from xiezhi_hub.tiled_log.export import export_log
from xiezhi_journal.migrate import upgrade
from xiezhi_wire.startup import StartupError

commands = typer.Typer(help="协执 · 中级法院枢纽", no_args_is_help=True, add_completion=False)
config_commands = typer.Typer(help="查看和检查配置", no_args_is_help=True)
account_commands = typer.Typer(help="枢纽的账号", no_args_is_help=True)
commands.add_typer(config_commands, name="config")
commands.add_typer(account_commands, name="account")
commands.add_typer(authority_commands, name="authority")
commands.add_typer(log_key_commands, name="log-key")

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="配置文件（TOML），或环境变量 XIEZHI_HUB_CONFIG")
]
Login = Annotated[str, typer.Argument(help="登录名")]


@commands.command(help="初始化：目录、证书、密钥、数据库、法院名录、首批日志记录和第一个系统管理员。")
def init(
    config: ConfigFile = None,
    admin: Annotated[str, typer.Option(help="第一个系统管理员的登录名")] = "admin",
) -> None:
    """Make a hub."""
    settings = _settings(config)
    initialise.initialise(settings)
    password = administration.create_administrator(open_hub(settings), admin)
    typer.echo(f"枢纽已初始化：{settings.court}，日志 {settings.origin}", err=True)
    typer.echo(f"{Role.ADMINISTRATOR.zh} {admin} 的初始密码（只显示一次）：", err=True)
    typer.echo(password)


@commands.command(help="运行枢纽，直到收到停止信号。")
def serve(config: ConfigFile = None) -> None:
    """Run the hub."""
    raise typer.Exit(app.serve(_settings(config)))


@commands.command(help="将数据库升级到当前版本；请先停止枢纽并备份。")
def migrate(config: ConfigFile = None) -> None:
    """Upgrade the database."""
    upgrade(_settings(config).database_url)
    typer.echo("数据库已是当前版本")


@commands.command(help="由事件重新生成事项、统计等投影数据；请先停止枢纽。")
def rebuild(config: ConfigFile = None) -> None:
    """Make the projections again."""
    rebuilt = open_hub(_settings(config)).journal.rebuild()
    typer.echo(f"已重新生成 {rebuilt.matters} 件事项")
    for event_id in rebuilt.skipped:
        typer.echo(f"事件 {event_id} 未能处理", err=True)


@commands.command("doctor", help="检查配置、数据库、日志、密钥、证书、磁盘、时钟、隔离区和各院节点。")
def examine(config: ConfigFile = None) -> None:
    """Examine the hub."""
    findings = doctor.examine(_settings(config))
    for finding in findings:
        typer.echo(f"{'✓' if finding.good else '✗'} {finding.subject}：{finding.text}")
    if any(finding.serious and not finding.good for finding in findings):
        raise typer.Exit(1)


@commands.command(help="为一家法院签发加入令牌：二十四小时内有效，只能使用一次；枢纽运行时也可签发。")
def enrol(
    court: Annotated[str, typer.Argument(help="法院代字，例如 苏0508")], config: ConfigFile = None
) -> None:
    """Print a join token."""
    typer.echo(administration.enrol(open_hub(_settings(config)), court))


@commands.command(help="吊销一家法院的全部节点证书，或指定序列号的证书；五秒内生效。")
def revoke(
    court_or_serial: Annotated[str, typer.Argument(help="法院代字或证书序列号")], config: ConfigFile = None
) -> None:
    """Revoke certificates."""
    serials = administration.revoke(open_hub(_settings(config)), court_or_serial)
    if not serials:
        _fail("没有找到有效的证书（法院代字无误的，其未用的加入令牌已收回），请核对法院代字或序列号")
    for serial in serials:
        typer.echo(f"已吊销 {serial}")


@commands.command("renew-certificate", help="重新签发枢纽的服务器证书；运行中的枢纽自动换用。")
def renew_certificate(config: ConfigFile = None) -> None:
    """Renew the listeners' certificate."""
    hub = open_hub(_settings(config))
    initialise.issue_server_certificate(hub.settings, hub.paths, hub.authority)
    hub.journal.close()
    typer.echo("服务器证书已更新")


@commands.command("rotate-key", help="更换枢纽自己的签名密钥；由运行中的枢纽在几秒内完成，不须重启。")
def rotate_key(config: ConfigFile = None, signer: Signer = "") -> None:
    """Begin the exchange of the hub's event key."""
    key_id = event_key.prepare_exchange(HubPaths.of(_settings(config)).event_key, signer)
    typer.echo(
        f"新签名密钥 {key_id} 已生成，运行中的枢纽几秒内登记并换用（xiezhi-hub doctor 可查看），之后请备份"
    )


@commands.command(
    help="日志无法恢复时，以新的名称开启新日志，并写明原日志的最后根；须先停止枢纽并修改 origin。"
)
def reopen(
    config: ConfigFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="确认：各院须重新加入，未结事项须重新委托")] = False,
) -> None:
    """Begin a new log."""
    if not yes:
        _fail("此操作不可撤销：各院须重新加入，未结事项须重新委托。确认无法恢复后，加 --yes 再次运行")
    previous = reopen_log(_settings(config))
    typer.echo(f"新日志已开启，原日志 {previous['origin']} 止于 {previous['size']} 条，根 {previous['root']}")


@commands.command(
    help="将平台日志全文导出为文件（C2SP tlog-tiles）；枢纽运行时也可导出，再次运行只补新增部分。"
)
def export(
    folder: Annotated[Path, typer.Argument(help="存放的文件夹", file_okay=False)], config: ConfigFile = None
) -> None:
    """Write the whole log as files."""
    hub = open_hub(_settings(config))
    try:
        exported = export_log(hub.journal, folder)
    except OSError as error:
        _fail(f"无法写入 {error.filename or folder}：{error.strerror}")
    finally:
        hub.journal.close()
    typer.echo(f"{folder} 中现有日志 {exported.size} 项，本次写入 {exported.written} 个文件")
    typer.echo(
        "核对：xiezhi audit 文件夹 --pins 事先留存的文件（文件夹中的 pins.json 只供对照，不能作为依据）"
    )


@account_commands.command("create", help="新建账号；初始密码随机生成，只显示一次。")
def create_account(
    login: Login,
    name: Annotated[str, typer.Option(help="姓名")],
    role: Annotated[list[str], typer.Option(help="岗位，例如 SUPERVISOR；可重复")],
    config: ConfigFile = None,
) -> None:
    """Make an account."""
    typer.echo(administration.create_account(open_hub(_settings(config)), login, name, role))


@config_commands.command("show", help="显示生效的配置；秘密只显示所在文件。")
def config_show(config: ConfigFile = None) -> None:
    """Show the settings in force."""
    shown = administration.shown_settings(_settings(config))
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))


@config_commands.command("check", help="检查配置；有误时说明是哪一项。")
def config_check(config: ConfigFile = None) -> None:
    """Check the settings."""
    _settings(config)
    typer.echo("配置无误")


def _settings(config: Path | None) -> HubSettings:
    return load_settings(HubSettings, config)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def main() -> None:
    """Run the command line; what an operator can put right is told in one line."""
    try:
        commands()
    except DomainError as error:
        typer.echo(error.message, err=True)
        raise SystemExit(1) from None
    except StartupError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
