"""Which columns the sheets of this court have: its own file, else all that the platform knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xiezhi_domain.plain_values import read_toml
from xiezhi_node.sheets.columns import FIELDS, Field
from xiezhi_node.sheets.rows import SheetRow
from xiezhi_papers.sheets import Column
from xiezhi_wire.startup import StartupError

_HANDOUT: Final = (
    *(Field.SERIAL, Field.NUMBER, Field.KIND, Field.OTHER_COURT, Field.CASE_NUMBER, Field.SUBJECTS),
    *(Field.ITEMS, Field.URGENT, Field.DUE_AT, Field.STATE, Field.REMARK),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The title of a sheet (empty: the platform's own) and its columns with their headings."""

    title: str
    fields: tuple[tuple[Field, str], ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as they are printed."""
        return tuple(Column(heading, FIELDS[field].width) for field, heading in self.fields)

    def lines(self, rows: Sequence[SheetRow], first: int = 1) -> tuple[tuple[str, ...], ...]:
        """Return the texts of *rows*, numbered from *first* on."""
        return tuple(
            tuple(FIELDS[field].text(row, serial) for field, _ in self.fields)
            for serial, row in enumerate(rows, first)
        )


@dataclass(frozen=True, slots=True)
class Layouts:
    """The layouts of both sheets."""

    ledger: Layout
    handout: Layout


def load_layouts(file: Path | None) -> Layouts:
    """Return the layouts of *file* (TOML); without one, and for a sheet that it leaves out, those of the platform.

        [ledger]
        title = "委托事项台账"
        columns = [{field = "SERIAL"}, {field = "CASE_NUMBER", heading = "案号"}]

    :raises StartupError: it cannot be read, or names what there is not.
    """
    own: Mapping[str, Any] = {}
    if file is not None:
        try:
            own = read_toml(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StartupError(f"表格栏目文件 {file} 无法读取：{error}") from error
    if unknown := own.keys() - {"ledger", "handout"}:
        raise StartupError(f"表格栏目文件含有未知的表格 {'、'.join(sorted(unknown))}")
    return Layouts(_layout(own.get("ledger", {}), tuple(Field)), _layout(own.get("handout", {}), _HANDOUT))


def _layout(own: Mapping[str, Any], usual: Sequence[Field]) -> Layout:
    columns = own.get("columns", [{"field": field} for field in usual])
    try:
        fields = tuple(
            (field := Field(column["field"]), str(column.get("heading", FIELDS[field].heading)))
            for column in columns
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StartupError(f"表格栏目文件有误：{error}；可用的栏目有 {'、'.join(Field)}") from error
    if not fields or own.keys() - {"title", "columns"}:
        raise StartupError("表格栏目文件有误：每张表只写 title 和 columns，且至少一栏")
    return Layout(str(own.get("title", "")), fields)
