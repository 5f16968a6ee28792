"""The workbook of cases: its sheets and their columns, as `xiezhi-cases template` writes them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, the hint below it in the template, and whether every row needs it."""

    title: str
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet and its columns in the template's order; in a workbook they are found by their titles."""

    title: str
    columns: tuple[Column, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of all columns."""
        return tuple(column.title for column in self.columns)


NUMBER: Final = Column("案号", "（2022）苏0591执1234号", required=True)

CASES: Final = SheetLayout(
    "案件",
    (
        NUMBER,
        Column("案由"),
        Column("案件阶段"),
        Column("执行依据文号", "生效法律文书文号"),
        Column("申请标的（元）"),
        Column("已到位（元）"),
        Column("尚欠（元）", "不填则为申请标的减已到位"),
        Column("承办人", required=True),
        Column("承办人电话"),
        Column("承办人手机"),
        Column("承办人工作证号", "本院有同名法官的须填写"),
        Column("书记员"),
        Column("书记员电话"),
        Column("书记员工作证号", "本院有同名人员的须填写"),
        Column("指挥中心电话"),
        Column("关联案号", "多个以顿号分隔"),
        Column("在控措施", "多项各占一行"),
    ),
)
PARTIES: Final = SheetLayout(
    "当事人",
    (
        NUMBER,
        Column("诉讼地位", "被执行人、申请执行人等", required=True),
        Column("类型", "自然人、单位", required=True),
        Column("名称", required=True),
        Column("证件种类", "居民身份证、护照、居住证、其他证件；单位不填"),
        Column("证件号码", "单位填统一社会信用代码"),
        Column("电话", "多个以顿号分隔"),
        Column("户籍地或住所地"),
        Column("经常居住地"),
        Column("工作单位"),
        Column("法定代表人或负责人", "单位填写"),
        Column("列为对象的依据", "不是被执行人、被保全人的填写"),
    ),
)
DOSSIER: Final = SheetLayout(
    "卷宗",
    (
        NUMBER,
        Column("文件", "相对于本工作簿的位置，如 卷宗/裁定书.pdf", required=True),
        Column("文书类型", "裁定书、委托函等；不填按文件名"),
        Column("目录"),
        Column("日期", "2026-11-22"),
    ),
)
CHANGES: Final = SheetLayout(
    "状态变更",
    (
        NUMBER,
        Column("变更", "执行完毕、终本、销案等", required=True),
        Column("日期", "2026-11-22", required=True),
        Column("变更后法院", "法院代字"),
        Column("变更说明"),
    ),
)
SHEETS: Final = (CASES, PARTIES, DOSSIER, CHANGES)
OPTIONAL_SHEETS: Final = frozenset({DOSSIER.title, CHANGES.title})
