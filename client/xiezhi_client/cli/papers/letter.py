"""`xiezhi letter`: letters about matters and cases."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from xiezhi_client.cli.arguments import Matter, read_file
from xiezhi_client.cli.papers.fields import (
    Entries,
    Folder,
    Formats,
    Paper,
    entries_of,
    formats_of,
    paper_of,
    save,
)
from xiezhi_client.cli.papers.filing import filing
from xiezhi_client.cli.run import instruction_id, run_of
from xiezhi_client.sdk import (
    Client,
    InvalidInput,
    LetterOrder,
    MadeLetter,
    MadeRow,
    NotFound,
    batch_request_id,
)
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import PaperType, SubjectRole

app = typer.Typer(no_args_is_help=True)
app.command(help=f"为一件或多件案件的每名{SubjectRole.DEBTOR.zh}生成全部立案文书，每案一个文件夹")(filing)

_KEYS = frozenset({"row", "paper", "matter", "case", "subject", "entries", "as"})


@app.command("list", help="可以生成的文书及其字段")
def list_letters(ctx: typer.Context) -> None:
    """Show what can be made and what has to be entered."""
    run = run_of(ctx)
    letters = run.online(lambda client: client.papers.letters())
    run.screen.data(list(letters))
    rows = (
        (
            word(PaperType, letter.paper_type),
            "案件" if letter.about_case else "事项",
            "、".join(f"{field.name}（{field.label}）" for field in letter.fields if field.required),
            "、".join(
                f"{field.name}（{field.label}）"
                for field in letter.fields
                if field.entered and not field.required
            ),
        )
        for letter in letters
    )
    run.screen.table("可生成的文书", ("文书", "关于", "必填字段", "可填字段"), rows)


@app.command(help="为事项生成文书，存入该事项，可随后附上或签章")
def make(
    ctx: typer.Context,
    paper: Paper,
    matter: Matter,
    entries: Entries = [],  # noqa: B006  # typer copies it
    formats: Formats = [],  # noqa: B006  # typer copies it
) -> None:
    """Make a letter about a matter."""
    run = run_of(ctx)
    letter, given, forms = paper_of(paper), entries_of(entries), formats_of(formats)

    async def work(client: Client) -> tuple[MadeLetter, ...]:
        which = await instruction_id(client, matter)
        order = LetterOrder(paper_type=letter, instruction_id=which, entries=given, formats=forms)
        return await client.papers.make(order)

    made = run.online(work)
    run.screen.data(list(made))
    for each in made:
        run.screen.say(f"已生成 {each.name}，文书标识 {each.document.sha256 if each.document else ''}")


@app.command(help="为案件生成立案文书：执行通知书、报告财产令、财产申报表、限制消费令")
def case(
    ctx: typer.Context,
    paper: Paper,
    number: Annotated[str, typer.Argument(metavar="案号")],
    subject: Annotated[int, typer.Option("--subject", help=f"{SubjectRole.DEBTOR.zh}在案件中的序号")] = 0,
    entries: Entries = [],  # noqa: B006  # typer copies it
    formats: Formats = [],  # noqa: B006  # typer copies it
    to: Folder = Path(),
) -> None:
    """Make a letter about a case and save it."""
    run = run_of(ctx)
    order = LetterOrder(
        paper_type=paper_of(paper),
        case_number=number,
        subject_number=subject,
        entries=entries_of(entries),
        formats=formats_of(formats),
    )
    saved = [
        save(to, each.name, each.content) for each in run.online(lambda client: client.papers.make(order))
    ]
    run.screen.data(saved)
    for path in saved:
        run.screen.say(f"已保存 {path}")


@app.command(help="按清单批量生成文书（JSON 或 TOML）；出错的行不影响其他行")
def batch(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="清单")],
    to: Folder = Path(),
) -> None:
    """Make many letters, telling how far it is."""
    run = run_of(ctx)
    listed = _orders(read_file(file))
    # Made of the file, so that a broken batch can be asked for again without a letter made twice.
    request_id = batch_request_id(hashlib.sha256(file.read_bytes()).hexdigest(), file.name)
    console = Console(stderr=True)

    async def work(client: Client) -> list[MadeRow]:
        rows = []
        letters = {row: await _by_id(client, letter) for row, letter in listed.items()}
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("生成文书", total=len(letters))
            async for row in client.papers.make_many(letters, request_id=request_id):
                bar.update(task, completed=row.done)
                rows.append(row)
        return rows

    results = [_saved(to, row) for row in run.online(work)]
    run.screen.data(results)
    run.screen.table(
        "", ("行", "结果", "原因"), [(each["row"], _word(each), each["message"]) for each in results]
    )
    if any(each["reason"] for each in results):
        raise typer.Exit(1)


def _orders(values: dict[str, Any]) -> dict[str, LetterOrder]:
    """Read ``letters``, a list; `row` is its place where it is left out. Raise `InvalidInput`."""
    listed = values.get("letters")
    if not isinstance(listed, list) or not listed:
        raise InvalidInput.in_field("letters", "应为文书的列表")
    orders: dict[str, LetterOrder] = {}
    for at, each in enumerate(listed):
        row = str(each.get("row", at + 1))
        if row in orders:
            raise InvalidInput.in_field(f"letters[{at}].row", "行号不能重复")
        if unknown := sorted(each.keys() - _KEYS):
            known = "、".join(sorted(_KEYS))
            raise InvalidInput.in_field(f"letters[{at}].{unknown[0]}", f"没有这个字段，可填写的有：{known}")
        orders[row] = LetterOrder(
            paper_type=paper_of(str(each.get("paper", ""))),
            instruction_id=str(each.get("matter", "")),
            case_number=str(each.get("case", "")),
            subject_number=int(each.get("subject", 0)),
            entries={str(name): str(value) for name, value in each.get("entries", {}).items()},
            formats=formats_of([str(form) for form in each.get("as", [])]),
        )
    return orders


async def _by_id(client: Client, letter: LetterOrder) -> LetterOrder:
    """Give the letter with its matter's id where people wrote a number; the node refuses one that nobody knows."""
    if not letter.instruction_id:
        return letter
    try:
        return replace(letter, instruction_id=await instruction_id(client, [letter.instruction_id]))
    except NotFound:
        return letter


def _saved(folder: Path, row: MadeRow) -> dict[str, Any]:
    """Save the letters about cases; those about matters are documents of the matter already."""
    files = [
        save(folder, f"{row.row}-{each.name}", each.content) if each.content else each.name
        for each in row.made
    ]
    return {"row": row.row, "files": files, "reason": row.reason, "message": row.message, "field": row.field}


def _word(result: dict[str, Any]) -> str:
    return "未生成" if result["reason"] else "、".join(result["files"])
