"""The register of a property in a handover, its money and the proof of arrival, on the screen."""

from xiezhi_client.cli.run import Run
from xiezhi_client.sdk import HandoverProceeds, HandoverRecord, HandoverSeizure, RegisteredSeizure
from xiezhi_client.typed.money import yuan
from xiezhi_client.typed.ranks import rank_word
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import SeizurePurpose


def show_record(run: Run, record: HandoverRecord) -> None:
    """Show the register of a property, its money and the proof of arrival."""
    arrival, proceeds = record.arrival, record.proceeds or HandoverProceeds()
    rows = [_seizure_row(each) for each in record.register]
    columns = ("序号", "顺位", "法院", "性质", "查封日", "到期日", "解封日", "案号")
    run.screen.table("查封登记簿", columns, rows)
    if arrival is not None and arrival.event_id:
        run.screen.pairs(
            "到达证明",
            {"事件": arrival.event_id, "日志序号": arrival.log_index, "答复期限": arrival.answer_until},
        )
    if proceeds.disposed_fen:
        shares = [(f"{each.claimant} 第{each.number}项", each.amount_fen) for each in proceeds.shares]
        sums = [
            ("处置价款", proceeds.disposed_fen),
            ("执行费用", proceeds.costs_fen),
            *shares,
            ("预留份额", proceeds.reserved_fen),
            ("余款", proceeds.remainder_fen),
            ("预留中尚未处理", proceeds.held_fen),
        ]
        run.screen.table("款项", ("项目", "金额（元）"), [(name, yuan(fen)) for name, fen in sums])


def _seizure_row(each: RegisteredSeizure) -> tuple[str, ...]:
    seizure = each.seizure or HandoverSeizure()
    purpose = word(SeizurePurpose, seizure.purpose)
    ends = each.expires_on or "未定"
    return (
        str(seizure.number),
        rank_word(each.rank),
        seizure.court,
        purpose,
        seizure.seized_on,
        ends,
        each.lifted_on,
        seizure.case_number,
    )
