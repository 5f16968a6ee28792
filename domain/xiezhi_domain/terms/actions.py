"""What a person can do with a matter: the words on the buttons."""

from xiezhi_domain.terms.base import Term


class Action(Term):
    """One thing a person does; who may do it, and when, is the rulebook's to say."""

    # The sender's court, before anything leaves it.
    CREATE = "CREATE", "发起事项"
    SUBMIT = "SUBMIT", "提交审批"
    IMPORT_FROM_DOSSIER = "IMPORT_FROM_DOSSIER", "引入卷宗文书"
    APPROVE = "APPROVE", "同意"
    REJECT_APPROVAL = "REJECT_APPROVAL", "不同意"
    RECORD_CONSENT = "RECORD_CONSENT", "登记口头同意"
    AFFIX_SEAL = "AFFIX_SEAL", "核验签章"
    DISCARD = "DISCARD", "废弃草稿"
    SEND = "SEND", "推送"
    WITHDRAW = "WITHDRAW", "撤回"

    # To the right desk.
    SIGN = "SIGN", "签收"
    ASSIGN = "ASSIGN", "分派"
    SIGN_AND_ASSIGN = "SIGN_AND_ASSIGN", "签收并分派"
    REASSIGN = "REASSIGN", "调整承办人"
    HAND_BACK = "HAND_BACK", "退回分派"
    REROUTE = "REROUTE", "改派"
    FORWARD = "FORWARD", "转办"

    # Handling and completion.
    ASK_FOR_MATERIAL = "ASK_FOR_MATERIAL", "要求补充材料"
    SUPPLY_MATERIAL = "SUPPLY_MATERIAL", "补充材料"
    LOG_CONTACT = "LOG_CONTACT", "记录沟通"
    LOG_CALL = "LOG_CALL", "电话登记"
    REPORT_PROGRESS = "REPORT_PROGRESS", "填报进展"
    COMPLETE = "COMPLETE", "办结反馈"
    CONFIRM = "CONFIRM", "确认办结"
    CONFIRM_FOR = "CONFIRM_FOR", "代为确认"
    REJECT_RESULT = "REJECT_RESULT", "退回重办"

    # Return.
    PROPOSE_RETURN = "PROPOSE_RETURN", "拟退回"
    APPROVE_RETURN = "APPROVE_RETURN", "同意退回"
    REFUSE_RETURN = "REFUSE_RETURN", "不同意退回"
    OBJECT_TO_RETURN = "OBJECT_TO_RETURN", "退回异议"
    RULE_ON_OBJECTION = "RULE_ON_OBJECTION", "处理退回异议"

    # Stopping, pausing, moving.
    STOP = "STOP", "停止办理"
    SUSPEND = "SUSPEND", "暂停办理"
    EXTEND_SUSPENSION = "EXTEND_SUSPENSION", "延长暂缓执行"
    RESUME = "RESUME", "恢复办理"
    TRANSFER_SENDER = "TRANSFER_SENDER", "变更委托法院"
    ASK_EXTENSION = "ASK_EXTENSION", "申请延期"
    GRANT_EXTENSION = "GRANT_EXTENSION", "同意延期"
    REFUSE_EXTENSION = "REFUSE_EXTENSION", "不同意延期"

    # Nudging between equals, 督办 from above.
    NUDGE = "NUDGE", "催办"
    NUDGE_CONFIRMATION = "NUDGE_CONFIRMATION", "催确认"
    URGE = "URGE", "督办"
    REPLY = "REPLY", "回复督办"
    RETURN_REPLY = "RETURN_REPLY", "退回重报"
    CLOSE_SUPERVISION = "CLOSE_SUPERVISION", "督办办结"

    # A superior's orders, and what a lower court asks of its superior.
    ISSUE_ORDER = "ISSUE_ORDER", "下发"
    ANSWER_ORDER = "ANSWER_ORDER", "报告结果"
    CLOSE_ORDER = "CLOSE_ORDER", "归结"
    REVOKE = "REVOKE", "撤销"
    CONSULT = "CONSULT", "请示、报告困难"
    REQUEST_ORDER = "REQUEST_ORDER", "报请"
    ESCALATE = "ESCALATE", "报请共同上级"
    ANSWER_CONSULTATION = "ANSWER_CONSULTATION", "批复"
    CHANGE_ORDER = "CHANGE_ORDER", "变更决定"
    CLOSE_OLD_CASE = "CLOSE_OLD_CASE", "原案销案"
    FILE_NEW_CASE = "FILE_NEW_CASE", "新案立案"
    ELEVATE_CASE = "ELEVATE_CASE", "提级立案"
    MOVE_MATTERS = "MOVE_MATTERS", "移转未结事项"
    ACCEPT_REQUEST = "ACCEPT_REQUEST", "受理报请"
    HOLD_HEARING = "HOLD_HEARING", "听取意见"
    DECIDE_REQUEST = "DECIDE_REQUEST", "作出决定"

    # Judging the work.
    EVALUATE = "EVALUATE", "评价"
    COMPLAIN = "COMPLAIN", "投诉"
    EXPLAIN = "EXPLAIN", "说明"
    RULE_ON_COMPLAINT = "RULE_ON_COMPLAINT", "处理投诉"
    NOTICE = "NOTICE", "通报"
    TALK = "TALK", "约谈"
    RECTIFY = "RECTIFY", "整改"

    # What is kept about people.
    UNMASK = "UNMASK", "查看完整信息"
    RESTRICT_BODY = "RESTRICT_BODY", "封存"
    ERASE = "ERASE", "删除内容"

    # Beside the ladder.
    SHARE_DOSSIER = "SHARE_DOSSIER", "共享卷宗文书"

    # Remedies: what answers or follows the actions above.
    REPORT_WRONG_COURT = "REPORT_WRONG_COURT", "指明应受托法院"
    REFUSE_REROUTE = "REFUSE_REROUTE", "不予改派"
    REFUSE_TRANSFER = "REFUSE_TRANSFER", "不予变更委托法院"
    WRITE_CONSENT = "WRITE_CONSENT", "补办书面同意"
    CONFIRM_LETTER = "CONFIRM_LETTER", "确认新函"
    REPORT_STOP = "REPORT_STOP", "回报停止情况"
    CHANGE_CASE_STATUS = "CHANGE_CASE_STATUS", "案件状态变更"
    CONTINUE_CASE = "CONTINUE_CASE", "继续办理"
    ANSWER_NUDGE = "ANSWER_NUDGE", "答复催办"
    ASK_FOR_ORDINARY = "ASK_FOR_ORDINARY", "申请转普通"
    RULE_ON_URGENCY = "RULE_ON_URGENCY", "处理转普通申请"
    RULE_ON_DISPUTE = "RULE_ON_DISPUTE", "处理争议"
    CHANGE_OFFICER = "CHANGE_OFFICER", "承办人变更"
    RECUSE = "RECUSE", "回避"

    # 处置权移交.
    AGREE_HANDOVER = "AGREE_HANDOVER", "同意移送"
    REFUSE_HANDOVER = "REFUSE_HANDOVER", "不同意移送"
    DECIDE_DISPOSAL = "DECIDE_DISPOSAL", "作出处置权决定"
    REPORT_OWN_DISPOSAL = "REPORT_OWN_DISPOSAL", "首封法院报告处置完毕"
    HAND_OVER = "HAND_OVER", "移送处置权"
    STATE_SEIZURES = "STATE_SEIZURES", "登记查封情况"
    RENEW_SEIZURE = "RENEW_SEIZURE", "登记续封"
    LIFT_SEIZURE = "LIFT_SEIZURE", "登记解封"
    TELL_PARTIES = "TELL_PARTIES", "告知当事人"
    CHANGE_REGISTRY = "CHANGE_REGISTRY", "办理变更登记"
    REPORT_DISPOSAL = "REPORT_DISPOSAL", "报告处置结果"
    DISTRIBUTE = "DISTRIBUTE", "分配处置款"
    RELEASE_RESERVE = "RELEASE_RESERVE", "处理预留份额"
    TELL_FIRST_COURT = "TELL_FIRST_COURT", "告知首封法院"

    # 委托执行(全案).
    FILE_CASE = "FILE_CASE", "受托立案"
    CANCEL_CASE = "CANCEL_CASE", "登记销案"
    TELL_APPLICANT = "TELL_APPLICANT", "告知申请执行人"
    EXPLAIN_SUPPLEMENT = "EXPLAIN_SUPPLEMENT", "说明未能补办"
    RETURN_MATERIALS = "RETURN_MATERIALS", "按撤回退还材料"
    APPLY_FOR_RETURN = "APPLY_FOR_RETURN", "层报退回"
    RECORD_RETURN_DECISION = "RECORD_RETURN_DECISION", "登记高院审批结果"
    RETURN_CASE = "RETURN_CASE", "退回委托案件"
    REVOKE_DELEGATION = "REVOKE_DELEGATION", "撤销委托"
    REPORT_FOR_RECORD = "REPORT_FOR_RECORD", "层报备案"
    TELL_PROPERTY = "TELL_PROPERTY", "告知新发现财产"
    NOTE_PROPERTY_ELSEWHERE = "NOTE_PROPERTY_ELSEWHERE", "登记第三地财产"
    RENEW_SEIZURES = "RENEW_SEIZURES", "接续查封"
    ASK_HIGHER_COURT = "ASK_HIGHER_COURT", "转交提级或指定申请"
    RECORD_HIGHER_ANSWER = "RECORD_HIGHER_ANSWER", "登记上一级法院处理结果"
    CLOSE_CASE = "CLOSE_CASE", "受托案件结案"

    # 参与分配.
    ADMIT_PARTICIPATION = "ADMIT_PARTICIPATION", "准予参与分配"
    REFUSE_PARTICIPATION = "REFUSE_PARTICIPATION", "不予参与分配"
    ISSUE_PLAN = "ISSUE_PLAN", "发出分配方案"
    RECORD_RECEIPT = "RECORD_RECEIPT", "登记送达"
    OBJECT_TO_PLAN = "OBJECT_TO_PLAN", "提出分配方案异议"
    NOTIFY_OBJECTION = "NOTIFY_OBJECTION", "通知分配方案异议"
    COUNTER_OBJECT = "COUNTER_OBJECT", "提出反对意见"
    TELL_COUNTER_OBJECTION = "TELL_COUNTER_OBJECTION", "通知反对意见"
    PROVE_SUIT = "PROVE_SUIT", "登记分配方案异议之诉"
    SETTLE_PLAN = "SETTLE_PLAN", "确定分配方案"
    PAY_SHARE = "PAY_SHARE", "付分配款"
    RELEASE_DEPOSIT = "RELEASE_DEPOSIT", "处理提存款"
    END_DISTRIBUTION = "END_DISTRIBUTION", "终结参与分配"
