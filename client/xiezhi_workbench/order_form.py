"""Reading the form of a superior's order: its courts, cases, sums and lent people, each slip at its field."""

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

from starlette.datastructures import FormData

from xiezhi_client.sdk import CourtOrder, Document, Hearing, LentForce, Officer, OrderedCase
from xiezhi_client.typed.money import parse_yuan, yuan
from xiezhi_client.typed.unreadable import UnreadableError

CASE_ROWS: Final = 8
FORCE_ROWS: Final = 4
"""Rows that an empty form has; a draft written anew may have more."""
_HEARING: Final = ("held_on", "place", "summary")
_DAYS: Final = re.compile(r"[0-9]{1,4}")
_CELLS: Final = {"": "court", "claim_fen": "claim", "recovered_fen": "recovered", "officers": "people"}
"""Where the form shows what the server finds wrong at a field of a row that it calls otherwise."""
_SEPARATORS: Final = re.compile(r"[、，,;；\s]+")


@dataclass(slots=True)
class ReadOrder:
    """The order as typed; `wrong` by the name of the form's field, `rows` the form's row of each case and force."""

    order: CourtOrder
    wrong: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def shown_at(self, path: str) -> str:
        """Give the field of the form that the server's *path* means."""
        path = path.removeprefix("order.")
        match = re.match(r"(cases|forces)\[(\d+)\]\.?(.*)", path)
        if match is None or int(match[2]) >= len(self.rows.get(match[1], ())):
            return path
        cell = _CELLS.get(match[3], match[3])
        return f"{match[1]}.{self.rows[match[1]][int(match[2])]}.{cell}"


def read_order(sent: FormData, documents: tuple[Document, ...] = ()) -> ReadOrder:
    """Read the form with its *documents*; rows without anything typed are left out."""
    wrong: dict[str, str] = {}
    case_rows = _filled(sent, "cases", ("court", "case_number", "claim", "recovered"))
    force_rows = _filled(sent, "forces", ("court", "people", "vehicles", "from_on", "until_on"))
    days = _typed(sent, "limit_days")
    if days and not _DAYS.fullmatch(days):
        wrong["limit_days"] = "请填写天数，不超过四位整数"
    order = CourtOrder(
        kind=_typed(sent, "kind"),
        subject=_typed(sent, "subject"),
        about=_typed(sent, "about"),
        requirement=_typed(sent, "requirement"),
        ground=_typed(sent, "ground"),
        limit_days=int(days) if _DAYS.fullmatch(days) else 0,
        cases=tuple(_case(sent, row, wrong) for row in case_rows),
        new_court=_typed(sent, "new_court"),
        forces=tuple(_force(sent, row) for row in force_rows),
        other_courts=_chosen(sent, "other_courts"),
        hearing=_hearing(sent),
        request_ids=_words(_typed(sent, "request_ids")),
        handover_ids=_words(_typed(sent, "handover_ids")),
        documents=documents,
    )
    return ReadOrder(order, wrong, {"cases": case_rows, "forces": force_rows})


def typed_of(order: CourtOrder) -> dict[str, Any]:
    """Give an order as its form shows it, by the names of fields."""
    shown: dict[str, Any] = {
        "kind": order.kind,
        "subject": order.subject,
        "about": order.about,
        "requirement": order.requirement,
        "ground": order.ground,
        "limit_days": str(order.limit_days or ""),
        "new_court": order.new_court,
        "request_ids": "，".join(order.request_ids),
        "handover_ids": "，".join(order.handover_ids),
    }
    if order.hearing is not None:
        shown |= {f"hearing.{part}": getattr(order.hearing, part) for part in _HEARING}
    for row, case in enumerate(order.cases):
        sums = {"claim": case.claim_fen, "recovered": case.recovered_fen}
        shown |= {f"cases.{row}.court": case.court, f"cases.{row}.case_number": case.case_number}
        shown |= {f"cases.{row}.{name}": yuan(fen) if case.claim_fen else "" for name, fen in sums.items()}
    for row, force in enumerate(order.forces):
        shown |= {
            f"forces.{row}.court": force.court,
            f"forces.{row}.people": "、".join(each.name for each in force.officers),
            f"forces.{row}.vehicles": "、".join(force.vehicles),
            f"forces.{row}.from_on": force.from_on,
            f"forces.{row}.until_on": force.until_on,
        }
    return shown


def keep_officers(order: CourtOrder, before: CourtOrder) -> CourtOrder:
    """Give *order* with all that *before* says of the officers it names: the form asks for their names alone."""
    known = [(force.court, each) for force in before.forces for each in force.officers]

    def of(court: str, named: Officer) -> Officer:
        for at, (lender, officer) in enumerate(known):
            if (lender, officer.name) == (court, named.name):
                # Two of one name are two people.
                return known.pop(at)[1]
        return named

    forces = tuple(
        replace(force, officers=tuple(of(force.court, each) for each in force.officers))
        for force in order.forces
    )
    return replace(order, forces=forces)


def _case(sent: FormData, row: int, wrong: dict[str, str]) -> OrderedCase:
    at = f"cases.{row}"
    return OrderedCase(
        court=_typed(sent, f"{at}.court"),
        case_number=_typed(sent, f"{at}.case_number"),
        claim_fen=_fen(sent, f"{at}.claim", wrong),
        recovered_fen=_fen(sent, f"{at}.recovered", wrong),
    )


def _hearing(sent: FormData) -> Hearing | None:
    """Give how the parties were heard; None where nothing of it is typed."""
    said = {part: _typed(sent, f"hearing.{part}") for part in _HEARING}
    return Hearing(**said) if any(said.values()) else None


def _force(sent: FormData, row: int) -> LentForce:
    at = f"forces.{row}"
    return LentForce(
        court=_typed(sent, f"{at}.court"),
        officers=tuple(Officer(name=name) for name in _words(_typed(sent, f"{at}.people"))),
        vehicles=_words(_typed(sent, f"{at}.vehicles")),
        from_on=_typed(sent, f"{at}.from_on"),
        until_on=_typed(sent, f"{at}.until_on"),
    )


def _fen(sent: FormData, name: str, wrong: dict[str, str]) -> int:
    text = _typed(sent, name)
    try:
        return parse_yuan(text) if text else 0
    except UnreadableError as error:
        wrong[name] = str(error)
        return 0


def _filled(sent: FormData, name: str, parts: tuple[str, ...]) -> list[int]:
    """Give the rows in which something is typed, of however many the form had."""
    found = {int(match[1]) for key in sent if (match := re.fullmatch(rf"{name}\.([0-9]{{1,3}})\.\w+", key))}
    return [row for row in sorted(found) if any(_typed(sent, f"{name}.{row}.{part}") for part in parts)]


def _chosen(sent: FormData, name: str) -> tuple[str, ...]:
    return tuple(value for value in sent.getlist(name) if isinstance(value, str) and value)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in _SEPARATORS.split(text) if word)


def _typed(sent: FormData, name: str) -> str:
    value = sent.get(name, "")
    return value.strip() if isinstance(value, str) else ""
