"""The papers that travel with a matter."""

from xiezhi_domain.terms.base import Term


class PaperType(Term):
    """What a document is. Which act needs which paper is in the rulebook; a court's own go under OTHER."""

    # Imported sealed from the case system; never written here.
    RULING = "RULING", "裁定书"
    RELEASE_RULING = "RELEASE_RULING", "解除裁定书"
    SALE_RULING = "SALE_RULING", "成交裁定书"
    DEBT_SETTLEMENT_RULING = "DEBT_SETTLEMENT_RULING", "抵债裁定书"
    ENFORCEMENT_BASIS = "ENFORCEMENT_BASIS", "执行依据"
    DETENTION_DECISION = "DETENTION_DECISION", "拘留决定书"
    COMPULSORY_SUMMONS = "COMPULSORY_SUMMONS", "拘传票"
    ORIGINAL_FREEZE_PAPERS = "ORIGINAL_FREEZE_PAPERS", "原冻结文书"
    ORIGINAL_PAPERS = "ORIGINAL_PAPERS", "原文书"
    PAPERS_TO_SERVE = "PAPERS_TO_SERVE", "待送达文书"

    # Notices to an assisting body, and what it hands back.
    QUERY_NOTICE = "QUERY_NOTICE", "协助查询(调查)通知书"
    FREEZE_NOTICE = "FREEZE_NOTICE", "协助冻结存款通知书"
    DEDUCT_NOTICE = "DEDUCT_NOTICE", "协助扣划存款通知书"
    ENFORCEMENT_NOTICE = "ENFORCEMENT_NOTICE", "协助执行通知书"
    RELEASE_NOTICE = "RELEASE_NOTICE", "解除通知书"
    TRANSFER_NOTICE = "TRANSFER_NOTICE", "协助过户通知书"
    PUBLICITY_NOTICE = "PUBLICITY_NOTICE", "协助公示通知书"
    PUBLICITY_REQUEST = "PUBLICITY_REQUEST", "协助公示执行信息需求书"
    ASSISTING_BODY_RECEIPT = "ASSISTING_BODY_RECEIPT", "回执"
    QUERY_RESULT = "QUERY_RESULT", "查询结果"

    # Credentials and information.
    WORK_CARD = "WORK_CARD", "工作证"
    ENFORCEMENT_CARD = "ENFORCEMENT_CARD", "执行公务证"
    DEBTOR_PROFILE = "DEBTOR_PROFILE", "被执行人基本信息"
    PHOTO = "PHOTO", "照片"
    INVESTIGATION_OUTLINE = "INVESTIGATION_OUTLINE", "调查提纲"
    ENFORCEMENT_ACCOUNT = "ENFORCEMENT_ACCOUNT", "执行款专户信息"
    TAX_STATEMENT = "TAX_STATEMENT", "税费说明"

    # Made on the spot.
    SEIZURE_ANNOUNCEMENT = "SEIZURE_ANNOUNCEMENT", "查封公告"
    SEIZURE_INVENTORY = "SEIZURE_INVENTORY", "查封清单"
    SITE_RECORD = "SITE_RECORD", "现场笔录"
    ENFORCEMENT_RECORD = "ENFORCEMENT_RECORD", "执行笔录"
    PROOF_OF_SERVICE = "PROOF_OF_SERVICE", "送达回证"

    # Generated here.
    ENTRUSTMENT_LETTER = "ENTRUSTMENT_LETTER", "委托函"
    ASSISTANCE_LETTER = "ASSISTANCE_LETTER", "协助函"
    HANDOVER_REQUEST = "HANDOVER_REQUEST", "商请移送执行函"
    HANDOVER_LETTER = "HANDOVER_LETTER", "移送执行函"
    DISTRIBUTION_LETTER = "DISTRIBUTION_LETTER", "参与分配函"
    RETURN_LETTER = "RETURN_LETTER", "退回函"
    FEEDBACK_LETTER = "FEEDBACK_LETTER", "反馈函"
    SUPPLEMENT_NOTICE = "SUPPLEMENT_NOTICE", "补充材料告知书"
    STOP_LETTER = "STOP_LETTER", "停止办理函"
    REROUTE_LETTER = "REROUTE_LETTER", "改派函"
    FORWARD_LETTER = "FORWARD_LETTER", "转办函"
    EXTENSION_REQUEST = "EXTENSION_REQUEST", "延期申请"
    SUPERVISION_LETTER = "SUPERVISION_LETTER", "督办函"
    SUPERVISION_REPLY = "SUPERVISION_REPLY", "督办回复"
    COMPLAINT_EXPLANATION = "COMPLAINT_EXPLANATION", "投诉说明"

    # A superior's orders, and what lower courts ask for.
    URGE_ORDER = "URGE_ORDER", "督促执行令"
    ORDER_RULING = "ORDER_RULING", "执行裁定书"
    JOINT_DECISION = "JOINT_DECISION", "协同执行决定书"
    COORDINATION_DECISION = "COORDINATION_DECISION", "协调决定书"
    HEARING_RECORD = "HEARING_RECORD", "听取意见笔录"
    ORDER_REQUEST_REPORT = "ORDER_REQUEST_REPORT", "报请报告"
    DISPUTE_REPORT = "DISPUTE_REPORT", "执行争议报告"

    OTHER = "OTHER", "其他材料"

    # Generated at the filing of a case; addressed to the debtor.
    PERFORMANCE_NOTICE = "PERFORMANCE_NOTICE", "执行通知书"
    PROPERTY_REPORT_ORDER = "PROPERTY_REPORT_ORDER", "报告财产令"
    PROPERTY_DECLARATION = "PROPERTY_DECLARATION", "财产申报表"
    CONSUMPTION_RESTRICTION = "CONSUMPTION_RESTRICTION", "限制消费令"

    # 委托执行(全案), in the order of 法释〔2011〕11号 第5条 and of what follows.
    CASE_DELEGATION_LETTER = "CASE_DELEGATION_LETTER", "委托执行函"
    ENFORCEMENT_APPLICATION = "ENFORCEMENT_APPLICATION", "申请执行书"
    CASE_DELEGATION_APPROVAL = "CASE_DELEGATION_APPROVAL", "委托执行案件审批表"
    CASE_SITUATION = "CASE_SITUATION", "案件情况说明及无财产调查材料"
    APPLICANT_CONTACT = "APPLICANT_CONTACT", "申请执行人联系方式"
    DEBTOR_IDENTITY = "DEBTOR_IDENTITY", "被执行人身份证件或营业执照"
    OFFICER_CONTACT = "OFFICER_CONTACT", "委托法院承办人联系方式"
    FILING_NOTICE = "FILING_NOTICE", "立案通知书"
    CASE_RETURN_APPLICATION = "CASE_RETURN_APPLICATION", "受托执行案件退回审批表"
    HIGH_COURT_OPINION = "HIGH_COURT_OPINION", "高级人民法院审批意见"
    CASE_RETURN_LETTER = "CASE_RETURN_LETTER", "退回委托执行函"
    HIGHER_COURT_APPLICATION = "HIGHER_COURT_APPLICATION", "提级或指定执行申请书"
    CASE_CLOSING = "CASE_CLOSING", "结案文书"

    # 参与分配.
    PARTICIPATION_APPLICATION = "PARTICIPATION_APPLICATION", "参与分配申请书"
    PRIORITY_PROOF = "PRIORITY_PROOF", "优先权证明"
    DISTRIBUTION_PLAN = "DISTRIBUTION_PLAN", "财产分配方案"
    PLAN_OBJECTION = "PLAN_OBJECTION", "分配方案异议书"
    COUNTER_OBJECTION = "COUNTER_OBJECTION", "反对意见书"
    PROOF_OF_SUIT = "PROOF_OF_SUIT", "分配方案异议之诉受理材料"
    DISTRIBUTION_JUDGMENT = "DISTRIBUTION_JUDGMENT", "分配方案异议之诉裁判文书"
    PAYMENT_VOUCHER = "PAYMENT_VOUCHER", "付款凭证"


class SealState(Term):
    """What checking the seals of a document has shown. No state is a reason to refuse a paper (practice.md §19)."""

    UNCHECKED = "UNCHECKED", "未验"
    NONE = "NONE", "无电子签章"
    VALID = "VALID", "签章有效"
    ALTERED = "ALTERED", "签章后被改动"
    UNKNOWN_SIGNER = "UNKNOWN_SIGNER", "签章人不受信任"
    EXPIRED = "EXPIRED", "签章证书不在有效期内"
