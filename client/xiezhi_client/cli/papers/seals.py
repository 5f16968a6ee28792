"""`xiezhi paper`: what a matter still needs, the seal on its papers, and what seals say."""

from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.run import instruction_id, run_of
from xiezhi_client.sdk import Client, Document, MissingPapers, SealCheck
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Act, PaperType, SealState

app = typer.Typer(no_args_is_help=True)

Hash = Annotated[
    str,
    typer.Option(
        "--document", metavar="文书标识", help="文书的标识（sha256），见 show --json 或 letter make"
    ),
]


@app.command(help="列出事项尚缺的文书，包括受托法院的本地要求")
def missing(ctx: typer.Context, matter: Matter) -> None:
    """Show which papers the acts of a matter still need."""
    run = run_of(ctx)

    async def work(client: Client) -> MissingPapers:
        return await client.papers.missing(await instruction_id(client, matter))

    lacking = run.online(work)
    run.screen.data(lacking)
    rows = [
        (word(Act, act.act) if act.act else "全部", word(PaperType, paper.paper_type), paper.reason)
        for act in lacking.acts
        for paper in act.missing
    ]
    rows += [
        ("本地要求", word(PaperType, paper.paper_type), paper.reason) for paper in lacking.receiver_additions
    ]
    if rows:
        run.screen.table("尚缺的文书", ("办理内容", "文书", "依据"), rows)
    else:
        run.screen.say("文书齐全")


@app.command(help="对事项中的 PDF 加盖本院电子签章，另存为一份文书")
def seal(ctx: typer.Context, matter: Matter, document: Hash) -> None:
    """Affix the court's seal."""
    run = run_of(ctx)

    async def work(client: Client) -> Document:
        return await client.papers.seal(await instruction_id(client, matter), _hash(document))

    sealed = run.online(work)
    run.screen.data(sealed)
    run.screen.say(f"已签章：{sealed.name}，{word(SealState, sealed.seal_state)}，文书标识 {sealed.sha256}")


@app.command(help="核验文书的电子签章")
def check(ctx: typer.Context, matter: Matter, document: Hash) -> None:
    """Check the seals of a document as of now."""
    run = run_of(ctx)

    async def work(client: Client) -> SealCheck:
        return await client.papers.check_seal(await instruction_id(client, matter), _hash(document))

    checked = run.online(work)
    run.screen.data(checked)
    run.screen.say(word(SealState, checked.state))
    if checked.seals:
        rows = ((seal.signer, seal.claimed_at, word(SealState, seal.state)) for seal in checked.seals)
        run.screen.table("", ("签章人", "签章时间（签章自称）", "核验结果"), rows)


def _hash(text: str) -> str:
    try:
        return bytes.fromhex(text).hex()
    except ValueError:
        raise typer.BadParameter("文书标识应为十六进制的 sha256") from None
