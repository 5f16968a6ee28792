"""`xiezhi template`: the court's own templates of letters."""

from pathlib import Path
from typing import Annotated, Final

import typer

from xiezhi_client.cli.papers.fields import Paper, paper_of
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk.vocabulary import TemplateFormat
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import PaperType

app = typer.Typer(no_args_is_help=True)

_BY_SUFFIX: Final[dict[str, TemplateFormat]] = {".toml": "WORDING", ".docx": "DOCX", ".typ": "TYPST"}
_CALLED: Final[dict[str, str]] = {"WORDING": "文字", "DOCX": "Word 版式", "TYPST": "PDF 版式"}

File = Annotated[
    Path, typer.Argument(metavar="文件", help=".toml 为文字，.docx 为 Word 版式，.typ 为 PDF 版式")
]


@app.command("list", help="本院自定的模板")
def list_templates(ctx: typer.Context) -> None:
    """Show the court's own templates."""
    run = run_of(ctx)
    templates = run.online(lambda client: client.papers.templates())
    run.screen.data(list(templates))
    rows = (
        (word(PaperType, each.paper_type), _CALLED.get(each.format, each.format), each.put_by, each.put_at)
        for each in templates
    )
    run.screen.table("本院自定的模板", ("文书", "模板", "上传人", "上传时间"), rows)


@app.command(help="保存正在使用的模板，可修改后用 put 上传")
def get(ctx: typer.Context, paper: Paper, file: File) -> None:
    """Save the template in use."""
    run = run_of(ctx)
    letter, form = paper_of(paper), _format(file)
    found = run.online(lambda client: client.papers.template(letter, form))
    file.write_bytes(found.content)
    run.screen.data(found.template)
    own = bool(found.template and found.template.own)
    run.screen.say(f"已保存{'本院自定的' if own else '随平台提供的'}模板：{file}")


@app.command(help="上传本院的模板；模板中有未知字段时会指出是哪一个")
def put(ctx: typer.Context, paper: Paper, file: File) -> None:
    """Put a template of the court."""
    run = run_of(ctx)
    letter, form, content = paper_of(paper), _format(file), file.read_bytes()
    put_template = run.online(lambda client: client.papers.put_template(letter, form, content))
    run.screen.data(put_template)
    run.screen.say(f"{word(PaperType, letter)}已改用本院的{_CALLED[form]}")


@app.command(help="改回随平台提供的模板")
def reset(
    ctx: typer.Context,
    paper: Paper,
    form: Annotated[str, typer.Argument(metavar="模板", help="toml、docx 或 typ")],
) -> None:
    """Go back to the shipped template."""
    run = run_of(ctx)
    letter, which = paper_of(paper), _format(Path(f"x.{form.removeprefix('.')}"))
    in_use = run.online(lambda client: client.papers.put_template(letter, which, b""))
    run.screen.data(in_use)
    run.screen.say(f"{word(PaperType, letter)}已改回随平台提供的{_CALLED[which]}")


def _format(file: Path) -> TemplateFormat:
    form = _BY_SUFFIX.get(file.suffix.lower())
    if form is None:
        raise typer.BadParameter("文件应为 .toml（文字）、.docx（Word 版式）或 .typ（PDF 版式）")
    return form
