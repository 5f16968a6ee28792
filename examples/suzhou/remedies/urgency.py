"""An urgent search by telephone: whom to call says the roster, papers follow, and it stays urgent."""

from datetime import timedelta

from acts import assign, confirm, draft_search, report, send
from cast import CHIEF, DISPATCHER, JUDGE
from courts import GUSU
from players import Players, eventually, require
from telling import say

from xiezhi_client.sdk import Duty, Officer, RosterEntry


async def play(players: Players) -> list[str]:
    """One matter."""
    duty = await _who_is_on_duty(players)
    matter = await draft_search(
        players,
        (),
        urgency="URGENT",
        urgency_code="SUBJECT_SEEN",
        phone_first=True,
        limit_days=0,
    )
    await send(players, matter, CHIEF)
    judge, gusu = players.client(JUDGE).instructions, players.client(DISPATCHER).instructions
    now = players.now()
    called = Officer(name=duty.name, phone=duty.phone)
    await judge.log_call(matter, called, "请今晚前往，文书随后补齐", now, now + timedelta(hours=3))
    await assign(players, matter)
    say("四、紧急", f"电话先行：按值班表致电 {duty.name}（{duty.phone}），登记承诺；姑苏法院先行办理")
    await gusu.ask_for_ordinary(matter, "线索并不紧迫")
    await players.until_step(JUDGE, matter, "UrgencyQuestioned")
    await judge.rule_on_urgency(matter, ordinary=False, text="被执行人明早离开")
    letter = await players.papers(JUDGE, matter, "ENTRUSTMENT_LETTER")
    await judge.supply_material(matter, letter, "委托函已补齐")
    kinds = [each.kind for each in await judge.timeline(matter)]
    require("UrgentPapersSupplied" in kinds, kinds)
    await report(players, matter)
    await confirm(players, matter)
    say("", "申请转普通未获同意；二十四小时内补齐文书；当晚办结")
    return [matter]


async def _who_is_on_duty(players: Players) -> Duty:
    """Gusu enters its roster; the other court sees it."""
    today = players.today()
    entries = [
        RosterEntry(
            row=number, day=str(today + timedelta(days=number)), name="值班员甲", phone="0512-00000019"
        )
        for number in range(3)
    ]
    done = await players.client(DISPATCHER).rosters.import_entries(entries)
    require(not done.problems, done)

    async def look() -> Duty | None:
        duties = (await players.client(JUDGE).rosters.on_duty(GUSU)).duties
        return next((duty for duty in duties if duty.court == GUSU), None)

    return await eventually(look, "园区法院应看到姑苏法院的值班表")
