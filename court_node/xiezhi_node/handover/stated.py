"""Seizures that people state: checked field by field, numbered, and as facts."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from xiezhi.v1 import handover_pb2
from xiezhi_desk.terms import SEIZURE_PURPOSES
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.events.canonical_json import JsonValue
from xiezhi_domain.handover.register import Register
from xiezhi_domain.handover.seizures import MOST_SEIZURES, StatedSeizure, is_day
from xiezhi_domain.terms import SeizurePurpose
from xiezhi_node.fields import Fields

_NOTHING: Final = Register()


def check_seizures(
    fields: Fields,
    path: str,
    seizures: Sequence[handover_pb2.HandoverSeizure],
    today: date,
    register: Register = _NOTHING,
) -> None:
    """Note what is wrong with *seizures* and number those that have none.

    One that *register* has already, of the same court and day, keeps its number there.
    """
    if len(seizures) > MOST_SEIZURES:
        fields.add(path, f"一次最多登记 {MOST_SEIZURES} 项查封")
    known = {(each.stated.court, each.stated.seized_on): each.number for each in register.seizures}
    taken = {each.number for each in seizures} | set(known.values())
    seen: set[int] = set()
    for at, seizure in enumerate(seizures):
        if not seizure.number:
            same = known.get((seizure.court.strip(), seizure.seized_on))
            seizure.number = same or max(taken, default=0) + 1
            taken.add(seizure.number)
        if seizure.number < 1 or seizure.number in seen:
            fields.add(f"{path}[{at}].number", "查封序号应为从 1 开始的整数，且不能重复")
        seen.add(seizure.number)
        _check(fields, f"{path}[{at}]", seizure, today)


def _check(fields: Fields, path: str, seizure: handover_pb2.HandoverSeizure, today: date) -> None:
    with fields.collecting():
        seizure.court = parse_court_code(seizure.court, f"{path}.court")
    with fields.collecting():
        SEIZURE_PURPOSES.from_proto(seizure.purpose, f"{path}.purpose")
    fields.limit_text(f"{path}.case_number", seizure.case_number)
    if not is_day(seizure.seized_on):
        fields.add(f"{path}.seized_on", "请填写查封日期，例如 2026-11-22")
    elif seizure.seized_on > str(today):
        fields.add(f"{path}.seized_on", "查封日期不能晚于今天")
    if not seizure.expires_on:
        return
    if not is_day(seizure.expires_on):
        fields.add(f"{path}.expires_on", "日期格式应为 2026-11-22")
    elif seizure.expires_on < seizure.seized_on:
        fields.add(f"{path}.expires_on", "到期日不能早于查封日期")


def rows_of(seizures: Sequence[handover_pb2.HandoverSeizure]) -> JsonValue:
    """Return checked seizures as the fact of an event."""
    return [
        StatedSeizure(
            each.number,
            each.court,
            _purpose(each),
            each.seized_on,
            each.expires_on,
        ).encode()
        for each in seizures
    ]


def _purpose(seizure: handover_pb2.HandoverSeizure) -> SeizurePurpose:
    return SEIZURE_PURPOSES.from_proto(seizure.purpose, "purpose")
