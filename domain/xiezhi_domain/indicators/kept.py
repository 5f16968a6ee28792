"""A record as text, in which it is kept between questions. It is no evidence and may be made again at any time."""

import json
from dataclasses import fields
from typing import Any, Final

from xiezhi_domain.indicators.record import Judgement, MatterRecord, Pause, Return, Work
from xiezhi_domain.terms import Channel, TimeVerdict

FORM: Final = 1
"""Raised when the same events make another record, or a record is spelled otherwise: what was kept before is void."""


def encode_record(record: MatterRecord) -> str:
    """Return *record* as JSON, without what it lacks."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    told: dict[str, Any] = {name: value for name, value in values.items() if not _is_lacking(value)}
    told["work"] = record.work.name
    for name in ("pauses", "judgements", "overturned"):
        if name in told:
            told[name] = [_listed(each) for each in told[name]]
    if record.returned is not None:
        told["returned"] = _listed(record.returned)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def decode_record(text: str) -> MatterRecord:
    """Return the record that `encode_record` spelled as *text*."""
    told = json.loads(text)
    told["work"] = Work[told["work"]]
    told["channel"] = Channel(told["channel"])
    if "verdict" in told:
        told["verdict"] = TimeVerdict(told["verdict"])
    if "returned" in told:
        told["returned"] = Return(*told["returned"])
    for name, made in (("pauses", Pause), ("judgements", Judgement), ("overturned", Return)):
        if name in told:
            told[name] = tuple(made(*each) for each in told[name])
    if "outcomes" in told:
        told["outcomes"] = {int(number): outcome for number, outcome in told["outcomes"].items()}
    return MatterRecord(**told)


def _is_lacking(value: object) -> bool:
    return value is None or value is False or value in ((), {})


def _listed(part: Pause | Judgement | Return) -> list[object]:
    return [getattr(part, field.name) for field in fields(part)]
