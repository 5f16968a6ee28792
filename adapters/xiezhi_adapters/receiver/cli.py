"""`xiezhi-notify-sim`: receive notifications and show them."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_adapters.receiver.arrivals import Arrival, Arrivals
from xiezhi_adapters.receiver.program import make_checker, run
from xiezhi_wire.startup import StartupError

app = typer.Typer(
    help="协执 · 模拟短信网关、邮件服务器和接口接收方：只在本机监听，显示收到的通知，供演示、测试和培训使用",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _commands() -> None:
    """Keep `serve` a word of its own."""


@app.command(help="运行，直到收到停止信号。短信发到 /sms，接口推送发到 /hook。")
def serve(
    http_port: Annotated[int, typer.Option("--http-port", help="HTTP 端口；0 由系统选")] = 7481,
    smtp_port: Annotated[int, typer.Option("--smtp-port", help="SMTP 端口；0 由系统选")] = 7482,
    secret: Annotated[Path | None, typer.Option("--secret", help="接口签名的共享密钥文件")] = None,
    public_key: Annotated[Path | None, typer.Option("--public-key", help="接口签名的公钥（PEM）")] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="把收到的通知逐行写入此文件（JSON）")
    ] = None,
    announce: Annotated[Path | None, typer.Option("--announce", help="把实际端口写入此文件（JSON）")] = None,
) -> None:
    """Run the receiver."""
    try:
        checker = make_checker(secret, public_key)
        asyncio.run(run(Arrivals(_show, record), checker, http_port, smtp_port, announce))
    except StartupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _show(arrival: Arrival) -> None:
    typer.echo(arrival.line())


def main() -> None:
    """Run the command."""
    app()
