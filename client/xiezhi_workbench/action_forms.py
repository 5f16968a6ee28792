"""Which fields each action asks for: the one table that forms, their reading and their sending are made from."""

from typing import Final

from xiezhi_domain.terms import Action, CaseChoice, CaseStatusChange
from xiezhi_workbench.form_fields import ActionForm, Field, Shape, by_action


def _text(name: str = "text", label: str = "文字说明", *, required: bool = False, hint: str = "") -> Field:
    return Field(name, label, Shape.TEXT, required, hint)


def _code(table: str, name: str = "reason", label: str = "原因") -> Field:
    return Field(name, label, Shape.CODE, required=True, reasons=table)


def _papers(label: str = "附上文书", *, required: bool = False) -> Field:
    return Field("documents", label, Shape.DOCUMENTS, required, "PDF、OFD 或图片")


_WHY: Final = _text(label="理由", required=True)
_ITEMS: Final = Field("outcomes", "办理项结果", Shape.OUTCOMES)

_ALL: Final = (
    # Before anything leaves the court.
    ActionForm(Action.SUBMIT, "submit", effect="草稿交审批人审批；所需文书不齐的不能提交。"),
    ActionForm(Action.APPROVE, "approve", (_text("opinion", "审批意见"),)),
    ActionForm(Action.REJECT_APPROVAL, "reject_approval", (_text("opinion", "不同意的理由", required=True),)),
    ActionForm(
        Action.RECORD_CONSENT,
        "record_consent",
        (
            Field("approver_account_id", "口头同意的审批人", Shape.PERSON, required=True),
            Field("manner", "同意的方式", Shape.LINE, required=True, hint="例如电话"),
            Field("consented_at", "同意的时间", Shape.MOMENT, hint="不填为现在"),
            _text("opinion", "审批意见"),
        ),
        "仅限紧急事项；审批人须补办书面同意。",
    ),
    ActionForm(Action.WRITE_CONSENT, "write_consent", (_text("opinion", "审批意见", required=True),)),
    ActionForm(
        Action.AFFIX_SEAL, "affix_seal", effect="核对文书、加盖电子印章后推送给对方法院。", grave=True
    ),
    ActionForm(
        Action.DISCARD,
        "discard",
        (_text("reason", "废弃的理由"),),
        "废弃后不再列出，不能恢复，也不能再修改或者提交；编号不再使用，已上传的文书满七天后删除。",
        grave=True,
    ),
    ActionForm(
        Action.WITHDRAW,
        "withdraw",
        (_text("reason", "撤回的理由", required=True),),
        "对方法院签收前可以撤回，撤回后事项即告结束。",
        grave=True,
    ),
    # To the right desk.
    ActionForm(Action.SIGN, "sign", effect="签收后由本院指挥中心分派承办人。"),
    *(
        ActionForm(
            action,
            "assign",
            (
                Field("assignee_account_id", "承办人", Shape.PERSON, required=True),
                Field("note", "给承办人的话", Shape.LINE),
            ),
        )
        for action in (Action.ASSIGN, Action.SIGN_AND_ASSIGN, Action.REASSIGN)
    ),
    ActionForm(Action.HAND_BACK, "hand_back", (_text("reason", "退回分派的理由", required=True),)),
    ActionForm(
        Action.CHANGE_OFFICER,
        "change_officer",
        (
            Field("successor_account_id", "接手的承办人", Shape.PERSON, required=True),
            _code("officer"),
            _text(),
            _papers(),
        ),
    ),
    ActionForm(
        Action.RECUSE,
        "recuse",
        (
            _text(label="回避的理由", required=True),
            Field("successor_account_id", "接手的承办人", Shape.PERSON, hint="不选的由指挥中心主任接手"),
        ),
        "回避后不能再办理本事项。",
        grave=True,
    ),
    # Handling and completion.
    ActionForm(
        Action.ASK_FOR_MATERIAL,
        "ask_for_material",
        (
            Field("papers", "需要补充的文书", Shape.ASKED_PAPERS, hint="应当一次性告知全部所缺文书"),
            _text(),
            Field("contact", "本院联系人", Shape.CONTACT, required=True),
        ),
    ),
    ActionForm(Action.SUPPLY_MATERIAL, "supply_material", (_papers("补充的文书", required=True), _text())),
    ActionForm(
        Action.LOG_CONTACT,
        "log_contact",
        (
            Field("counterpart", "对方联系人", Shape.CONTACT, required=True),
            _text(label="沟通内容和对方的承诺", required=True),
            Field("held_at", "沟通时间", Shape.MOMENT, hint="不填为现在"),
        ),
    ),
    ActionForm(
        Action.LOG_CALL,
        "log_call",
        (
            Field("counterpart", "通话对方", Shape.CONTACT, required=True),
            _text(label="通话内容和对方的承诺", required=True),
            Field("called_at", "通话时间", Shape.MOMENT, hint="不填为现在"),
            Field("promised_at", "承诺办理的时间", Shape.MOMENT),
        ),
    ),
    ActionForm(
        Action.REPORT_PROGRESS, "report_progress", (_text(label="进展情况", required=True), _ITEMS, _papers())
    ),
    ActionForm(
        Action.COMPLETE,
        "complete",
        (_text(label="办理情况", required=True), _ITEMS, _papers()),
        "每个办理项都应有结果；反馈后由委托法院确认。",
    ),
    ActionForm(
        Action.CONFIRM, "confirm", (_text(label="确认意见"),), "确认后事项办结，不能再退回重办。", grave=True
    ),
    ActionForm(Action.CONFIRM_FOR, "confirm_for", (_code("confirm_for"), _text()), grave=True),
    ActionForm(
        Action.REJECT_RESULT,
        "reject_result",
        (Field("rejections", "需要重办的办理项", Shape.REJECTIONS, required=True), _text()),
    ),
    # Return, and the wrong court.
    ActionForm(
        Action.PROPOSE_RETURN,
        "propose_return",
        (_code("return"), _WHY, Field("contact", "本院联系人", Shape.CONTACT, required=True)),
        "由本院指挥中心主任审批，提出人不能自行审批。",
    ),
    ActionForm(Action.APPROVE_RETURN, "approve_return", (_text(label="审批意见"),), grave=True),
    ActionForm(Action.REFUSE_RETURN, "refuse_return", (_WHY,)),
    ActionForm(
        Action.OBJECT_TO_RETURN, "object_to_return", (_WHY, _papers()), "异议由两院的共同上级法院处理。"
    ),
    ActionForm(
        Action.REPORT_WRONG_COURT,
        "report_wrong_court",
        (
            Field("court", "应受托的法院", Shape.COURT, required=True),
            _WHY,
            Field("contact", "本院联系人", Shape.CONTACT, required=True),
        ),
    ),
    ActionForm(Action.CONFIRM_LETTER, "confirm_letter", (_papers("新函", required=True), _text())),
    # Stopping, pausing, moving.
    ActionForm(Action.STOP, "stop", (_code("stop"), _text(), _papers()), "到达受托法院即生效。", grave=True),
    ActionForm(Action.REPORT_STOP, "report_stop", (_text(required=True), _ITEMS, _papers())),
    ActionForm(
        Action.SUSPEND,
        "suspend",
        (
            _code("suspension"),
            Field("until_on", "暂停至", Shape.DAY, hint="原因为暂缓的填写"),
            _text(),
            _papers(),
        ),
        "暂停期间各项期限停止计算。",
    ),
    ActionForm(Action.RESUME, "resume", (_text(), _papers())),
    ActionForm(
        Action.CHANGE_CASE_STATUS,
        "change_case_status",
        (
            Field("status", "案件现状", Shape.TERM, required=True, terms=CaseStatusChange),
            Field("choice", "本事项的处理", Shape.TERM, terms=CaseChoice),
            Field("reason", "原因代码", Shape.LINE, hint="停止或者暂停的填写规则库中的代码"),
            Field("court", "案件现在的法院", Shape.COURT, hint="变更委托法院的填写"),
            _text(),
            _papers(),
        ),
    ),
    ActionForm(Action.CONTINUE_CASE, "continue_case", (_WHY,)),
    # Time.
    ActionForm(
        Action.ASK_EXTENSION,
        "ask_extension",
        (Field("until_on", "延期至", Shape.DAY, required=True), _code("extension"), _WHY, _papers()),
    ),
    ActionForm(
        Action.GRANT_EXTENSION,
        "grant_extension",
        (Field("until_on", "延期至", Shape.DAY, hint="不填为对方申请的日期"), _text()),
    ),
    ActionForm(Action.REFUSE_EXTENSION, "refuse_extension", (_WHY,)),
    # Pressure.
    ActionForm(Action.NUDGE, "nudge", (_text(label="催办内容"),)),
    ActionForm(Action.ANSWER_NUDGE, "answer_nudge", (_text(label="答复", required=True),)),
    ActionForm(Action.NUDGE_CONFIRMATION, "nudge_confirmation", (_text(),)),
    ActionForm(Action.EVALUATE, "evaluate", (_code("grade", "grade", "满意程度"), _text()), "只能评价一次。"),
    ActionForm(
        Action.COMPLAIN,
        "complain",
        (_code("complaint"), _text(label="事实和理由", required=True), _papers()),
    ),
    ActionForm(Action.EXPLAIN, "explain_complaint", (_text(required=True), _papers())),
    ActionForm(Action.ESCALATE, "escalate", (_WHY, _papers())),
    ActionForm(Action.ASK_FOR_ORDINARY, "ask_for_ordinary", (_WHY,)),
    ActionForm(
        Action.RULE_ON_URGENCY,
        "rule_on_urgency",
        (
            Field(
                "ordinary",
                "处理结果",
                Shape.FLAG,
                required=True,
                flags=("转为普通事项", "仍按紧急事项办理"),
            ),
            _text(label="理由"),
        ),
    ),
)

FORMS: Final = by_action(_ALL)
"""The form of every action that is taken here, by action."""
