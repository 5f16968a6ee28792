"""`xiezhi-cases`: serve a folder or a workbook as the court's case source."""

import secrets
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from xiezhi_adapters.folder import FolderRecords
from xiezhi_adapters.program import SourceSettings, make_certificate
from xiezhi_adapters.program import serve as run_program
from xiezhi_adapters.records import CaseRecords
from xiezhi_adapters.workbook import WorkbookRecords, write_template
from xiezhi_domain.errors import DomainError
from xiezhi_wire.startup import StartupError

app = typer.Typer(
    help="协执 · 案件来源适配器", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)

Folder = Annotated[
    Path | None, typer.Option("--folder", exists=True, file_okay=False, help="案件文件夹，一案一个子文件夹")
]
Book = Annotated[Path | None, typer.Option("--xlsx", exists=True, dir_okay=False, help="案件工作簿（XLSX）")]
Feedback = Annotated[
    Path | None, typer.Option("--feedback", help="办结反馈写入的文件夹；不填则在工作簿旁的 feedback")
]


@app.command(help="运行，直到收到停止信号。")
def serve(
    certificates: Annotated[Path, typer.Option("--certificates", help="证书文件夹")],
    token_file: Annotated[Path, typer.Option("--token-file", help="令牌文件")],
    folder: Folder = None,
    xlsx: Book = None,
    feedback: Feedback = None,
    address: Annotated[str, typer.Option("--address", help="监听地址；端口 0 由系统选")] = "127.0.0.1:7461",
    announce: Annotated[Path | None, typer.Option("--announce", help="把实际地址写入此文件（JSON）")] = None,
) -> None:
    """Run the source."""
    settings = SourceSettings(address, certificates, token_file, announce)
    try:
        code = run_program(_records(folder, xlsx, feedback), settings)
    except StartupError as error:
        _fail(str(error))
    raise typer.Exit(code)


@app.command(help="检查案件资料，逐处列出错误。")
def check(folder: Folder = None, xlsx: Book = None) -> None:
    """List what is wrong; exit code 1 where anything is."""
    records = _records(folder, xlsx, None)
    try:
        problems, count = records.problems(), sum(1 for _ in records.readable())
    except DomainError as error:
        _fail(error.message)
    for problem in problems:
        typer.echo(f"{problem.field}：{problem.message}")
    typer.echo(f"可读取案件 {count} 件，错误 {len(problems)} 处")
    raise typer.Exit(1 if problems else 0)


@app.command(help="生成案件工作簿模板。")
def template(file: Annotated[Path, typer.Argument(metavar="文件.xlsx")]) -> None:
    """Write an empty workbook."""
    write_template(file)
    typer.echo(f"已生成 {file}")


@app.command(help="生成证书和令牌；ca.pem 与令牌交给法院节点。")
def certificate(
    folder: Annotated[Path, typer.Argument(metavar="证书文件夹")],
    name: Annotated[list[str], typer.Option("--name", help="节点访问时用的名称或地址；可重复")] = [  # noqa: B006  typer reads it as "none given"
        "localhost",
        "127.0.0.1",
    ],
) -> None:
    """Make authority, certificate and token."""
    try:
        authority = make_certificate(folder, tuple(name), time.time_ns() // 1_000_000)
    except FileExistsError:
        _fail(f"{folder} 中已有证书，不会覆盖")
    token = folder / "token"
    token.touch(mode=0o600)
    token.write_text(secrets.token_urlsafe(32) + "\n", encoding="utf-8")
    typer.echo(f"根证书 {authority}，令牌 {token}")


def _records(folder: Path | None, xlsx: Path | None, feedback: Path | None) -> CaseRecords:
    if (folder is None) == (xlsx is None):
        _fail("请在 --folder 和 --xlsx 中选择一个")
    if folder is not None:
        return FolderRecords(folder)
    assert xlsx is not None, "checked above"
    return WorkbookRecords(xlsx, feedback or xlsx.parent / "feedback")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def main() -> None:
    """Run the command."""
    app()
