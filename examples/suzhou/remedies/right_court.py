"""The right court: sent to the court above and forwarded, sent to the wrong one and rerouted, returned wrongly."""

from acts import assign, confirm, deliver_search, report, search_under_way
from cast import (
    GUSU_DIRECTOR,
    JUDGE,
    MIDDLE_DISPATCHER,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
)
from courts import GUSU
from players import Players, eventually
from telling import say

from xiezhi_client.sdk.vocabulary import Appeal


async def play(players: Players) -> list[str]:
    """Three matters."""
    say("一、应由谁办", "")
    return [await _forwarded(players), await _rerouted(players), await _returned_wrongly(players)]


async def _forwarded(players: Players) -> str:
    """转办: the command centre of the court above hands on what was meant for a court below it."""
    matter = await deliver_search(players, MIDDLE_DISPATCHER)
    await players.client(SUPERVISOR).superior.forward(matter, GUSU, "被执行人住所在该院辖区")
    await _letter_made_anew(players, matter)
    await assign(players, matter)
    await report(players, matter)
    await confirm(players, matter)
    say("", "转办：误发中院的事项由中院转姑苏法院，园区法院补发新函，姑苏法院办结")
    return matter


async def _rerouted(players: Players) -> str:
    """改派: the receiver names the right court, the superior sends the matter there with its whole history."""
    matter = await deliver_search(players, MIDDLE_DISPATCHER)
    await players.client(MIDDLE_DISPATCHER).instructions.report_wrong_court(
        matter, GUSU, "房屋在姑苏区", MIDDLE_DISPATCHER.officer
    )
    await _awaits(players, matter, "WRONG_COURT")
    await players.client(SUPERVISOR).superior.reroute(matter, GUSU, "由财产所在地法院办理")
    await players.until(MIDDLE_DISPATCHER, matter, "REROUTED")
    await _letter_made_anew(players, matter)
    await assign(players, matter)
    await report(players, matter)
    await confirm(players, matter)
    say("", "改派：收到的法院指明应受托法院，中院改派，全部经过和文书随之移转，期限重新计算")
    return matter


async def _returned_wrongly(players: Players) -> str:
    """退回 with a talk and the director's hand; the sender objects; upheld, and the work goes on."""
    matter = await search_under_way(players)
    await players.client(SPECIALIST).instructions.propose_return(
        matter, "OUT_OF_SCOPE", "认为超出事项范围", SPECIALIST.officer
    )
    gusu = players.client(GUSU_DIRECTOR).instructions
    await gusu.log_contact(matter, JUDGE.officer, "已与陈法官电话沟通，未达成一致")
    await gusu.approve_return(matter, "情况属实，予以退回")
    await players.until(JUDGE, matter, "RETURNED", settled=True)
    await players.client(JUDGE).instructions.object_to_return(matter, "查找被执行人在事项范围之内")
    await _awaits(players, matter, "OBJECTION")
    superior = players.client(SUPERVISOR).superior
    await superior.rule_on_objection(matter, "退回理由不成立，请继续办理", upheld=True)
    await players.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)
    await report(players, matter)
    await confirm(players, matter)
    say("", "退回：沟通后经主任同意退回，委托法院异议成立，恢复办理并办结")
    return matter


async def _letter_made_anew(players: Players, matter: str) -> None:
    letter = await players.papers(SEALER, matter, "ENTRUSTMENT_LETTER")
    await players.client(SEALER).instructions.confirm_letter(matter, letter, "新函已重新制作")


async def _awaits(players: Players, matter: str, appeal: Appeal) -> None:
    async def look() -> bool:
        waiting = [each async for each in players.client(SUPERVISOR).superior.awaiting(appeal)]
        found = {each.instruction.instruction_id for each in waiting if each.instruction is not None}
        return matter in found

    await eventually(look, f"中院应看到待处理的 {appeal}")
