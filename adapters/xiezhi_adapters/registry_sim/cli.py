"""`xiezhi-registry-sim`: serve the simulated registry."""

import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from xiezhi_adapters.registry_sim.behaviour import load_behaviour
from xiezhi_adapters.registry_sim.program import SimulatorSettings, make_certificates
from xiezhi_adapters.registry_sim.program import serve as run_program
from xiezhi_wire.startup import StartupError

app = typer.Typer(
    help="协执 · 模拟登记机构：人员和财产均为虚构，供演示、测试和培训使用",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command(help="运行，直到收到停止信号。")
def serve(
    certificates: Annotated[Path, typer.Option("--certificates", help="证书文件夹")],
    address: Annotated[str, typer.Option("--address", help="监听地址；端口 0 由系统选")] = "127.0.0.1:7471",
    behaviour: Annotated[Path | None, typer.Option("--behaviour", help="延迟和故障的配置（TOML）")] = None,
    state: Annotated[Path | None, typer.Option("--state", help="保存登记结果的文件；不填则不保存")] = None,
    announce: Annotated[Path | None, typer.Option("--announce", help="把实际地址写入此文件（JSON）")] = None,
) -> None:
    """Run the simulator."""
    try:
        settings = SimulatorSettings(address, certificates, load_behaviour(behaviour), state, announce)
        code = run_program(settings)
    except StartupError as error:
        _fail(str(error))
    raise typer.Exit(code)


@app.command(help="生成证书；文件夹中的 ca.pem 和 node 子文件夹交给法院节点。")
def certificate(
    folder: Annotated[Path, typer.Argument(metavar="证书文件夹")],
    court: Annotated[str, typer.Option("--court", help="节点所属法院的代字，如 苏0508")],
    name: Annotated[list[str], typer.Option("--name", help="节点访问时用的名称或地址；可重复")] = [  # noqa: B006  typer reads it as "none given"
        "localhost",
        "127.0.0.1",
    ],
) -> None:
    """Make authority and certificates of both ends."""
    try:
        node = make_certificates(folder, tuple(name), court, time.time_ns() // 1_000_000)
    except FileExistsError:
        _fail(f"{folder} 中已有证书，不会覆盖")
    typer.echo(f"根证书 {folder / 'ca.pem'}，节点证书 {node}")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def main() -> None:
    """Run the command."""
    app()
