"""`xiezhi workbench`: serve, and check the configuration. What it needs beyond typer is loaded when it is called."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from xiezhi_workbench.config import WorkbenchSettings

app = typer.Typer()
workbench = typer.Typer(no_args_is_help=True)
config_app = typer.Typer(no_args_is_help=True)
app.add_typer(workbench, name="workbench", help="网页工作台：连接一个法院节点或中院平台")
workbench.add_typer(config_app, name="config", help="检查配置")

USAGE: Final = 2
_NEEDED: Final = ("starlette", "jinja2", "uvicorn", "python_multipart", "pydantic_settings")

ConfigFile = Annotated[Path | None, typer.Option("--config", "-c", help="配置文件（TOML）")]


@app.callback()
def group() -> None:
    """Keep `workbench` a command of its own, even while it is the only one here."""


@workbench.command(help="运行工作台，直到收到停止信号。")
def serve(config: ConfigFile = None) -> None:
    """Serve pages until told to stop."""
    settings = _settings(config)
    from xiezhi_workbench.serve import serve as run  # noqa: PLC0415  loads the web server

    raise typer.Exit(run(settings))


@config_app.command(help="检查配置文件和证书文件，不启动。")
def check(config: ConfigFile = None) -> None:
    """Say whether the configuration is usable."""
    settings = _settings(config)
    typer.echo(f"配置可用：{settings.listen} → {settings.server}")


def _settings(file: Path | None) -> "WorkbenchSettings":
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        _fail(f"缺少 {'、'.join(missing)}：请安装 xiezhi[workbench]")
    from xiezhi_workbench.config import ConfigError, load  # noqa: PLC0415  the command line does without pydantic

    try:
        return load(file)
    except ConfigError as error:
        _fail(str(error))
        raise


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)
