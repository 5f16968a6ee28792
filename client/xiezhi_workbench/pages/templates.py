"""文书模板: the court's own in place of the shipped ones: looked at, tried, replaced, taken away again."""

from collections.abc import Sequence
from typing import Final, cast
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import InvalidInput, PaperTemplate, XiezhiError
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_client.sdk.vocabulary import TemplateFormat
from xiezhi_domain.terms import PaperType, Role
from xiezhi_workbench import administering
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = f"{administering.HERE}/templates"
FORMATS: Final[dict[str, tuple[str, str]]] = {
    "WORDING": ("文字", "toml"),
    "DOCX": ("Word 版式", "docx"),
    "TYPST": ("PDF 版式", "typ"),
}
"""What each form of a template is called, and how its file ends."""
_CHANGES: Final = frozenset({Role.ADMINISTRATOR.value, Role.CENTRE_DIRECTOR.value})


@page
async def show(page: Page) -> Response:
    """List the letters, and which templates are the court's own."""
    return await _shown(page)


async def _shown(page: Page, which: str = "", error: XiezhiError | None = None) -> Response:
    letters, own = await page.client.papers.letters(), await page.client.papers.templates()
    return page.render(
        "admin/templates.html",
        status_of(error) if error else 200,
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        letters=letters,
        own=_by_place(own),
        formats=FORMATS,
        which=which,
        may_change=not _CHANGES.isdisjoint(page.roles),
        problem=Problem.of(error) if error else None,
    )


@page
async def file(page: Page) -> Response:
    """Give the template in use, to be changed."""
    paper, form = _place(page)
    found = await page.client.papers.template(paper, form)
    name = f"{PaperType(paper).zh}.{FORMATS[form][1]}"
    return _download(found.content, "application/octet-stream", name)


@page
async def sample(page: Page) -> Response:
    """Give a sample letter made with the template in use."""
    paper, form = _place(page)
    made = await page.client.papers.preview_template(paper, form)
    ending = "docx" if form == "DOCX" else "pdf"
    return _download(made.content, made.media_type, f"{PaperType(paper).zh}（样张）.{ending}")


@page
async def put(page: Page) -> Response:
    """Try a template and give the sample, put it, or go back to the shipped one."""
    paper, form = _place(page)
    papers, request_id = page.client.papers, page.text("request_id")
    try:
        if page.text("step") == "restore":
            await papers.put_template(paper, form, b"", request_id=request_id)
            return page.see(HERE, f"{PaperType(paper).zh}（{FORMATS[form][0]}）已恢复为随附模板")
        content = await _content(page)
        if page.text("step") == "preview":
            made = await papers.preview_template(paper, form, content)
            ending = "docx" if form == "DOCX" else "pdf"
            return _download(made.content, made.media_type, f"{PaperType(paper).zh}（样张）.{ending}")
        await papers.put_template(paper, form, content, request_id=request_id)
    except XiezhiError as error:
        return await _shown(page, f"{paper}.{form}", error)
    return page.see(HERE, f"{PaperType(paper).zh}（{FORMATS[form][0]}）已替换为本院模板")


async def _content(page: Page) -> bytes:
    chosen = page.form.get("file")
    if not isinstance(chosen, UploadFile) or not chosen.filename:
        raise InvalidInput.in_field("content", "请选择模板文件")
    return await chosen.read()


def _place(page: Page) -> tuple[PaperName, TemplateFormat]:
    paper, form = page.request.path_params["paper"], page.request.path_params["form"]
    if paper not in set(PaperType) or form not in FORMATS:
        raise HTTPException(404)
    return cast(PaperName, paper), cast(TemplateFormat, form)


def _by_place(own: Sequence[PaperTemplate]) -> dict[str, PaperTemplate]:
    return {f"{each.paper_type}.{each.format}": each for each in own}


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=media_type, headers=headers)


routes = [
    Route(HERE, show),
    Route(f"{HERE}/{{paper}}/{{form}}", put, methods=["POST"]),
    Route(f"{HERE}/{{paper}}/{{form}}/file", file),
    Route(f"{HERE}/{{paper}}/{{form}}/sample", sample),
]
