"""What orders of many kinds share: whom it goes to and is about, how urgent it is, and the words of properties."""

from typing import Final

from xiezhi_domain.terms import Mark, PropertyCategory
from xiezhi_workbench.starting.description import Input, Section, Setting
from xiezhi_workbench.starting.entries import SUBJECTS
from xiezhi_workbench.starting.shapes import Shape

URGENT: Final = "URGENT"
CATEGORIES: Final = [(each.value, each.zh) for each in PropertyCategory]
REQUEST_TEXT: Final = Input("request_text", "请求内容", shape=Shape.TEXT)
LINKED: Final = Input("linked_instruction_id", "", hidden=True)


def whom(word: str = "受托法院") -> Section:
    """Ask for the court, which is called *word*, and for the subjects."""
    receiver = Input("receiver", word, required=True, redraws=True)
    return Section("法院和对象", (receiver, Input(SUBJECTS, "事项对象", required=True)))


def time(setting: Setting) -> Section:
    """Ask how urgent it is, and until when; why it is urgent only where it is."""
    rules, urgent = setting.rules, setting.typed.get("urgency") == URGENT
    degrees = [("NORMAL", "普通"), (URGENT, Mark.URGENT.zh)]
    parts = [Input("urgency", "紧急程度", options=degrees, redraws=True)]
    if urgent:
        codes = setting.reasons("urgency")
        if codes:
            parts.append(Input("urgency_code", "紧急原因", required=True, options=codes))
        reason = not codes or setting.typed.get("urgency_code") == "OTHER"
        parts.append(Input("urgency_reason", "紧急事由", required=reason))
    if rules.min_limit_days < rules.max_limit_days:
        hint = f"不填按规则库，{rules.min_limit_days} 至 {rules.max_limit_days} 天"
        parts.append(Input("limit_days", "办理期限（天）", hint=hint))
    if urgent and rules.phone_first_acts:
        words = "、".join(act.zh for act in sorted(rules.phone_first_acts))
        parts.append(Input("phone_first", "电话先行，文书随后补齐", hint=f"仅限：{words}"))
    return Section("期限", parts)


def count(setting: Setting, name: str) -> int:
    """Give how many rows a list has."""
    return len({path.partition("]")[0] for path in setting.typed if path.startswith(f"{name}[")})
