"""A form as it is shown: the description filled with what was typed; and what it still lacks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xiezhi_domain.rulebook import KindRules
from xiezhi_domain.terms import Act
from xiezhi_workbench.starting.description import Input, Options, Rows, Setting, Start
from xiezhi_workbench.starting.entries import SUBJECTS, AnyRecord, Typed, rows_of
from xiezhi_workbench.starting.shapes import Shape, shape_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One field: its name in the form, what it holds, and how it is entered."""

    name: str
    about: Input
    value: str
    shape: Shape
    options: Options | None
    begins: bool = False
    """Whether the reader is to go on here: the first field of a row just added."""


@dataclass(frozen=True, slots=True)
class ShownRows:
    """A list with its rows."""

    about: Rows
    rows: Sequence[Sequence[Shown]]

    @property
    def may_grow(self) -> bool:
        """Whether a row can be added."""
        return not self.about.fixed and len(self.rows) < self.about.most


@dataclass(frozen=True, slots=True)
class ShownSection:
    """Fields and lists under one heading."""

    title: str
    parts: Sequence[Shown | ShownRows]
    more: Sequence[Shown]

    @property
    def is_open(self) -> bool:
        """Whether what is seldom filled in holds something."""
        return any(each.value for each in self.more)


class Lack(NamedTuple):
    """Something that has to be filled in: the field, and what to do."""

    name: str
    message: str


class AskedPaper(NamedTuple):
    """A paper, or some of which any one will do, that a rule asks for: in words, why, whether it is there."""

    words: str
    reason: str
    there: bool
    local: bool
    optional: bool


def sections(start: Start, setting: Setting, added: str = "") -> list[ShownSection]:
    """Give the form; *added* is the list to which a row was just added."""
    return [
        ShownSection(
            section.title,
            [_part(start.record, setting, part, added) for part in section.parts],
            [_field(start.record, each, "", setting.typed) for each in section.more],
        )
        for section in start.sections(setting)
    ]


def fields(shown: Sequence[ShownSection]) -> Iterator[Shown]:
    """Give every field of a form."""
    for section in shown:
        for part in section.parts:
            if isinstance(part, Shown):
                yield part
            else:
                yield from (each for row in part.rows for each in row)
        yield from section.more


def lacks(shown: Sequence[ShownSection], subjects: Collection[int]) -> Iterator[Lack]:
    """Give what has to be filled in before the form is handed in, as far as description and rulebook say it."""
    for section in shown:
        for part in section.parts:
            if isinstance(part, Shown):
                filled = subjects if part.name == SUBJECTS else part.value
                if part.about.required and not filled:
                    yield Lack(part.name, _asks(part))
            else:
                yield from _lacks_of(part)


def papers_asked(rules: KindRules, acts: Collection[str], present: Collection[str]) -> list[AskedPaper]:
    """Give what the rules on papers ask for *acts*, the receiving court's own included."""
    return [
        AskedPaper(
            words="或".join(paper.zh for paper in papers),
            reason=rule.reason,
            there=any(paper in present for paper in papers),
            local=rule.local,
            optional=rule.optional,
        )
        for rule in rules.papers
        if not rule.acts or any(act in rule.acts for act in acts)
        for papers in ([rule.papers] if rule.one_of else [(paper,) for paper in rule.papers])
    ]


def acts_of(typed: Mapping[str, str]) -> frozenset[str]:
    """Give the acts that are chosen."""
    return frozenset(row["act"] for row in rows_of(typed, "items") if row.get("act") in set(Act))


def _part(record: AnyRecord, setting: Setting, part: Input | Rows, added: str) -> Shown | ShownRows:
    if isinstance(part, Input):
        return _field(record, part, "", setting.typed)
    rows = _rows(setting, part, added)
    last = len(rows) - 1
    return ShownRows(
        part,
        [
            [
                _field(record, each, f"{part.path}[{at}].", row, begins=part.path == added and at == last)
                for each in part.inputs(setting, row)
            ]
            for at, row in enumerate(rows)
        ],
    )


def _rows(setting: Setting, part: Rows, added: str) -> list[Typed]:
    """Give the rows to show: what was typed, one more where it was asked for, at least one of what is needed."""
    said = rows_of(setting.typed, part.path)
    if part.fixed:
        days = {row.get("code", ""): row for row in said}
        return [{**row, **days.get(row["code"], {})} for row in part.first]
    if not said and not setting.typed:
        said = list(part.first)
    if part.path == added or (part.required and not said):
        said = [*said, {}]
    return said


def _field(
    record: AnyRecord, about: Input, prefix: str, typed: Mapping[str, str], *, begins: bool = False
) -> Shown:
    pattern = f"{prefix.partition('[')[0]}[]." if prefix else ""
    shape = Shape.CHOICE if about.options is not None else about.shape
    shape = shape or shape_of(record, pattern + about.path) or Shape.LINE
    first = begins and about.path in ("act", "category", "property.category", "court")
    return Shown(prefix + about.path, about, typed.get(about.path, ""), shape, about.options, first)


def _lacks_of(part: ShownRows) -> Iterator[Lack]:
    if part.about.required and not part.rows:
        yield Lack(part.about.path, f"请至少填写一项{part.about.word}")
    for number, row in enumerate(part.rows, 1):
        said = {each.about.path for each in row if each.value}
        for each in row:
            needed = each.about.required or (each.about.either and not said & set(each.about.either))
            if needed and not each.value:
                yield Lack(each.name, f"{part.about.word} {number}：{_asks(each)}")


def _asks(field: Shown) -> str:
    if field.shape is Shape.FLAG:
        return f"请确认“{field.about.label}”"
    verb = "请选择" if field.shape in (Shape.CHOICE, Shape.COURT) else "请填写"
    return f"{verb}{field.about.label.partition('（')[0]}"
