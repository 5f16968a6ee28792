"""账号日志: who signed in or was refused, and what was done to accounts, when, by whom, from where."""

from typing import Final, cast
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import AccountEventPage, XiezhiError
from xiezhi_client.sdk.vocabulary import AccountEventKind as KindName
from xiezhi_domain.terms import AccountEventKind
from xiezhi_workbench.administering import HERE as ADMINISTERING
from xiezhi_workbench.administering import tabs
from xiezhi_workbench.page import Page, Problem, page, status_of
from xiezhi_workbench.words import known

HERE: Final = f"{ADMINISTERING}/account-log"
_ROWS: Final = 100


@page
async def show(page: Page) -> Response:
    """Show a page of entries, of everybody or of one account."""
    query = page.request.query_params
    account, kind = query.get("account", "").strip(), known(AccountEventKind, query.get("kind", ""))
    found, error = AccountEventPage(), None
    try:
        found = await page.client.account_journal.page(
            account,
            everybody=not account,
            kinds=[cast("KindName", kind)] if kind else [],
            page_size=_ROWS,
            page_token=query.get("page", ""),
        )
    except XiezhiError as refused:
        error = refused
    wanted = {name: value for name, value in (("account", account), ("kind", kind)) if value}
    first = f"{HERE}?{urlencode(wanted)}"
    return page.render(
        "admin/account_log.html",
        status_of(error) if error else 200,
        tabs=tabs(page.roles, is_hub=page.is_hub),
        log=found,
        account=account,
        kind=kind,
        kinds=AccountEventKind,
        first=first if query.get("page") else "",
        next=f"{HERE}?{urlencode(wanted | {'page': found.next_page_token})}" if found.next_page_token else "",
        problem=Problem.of(error) if error else None,
    )


routes = [Route(HERE, show)]
