"""The columns of the spreadsheet for 查人找物."""

from typing import Final

from xiezhi_client.sheets.columns import Column
from xiezhi_domain.casenumber import EXAMPLE
from xiezhi_domain.terms import Act, PaperType

COLUMNS: Final = (
    Column("case_number", "案号", "case_number", True, EXAMPLE),
    Column("receiver", "受托法院", "receiver", True, "法院代字，如 苏0508"),
    Column("subjects", "对象序号", "subject_numbers", True, "案件中的对象序号，多个用顿号分开，如 1、2"),
    Column(
        "acts", "办理行为", "items", True, f"多个用顿号分开，如 {Act.LOCATE_PERSON.zh}、{Act.SITE_CHECK.zh}"
    ),
    Column("scope", "办理要求", "items.scope", True, "要求的准确范围"),
    Column("clue", "办理线索", "items.clue", False, "使对方能够办理的线索"),
    Column("request", "请求内容", "request_text", True, "写给对方法院的话"),
    Column("days", "期限天数", "limit_days", False, "不填按规则库"),
    Column(
        "urgent",
        "紧急理由",
        "urgency_reason",
        False,
        "需 24 小时办理的填写，如 发现被执行人下落",
    ),
    Column("why_not_query", "网络查控为何不足", "why_not_query", False, ""),
    Column(
        "papers",
        "文书",
        "documents",
        False,
        f"类型=文件，多个用分号分开，如 {PaperType.ENTRUSTMENT_LETTER.zh}=函1.pdf；文件放在表格旁边",
    ),
)
