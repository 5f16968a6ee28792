"""Pressure between equals: 催办, a complaint with explanation and ruling, 催确认, 代为确认."""

from datetime import datetime, timedelta

from acts import report, search_under_way
from cast import DIRECTOR, DISPATCHER, GUSU_DIRECTOR, JUDGE, SPECIALIST, SUPERVISOR
from players import Players, refused, require
from telling import say

from xiezhi_domain.terms import EventKind


async def play(players: Players) -> list[str]:
    """One matter that comes late."""
    say("三、催办、投诉、代为确认", "")
    matter = await search_under_way(players)
    await _nudged(players, matter)
    await _complained_of(players, matter)
    await _confirmed_by_the_director(players, matter)
    return [matter]


async def _nudged(players: Players, matter: str) -> None:
    judge = players.client(JUDGE).instructions
    early = await refused(judge.nudge(matter, "请尽快办理"))
    await _pass_most_of_the_period(players, matter)
    await judge.nudge(matter, "期限已过半，请尽快办理")
    await players.until_step(DISPATCHER, matter, "Nudged")
    await players.client(SPECIALIST).instructions.answer_nudge(matter, "本周上门")
    say("", f"催办：过早催办被拒（{early}）；期限过半后催办，姑苏法院答复“本周上门”")


async def _complained_of(players: Players, matter: str) -> None:
    judge, superior = players.client(JUDGE).instructions, players.client(SUPERVISOR).superior
    await players.pass_until((await players.until(JUDGE, matter, "IN_PROGRESS")).due_at)
    await judge.complain(matter, "LATE", "办理期限已过，没有任何结果")
    await players.until_step(DISPATCHER, matter, "Complained")
    await players.client(GUSU_DIRECTOR).instructions.explain_complaint(matter, "承办人外出，已改日上门")
    await players.until_step(JUDGE, matter, "ComplaintExplained")
    await superior.rule_on_complaint(matter, "UPHELD", "投诉成立，限期办理")
    await players.until_step(DISPATCHER, matter, "ComplaintRuled")
    say("", "投诉：超期后投诉，姑苏法院说明，中院裁定“成立”")


async def _confirmed_by_the_director(players: Players, matter: str) -> None:
    await report(players, matter)
    gusu = players.client(DISPATCHER).instructions
    early = await refused(gusu.nudge_confirmation(matter))
    await players.pass_until(await _due(players, matter, "confirm"))
    await gusu.nudge_confirmation(matter, "请确认办结")
    await players.until(DIRECTOR, matter, "REPORTED", settled=True)
    await players.client(DIRECTOR).instructions.confirm_for(matter, "MOVED", "承办法官已调离，代为确认")
    for player in (JUDGE, DISPATCHER):
        await players.until(player, matter, "CONFIRMED", settled=True)
    say("", f"催确认：期限内不能催（{early}）；逾期催确认后，{DIRECTOR.name} {EventKind.CONFIRMED_FOR.zh}")


async def _pass_most_of_the_period(players: Players, matter: str) -> None:
    due = (await players.until(JUDGE, matter, "IN_PROGRESS")).due_at
    require(due is not None, matter)
    assert due is not None, "just required"
    await players.pass_until(due - timedelta(days=1))


async def _due(players: Players, matter: str, clock: str) -> datetime | None:
    found = (await players.client(SUPERVISOR).deadlines.of_matter(matter)).deadlines
    return next(each.due_at for each in found if each.clock == clock)
