"""A letter's record from what is known and what was entered."""

from collections.abc import Mapping

from xiezhi_node.fields import LONGEST_TEXT, Fields
from xiezhi_node.papers.matter_facts import Facts
from xiezhi_papers.letters.fields import LetterField, fields_of
from xiezhi_papers.letters.records import Letter

ROOT = "letter.entries"


def fill(record: type[Letter], facts: Facts, entries: Mapping[str, str]) -> Letter:
    """Return the letter. What was entered stands in the place of what is known.

    :raises InvalidInput: with every entry that is unknown, too long or missing.
    """
    known = {field.name: field for field in fields_of(record)}
    checking = Fields()
    for name in sorted(entries.keys() - {field.name for field in known.values() if field.entered}):
        open_to = "、".join(f"{field.name}（{field.label}）" for field in known.values() if field.entered)
        checking.add(f"{ROOT}.{name}", f"此文书没有可填写的字段 {name}；可填写：{open_to}")
    for name, text in sorted(entries.items()):
        checking.limit_text(f"{ROOT}.{name}", text, LONGEST_TEXT)
    for field in known.values():
        if field.required and not entries.get(field.name, "").strip():
            checking.add(f"{ROOT}.{field.name}", f"请填写{field.label}")
    checking.require_none()
    values = {name: facts[name] for name in known if name in facts}
    entered = {name: _value(known[name], text) for name, text in entries.items() if text.strip()}
    made: Letter = record(**{**values, **entered})  # type: ignore[arg-type]  # texts and rows, by the record's own fields
    return made


def _value(field: LetterField, text: str) -> str | tuple[str, ...]:
    if field.rows:
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    return text.strip()
