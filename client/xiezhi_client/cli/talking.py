"""Both courts: talks and more papers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, Text, parse_time
from xiezhi_client.cli.run import instruction_id, run_of, take_step
from xiezhi_client.cli.screen import cell
from xiezhi_client.sdk import ActionReceipt, Client, Document, InvalidInput, Officer
from xiezhi_client.sdk.content import safe_name
from xiezhi_client.typed.papers import Paper, upload
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action, PaperType

app = typer.Typer()


@app.command(help="登记与对方法院的电话或沟通")
def contact(
    ctx: typer.Context,
    matter: Matter,
    name: Annotated[str, typer.Option("--name", help="对方姓名")],
    text: Annotated[str, typer.Option("--text", help="沟通内容和对方的承诺")],
    phone: Annotated[str, typer.Option("--phone", help="对方电话")] = "",
    at: Annotated[str, typer.Option("--at", help="沟通时间，如 2026-01-05 09:30；不填为现在")] = "",
) -> None:
    """Record a call or talk."""
    held_at = parse_time(at) if at else None
    counterpart = Officer(name=name, phone=phone)
    take_step(
        ctx,
        matter,
        Action.LOG_CONTACT,
        lambda client, which: client.instructions.log_contact(which, counterpart, text, held_at),
    )


@app.command(help="补充文书材料，对方法院可见")
def attach(
    ctx: typer.Context,
    matter: Matter,
    paper: Annotated[
        list[str], typer.Option("--paper", metavar="类型=文件", help="例如 裁定书=裁定书.pdf；可重复")
    ],
    text: Text = "",
) -> None:
    """Add papers for the other court."""
    papers = [Paper.parse(each) for each in paper]

    async def step(client: Client, which: str) -> ActionReceipt:
        documents = await upload(client, which, papers)
        return await client.instructions.supply_material(which, documents, text)

    take_step(ctx, matter, Action.SUPPLY_MATERIAL, step)


@app.command(help="下载文书：不指明文书时下载事项的全部文书")
def download(
    ctx: typer.Context,
    matter: Matter,
    to: Annotated[Path, typer.Option("--to", exists=True, file_okay=False, help="存放的文件夹")],
    document: Annotated[str, typer.Option("--document", help="文书名称或校验值（可只写开头）")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="查看用途，记入访问记录")] = "",
) -> None:
    """Fetch documents of a matter; each is checked by its hash."""
    run = run_of(ctx)

    async def work(client: Client) -> list[tuple[Document, Path]]:
        which = await instruction_id(client, matter)
        documents = (await client.instructions.get(which)).documents
        wanted = [each for each in documents if document == each.name or each.sha256.startswith(document)]
        if not wanted:
            raise InvalidInput.in_field("document", "该事项没有这份文书")
        return [
            (
                each,
                await client.documents.download(
                    which, each.sha256, place_for(to, each, wanted), purpose=purpose
                ),
            )
            for each in wanted
        ]

    saved = run.online(work)
    run.screen.data([{"sha256": each.sha256, "path": str(path)} for each, path in saved])
    rows = [(word(PaperType, each.paper_type), path, cell(each.size)) for each, path in saved]
    run.screen.table("已下载", ("类型", "文件", "字节"), rows)


def place_for(folder: Path, document: Document, wanted: Sequence[Document]) -> Path:
    """Give the folder, or where names collide a file whose name the hash makes unique."""
    if sum(each.name == document.name for each in wanted) == 1:
        return folder
    return folder / f"{document.sha256[:8]}-{safe_name(document.name)}"
