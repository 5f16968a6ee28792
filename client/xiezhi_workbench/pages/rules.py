"""规则库: what is published and in force, one kind as a table, what has changed; publishing (hub)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import (
    InvalidInput,
    PublishedRulebook,
    RulebookChange,
    RulebookDocument,
    XiezhiError,
)
from xiezhi_client.sdk.records.rulebook import RulebookDifference
from xiezhi_domain.errors import FormatError
from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.rulebook.describe import (
    act_rows,
    bar_rows,
    differences,
    enclosure_rows,
    ground_rows,
    limit_rows,
    move_rows,
    names,
)
from xiezhi_domain.rulebook.document import documents_of, split_documents
from xiezhi_domain.terms import OwnRulesState, Role
from xiezhi_workbench import administering
from xiezhi_workbench.asking import first, if_allowed
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = f"{administering.HERE}/rules"
_MOST: Final = 100
_PUBLISHES: Final = frozenset({Role.ADMINISTRATOR.value, Role.CENTRE_DIRECTOR.value})
_HEADS: Final = {
    "acts": ("行为", "对象的诉讼地位", "应附文书", "可附文书", "办结应交"),
    "grounds": ("依据", "适用", "条件", "须写明的日期", "出处"),
    "moves": ("步骤", "由谁进行", "在何状态", "之后状态", "条件", "依据"),
    "enclosures": ("步骤", "由谁进行", "应附文书", "可附文书", "依据"),
    "bars": ("步骤", "为何不得", "依据"),
    "limits": ("期间", "长度", "起算", "止于", "停止计算", "计入", "依据"),
}


def may_change(page: Page) -> bool:
    """Say whether this person publishes or proposes rules."""
    return not _PUBLISHES.isdisjoint(page.roles)


@page
async def show(page: Page) -> Response:
    """Show what is published, the kinds of the rulebook in force, and the overlays in it."""
    client = page.client
    published = await client.directory.rulebooks()
    book = await page.rulebooks.in_force(client)
    proposals = await if_allowed(first(client.own_rules.proposed(page_size=_MOST), _MOST))
    return page.render(
        "rules/list.html",
        tabs=tabs_of(page),
        published=published,
        book=book,
        overlays=_overlays(book),
        proposals=proposals,
        states=OwnRulesState,
        may_change=may_change(page),
    )


@page
async def kind(page: Page) -> Response:
    """Show one kind as tables, between courts where they are named."""
    query = page.request.query_params
    named, sender, receiver = (query.get(name, "") for name in ("hash", "from", "to"))
    client, rulebooks = page.client, page.rulebooks
    book = await (rulebooks.pinned(client, named) if named else rulebooks.in_force(client))
    rules = book.rules(page.request.path_params["kind"], sender, receiver)
    courts = await client.directory.courts()
    tables = [
        ("行为和文书", _HEADS["acts"], list(act_rows(rules)) if rules.acts or rules.papers else []),
        ("商请的依据和条件", _HEADS["grounds"], list(ground_rows(rules))),
        ("步骤", _HEADS["moves"], list(move_rows(rules))),
        ("各步骤随附文书", _HEADS["enclosures"], list(enclosure_rows(rules))),
        ("不得进行的步骤", _HEADS["bars"], list(bar_rows(rules))),
        ("期间", _HEADS["limits"], list(limit_rows(rules))),
    ]
    return page.render(
        "rules/kind.html",
        tabs=tabs_of(page),
        book=book,
        rules=rules,
        approval=[f"{names(step.roles)}（{names(step.acts) or '各项'}）" for step in rules.approval],
        tables=[table for table in tables if table[2]],
        courts=[(each.code, each.name) for each in courts],
        sender=sender,
        receiver=receiver,
        named=named,
    )


@page
async def diff(page: Page) -> Response:
    """Show what differs between two published rulebooks."""
    query, client = page.request.query_params, page.client
    before = await page.rulebooks.pinned(client, query.get("before", ""))
    after = await page.rulebooks.pinned(client, query.get("after", ""))
    found = [
        RulebookDifference(path=path, before=was, after=now) for path, was, now in differences(before, after)
    ]
    return page.render("rules/diff.html", tabs=tabs_of(page), before=before, after=after, differences=found)


@page
async def publish_form(page: Page) -> Response:
    """Show the form that publishes."""
    return _form(page)


@page
async def publish(page: Page) -> Response:
    """Tell what would change, or publish what was told."""
    tried, error, documents = None, None, []
    try:
        documents = await documents_in(page)
        day = day_in(page)
        publishing = page.text("step") == "publish"
        tried = await page.client.directory.publish_rulebook(
            documents,
            day,
            version=page.text("version"),
            seen=page.text("seen") if publishing else "",
            dry_run=not publishing,
            request_id=page.text("request_id"),
        )
        if publishing:
            told = tried.rulebook or PublishedRulebook()
            return page.see(HERE, f"规则库 {told.version} 已发布，自 {told.valid_from} 起用于新事项")
    except (XiezhiError, FormatError) as refused:
        tried, error = None, refused
    return _form(page, documents, tried, error)


def _form(
    page: Page,
    documents: Sequence[RulebookDocument] = (),
    tried: RulebookChange | None = None,
    error: XiezhiError | FormatError | None = None,
) -> Response:
    return page.render(
        "rules/publish.html",
        status_of(error) if error else 200,
        tabs=tabs_of(page),
        documents=documents,
        tried=tried,
        valid_from=page.text("valid_from"),
        version=page.text("version"),
        problem=Problem.of(error) if error else None,
    )


async def documents_in(page: Page) -> list[RulebookDocument]:
    """Give the documents of a form: files chosen now, else those that it carried.

    Raise `InvalidInput` where there are none, `FormatError`.
    """
    found = []
    for file in page.form.getlist("files"):
        if isinstance(file, UploadFile) and file.filename:
            found += documents_of(file.filename, await file.read())
    if not found:
        found = _carried(page.form)
    if not found:
        raise InvalidInput.in_field("files", "请选择规则库文件（TOML）")
    return [RulebookDocument(name=name, content=content) for name, content in found]


def _carried(sent: FormData) -> list[tuple[str, str]]:
    """Give name and content of the documents that a form carried. Raise `InvalidInput`."""
    names, contents = sent.getlist("name"), sent.getlist("content")
    if len(names) != len(contents):
        raise InvalidInput.in_field("files", "规则库文件不完整，请刷新页面后重新选择")
    carried = zip(names, contents, strict=True)
    return [(str(name), str(content).replace("\r\n", "\n")) for name, content in carried]


def day_in(page: Page) -> date:
    """Give the first day of a form. Raise `InvalidInput`."""
    try:
        return date.fromisoformat(page.text("valid_from"))
    except ValueError:
        raise InvalidInput.in_field("valid_from", "请填写生效日期") from None


def _overlays(book: Rulebook) -> list[tuple[str, str, str]]:
    """Give area, name and TOML of the documents that hold for one court or province."""
    found = []
    for name, text in split_documents(book.content):
        document = read_toml(text)
        area = document.get("court") or document.get("province")
        if area:
            found.append((str(area), name, text.strip()))
    return found


def tabs_of(page: Page) -> object:
    """Give the pages beside this one."""
    return administering.tabs(page.roles, is_hub=page.is_hub)


routes = [
    Route(HERE, show),
    Route(f"{HERE}/kinds/{{kind}}", kind),
    Route(f"{HERE}/diff", diff),
    Route(f"{HERE}/publish", publish_form),
    Route(f"{HERE}/publish", publish, methods=["POST"]),
]
