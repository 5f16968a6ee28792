"""What a matter is: its kind, the acts of its items, what is looked for."""

from xiezhi_domain.terms.base import Term


class Kind(Term):
    """The kinds that ship with the platform.

    Kinds are rulebook data and a court may add its own, so code that meets an unknown kind must carry it as
    text; this enum only names the shipped ones.
    """

    FIND = "FIND", "查人找物"
    ENTRUST_DEPOSIT = "ENTRUST_DEPOSIT", "事项委托·存款理财"
    ENTRUST_REGISTRABLE = "ENTRUST_REGISTRABLE", "事项委托·不动产及需登记动产"
    ENTRUST_EQUITY = "ENTRUST_EQUITY", "事项委托·股权及其他投资权益"
    ENTRUST_SERVICE = "ENTRUST_SERVICE", "事项委托·送达文书"
    ENTRUST_INVESTIGATION = "ENTRUST_INVESTIGATION", "事项委托·调查"
    COURT_ASSISTANCE = "COURT_ASSISTANCE", "协助执行(法院间)"
    CASE_DELEGATION = "CASE_DELEGATION", "委托执行(全案)"
    HANDOVER = "HANDOVER", "处置权移交"
    DISTRIBUTION = "DISTRIBUTION", "参与分配"
    ORDER_URGE = "ORDER_URGE", "督促执行"
    ORDER_INSTRUCT = "ORDER_INSTRUCT", "指令执行"
    ORDER_DESIGNATE = "ORDER_DESIGNATE", "指定执行"
    ORDER_ELEVATE = "ORDER_ELEVATE", "提级执行"
    ORDER_CROSS = "ORDER_CROSS", "交叉执行"
    ORDER_CONCENTRATE = "ORDER_CONCENTRATE", "集中执行"
    ORDER_JOINT = "ORDER_JOINT", "协同执行"
    COORDINATION_DISPUTE = "COORDINATION_DISPUTE", "执行协调"
    COORDINATION_DECISION = "COORDINATION_DECISION", "协调决定"
    ORDER_REQUEST = "ORDER_REQUEST", "报请执行决定"
    SUPERVISION = "SUPERVISION", "督办"


class Act(Term):
    """The one act that an item (办理项) orders on one object at one assisting body."""

    QUERY = "QUERY", "查询"
    INVESTIGATE = "INVESTIGATE", "调查"
    SITE_CHECK = "SITE_CHECK", "现场勘查"
    FREEZE = "FREEZE", "冻结"
    EXTEND_FREEZE = "EXTEND_FREEZE", "续冻"
    UNFREEZE = "UNFREEZE", "解冻"
    DEDUCT = "DEDUCT", "扣划"
    SEAL_PROPERTY = "SEAL_PROPERTY", "查封"
    EXTEND_SEAL = "EXTEND_SEAL", "续封"
    RELEASE_SEAL = "RELEASE_SEAL", "解封"
    WAITING_SEIZURE = "WAITING_SEIZURE", "轮候查封"
    TRANSFER_TITLE = "TRANSFER_TITLE", "过户"
    PUBLICISE_FREEZE = "PUBLICISE_FREEZE", "公示冻结"
    SERVE = "SERVE", "送达"
    LOCATE_PERSON = "LOCATE_PERSON", "查找人员"
    CONTROL_PERSON = "CONTROL_PERSON", "控制人员"


class ServiceResult(Term):
    """What became of the service of papers (送达)."""

    SIGNED_IN_PERSON = "SIGNED_IN_PERSON", "本人签收"
    SIGNED_BY_OTHER = "SIGNED_BY_OTHER", "代收"
    LEFT_BEHIND = "LEFT_BEHIND", "留置送达"
    REFUSED = "REFUSED", "拒收"
    UNKNOWN_PERSON = "UNKNOWN_PERSON", "查无此人"
    SENT_BACK = "SENT_BACK", "退件"


class FollowUp(Term):
    """What is done with measures that were taken: an instruction that follows another."""

    RENEWAL = "RENEWAL", "续行控制"
    RELEASE = "RELEASE", "解除控制"


class SeizurePurpose(Term):
    """What a seizure was made for: the court that made it for preservation need not dispose of the property."""

    ENFORCEMENT = "ENFORCEMENT", "执行查封"
    PRESERVATION = "PRESERVATION", "保全查封"


class DisposalDecision(Term):
    """What the common superior decides on a handover of the right to dispose (法释〔2016〕6号 第4条)."""

    DEADLINE = "DEADLINE", "限期处置"
    JOINT = "JOINT", Kind.ORDER_JOINT.zh
    ELEVATE = "ELEVATE", Kind.ORDER_ELEVATE.zh
    DESIGNATE = "DESIGNATE", Kind.ORDER_DESIGNATE.zh


class FindTarget(Term):
    """What a find command (查人找物) looks for; PROPERTY names its `PropertyCategory` beside it."""

    WHEREABOUTS = "WHEREABOUTS", "下落查找"
    PROPERTY = "PROPERTY", "财产查找"
    SITE_CHECK = "SITE_CHECK", "现场勘查"


class PropertyCategory(Term):
    """Categories of property, each with fields of its own on forms and feedback."""

    CASH = "CASH", "现金"
    BANK_DEPOSIT = "BANK_DEPOSIT", "银行存款"
    WEALTH_PRODUCT = "WEALTH_PRODUCT", "理财产品"
    INTERNET_FUNDS = "INTERNET_FUNDS", "互联网金融资产"
    HOUSING_FUND = "HOUSING_FUND", "住房公积金"
    INSURANCE = "INSURANCE", "保险权益"
    HOUSE = "HOUSE", "房屋"
    LAND_USE_RIGHT = "LAND_USE_RIGHT", "建设用地使用权"
    VEHICLE = "VEHICLE", "车辆"
    VESSEL = "VESSEL", "船舶"
    EQUITY = "EQUITY", "股权"
    STOCK = "STOCK", "股票"
    FUND_UNITS = "FUND_UNITS", "基金"
    BOND = "BOND", "债券"
    INCOME = "INCOME", "收入"
    RECEIVABLE = "RECEIVABLE", "债权"
    INTELLECTUAL_PROPERTY = "INTELLECTUAL_PROPERTY", "知识产权"
    OTHER_MOVABLE = "OTHER_MOVABLE", "其他动产"
    OTHER_RIGHT = "OTHER_RIGHT", "其他财产性权益"
