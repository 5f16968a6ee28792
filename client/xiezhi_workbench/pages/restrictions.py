"""限制查阅: the matters at the hub that leaders alone read, by number; a leader restricts another one, or lifts it."""

from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from xiezhi_client.sdk import RestrictionOrder, XiezhiError
from xiezhi_domain.terms import Role
from xiezhi_workbench import administering
from xiezhi_workbench.page import Page, Problem, page, status_of

HERE: Final = f"{administering.HERE}/restrictions"


@page
async def show(page: Page) -> Response:
    """Show the last order about each matter."""
    return await _shown(page)


@page
async def order(page: Page) -> Response:
    """Restrict the reading of a matter, or lift the restriction."""
    restricted = page.text("measure") != "lift"
    wanted = RestrictionOrder(
        instruction_id=page.text("matter"),
        restricted=restricted,
        reason=page.text("reason"),
        legal_ground=page.text("ground"),
    )
    try:
        given = await page.client.restrictions.order(wanted, request_id=page.text("request_id"))
    except XiezhiError as error:
        return await _shown(page, error)
    done = "已限制查阅" if restricted else "已解除限制查阅"
    return page.see(HERE, f"{done}：{given.matter_number}")


async def _shown(page: Page, error: XiezhiError | None = None) -> Response:
    query = page.request.query_params
    lifted_too = query.get("lifted", "") == "1"
    found = await page.client.restrictions.page(lifted_too=lifted_too, page_token=query.get("page", ""))
    return page.render(
        "admin/restrictions.html",
        status_of(error) if error else 200,
        tabs=administering.tabs(page.roles, is_hub=page.is_hub),
        found=found,
        lifted_too=lifted_too,
        may_order=Role.COURT_LEADER in page.roles,
        typed={name: page.text(name) for name in ("matter", "reason", "ground", "measure")},
        problem=Problem.of(error) if error else None,
    )


routes = [Route(HERE, show), Route(HERE, order, methods=["POST"])]
