"""补救: what courts do when a matter goes wrong, in four acts; each act has matters of its own."""

from cast import (
    CHIEF,
    DIRECTOR,
    DISPATCHER,
    GUSU_DIRECTOR,
    JUDGE,
    MIDDLE_DISPATCHER,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
)
from players import Players
from remedies import papers_and_pauses, pressure, right_court, urgency
from telling import say, tell_timeline

ACTS = (right_court, papers_and_pauses, pressure, urgency)

CAST = (JUDGE, CHIEF, SEALER, DIRECTOR, DISPATCHER, SPECIALIST, GUSU_DIRECTOR, MIDDLE_DISPATCHER, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story; then every matter is checked at its courts and at the hub."""
    matters = [matter for act in ACTS for matter in await act.play(players)]
    say("五、办理轨迹与核验", "")
    tell_timeline(await players.client(JUDGE).instructions.timeline(matters[0]))
    count = 0
    for matter in matters:
        count += await players.check_copies(matter)
        await players.check_receipts(await players.client(JUDGE).instructions.timeline(matter))
    say("", f"{len(matters)} 件事项，三方所存 {count} 项记录逐字节一致，存证回执离线核验通过")
