"""Papers asked for once; a pause; a result rejected item by item and redone; an evaluation; a withdrawal."""

from datetime import timedelta

from acts import FOUND, confirm, deliver_search, report, search_under_way
from cast import DISPATCHER, JUDGE, SPECIALIST
from players import Players, refused, require
from telling import say

from xiezhi_client.sdk import AskedPaper, ItemOutcome, ItemRejection


async def play(players: Players) -> list[str]:
    """Two matters."""
    say("二、文书、暂停、重办", "")
    matter = await search_under_way(players)
    await _papers_are_asked_for_once(players, matter)
    await _the_work_is_paused(players, matter)
    await _one_item_is_redone(players, matter)
    return [matter, await _withdrawn(players)]


async def _papers_are_asked_for_once(players: Players, matter: str) -> None:
    gusu, judge = players.client(SPECIALIST).instructions, players.client(JUDGE).instructions
    asked = (AskedPaper(paper_type="RULING", note="缺少裁定书"),)
    await gusu.ask_for_material(matter, asked, contact=SPECIALIST.officer)
    await players.until(JUDGE, matter, "AWAITING_SUPPLEMENT", settled=True)
    more = (AskedPaper(paper_type="WORK_CARD"),)
    told = await refused(gusu.ask_for_material(matter, more, contact=SPECIALIST.officer))
    say("", f"补充材料：一次性告知缺裁定书；再提一次被拒：{told}")
    await judge.supply_material(matter, await players.papers(JUDGE, matter, "RULING"), "裁定书已补齐")
    await players.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)


async def _the_work_is_paused(players: Players, matter: str) -> None:
    """The end of the period moves by the pause; nothing is reported meanwhile."""
    gusu, judge = players.client(SPECIALIST).instructions, players.client(JUDGE).instructions
    before = (await players.until(SPECIALIST, matter, "IN_PROGRESS")).due_at
    until = str(players.today() + timedelta(days=2))
    await judge.suspend(matter, "DEFERRED", "暂缓执行两日", until_on=until)
    await players.until(SPECIALIST, matter, "SUSPENDED", settled=True)
    told = await refused(players.client(SPECIALIST).instructions.complete(matter, "已办", FOUND))
    await players.pass_time(timedelta(days=2))
    await judge.resume(matter, "暂缓期限届满")
    after = (await players.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)).due_at
    require(before is not None and after is not None and after - before >= timedelta(days=2), (before, after))
    await gusu.report_progress(matter, "继续查找被执行人下落")
    say("", f"暂停、恢复：暂停中反馈被拒（{told}）；恢复后办理期限顺延两日")


async def _one_item_is_redone(players: Players, matter: str) -> None:
    """Item 1 is accepted, item 2 is not: only that is done again; then confirmed and judged."""
    judge = players.client(JUDGE).instructions
    await report(players, matter)
    rejection = ItemRejection(number=2, reason="NOT_AS_ORDERED", note="请在晚间再去一次")
    await judge.reject_result(matter, (rejection,), "办理项 2 请重办")
    await players.until(SPECIALIST, matter, "REWORK", settled=True)
    kept = [(each.number, each.outcome) for each in (await judge.get(matter)).outcomes]
    require(kept == [(1, "DONE")], kept)
    redone = ItemOutcome(number=2, outcome="DONE", note="晚间到场，房屋由被执行人居住")
    await players.client(SPECIALIST).instructions.complete(matter, "办理项 2 已重办", (redone,))
    await players.until(JUDGE, matter, "REPORTED", settled=True)
    await confirm(players, matter)
    await judge.evaluate(matter, "GOOD", "重办及时")
    say("", "逐项退回：办理项 1 认可，办理项 2 退回重办并办成；确认办结，评价“满意”")


async def _withdrawn(players: Players) -> str:
    matter = await deliver_search(players)
    await players.client(JUDGE).instructions.withdraw(matter, "被执行人已主动到庭")
    for player in (JUDGE, DISPATCHER):
        await players.until(player, matter, "WITHDRAWN", settled=True)
    say("", "撤回：签收之前撤回一件，姑苏法院同时看到")
    return matter
