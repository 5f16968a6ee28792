"""Items of any kind are printed with all that the other court needs to do the act."""

from xiezhi.v1 import item_pb2, property_pb2
from xiezhi_node.papers.item_lines import item_line


def test_a_deduction_says_from_where_and_to_where() -> None:
    item = item_pb2.Item(
        number=1,
        act=item_pb2.ACT_DEDUCT,
        subject_number=2,
        property=property_pb2.Property(
            description="活期存款", deposit=property_pb2.Deposit(bank="测试银行", account="0000")
        ),
        scope="全部",
        assisting_body=item_pb2.AssistingBody(name="测试银行", branch="太仓支行"),
        amount_fen=1_000_050,
        earlier=item_pb2.EarlierMeasure(case_number="（2026）苏0505执1号", document="原裁定书"),
        pay_to=item_pb2.CourtAccount(holder="测试法院", account="1111"),
    )
    line = item_line(item, {2: "测试甲"})
    assert (line.number, line.act, line.subject, line.amount) == ("1", "扣划", "测试甲", "10,000.50元")
    assert line.target == "活期存款、测试银行、账号：0000"
    assert line.body == "测试银行太仓支行"
    assert (
        line.scope
        == "全部、原案号：（2026）苏0505执1号、原文书：原裁定书、汇入执行款专户（户名：测试法院、账号：1111）"
    )


def test_service_names_its_papers() -> None:
    service = item_pb2.ServiceOrder(
        papers=["执行通知书", "报告财产令"], address="测试路1号", method="直接送达"
    )
    line = item_line(item_pb2.Item(number=1, act=item_pb2.ACT_SERVE, service=service), {})
    assert line.scope == "《执行通知书》、《报告财产令》、地址：测试路1号、方式：直接送达"


def test_an_item_of_which_nothing_is_known_is_a_line_all_the_same() -> None:
    line = item_line(item_pb2.Item(number=3), {})
    assert (line.number, line.act, line.target, line.scope, line.amount) == ("3", "", "", "", "")


def test_every_detail_of_a_property_has_its_fields() -> None:
    house = property_pb2.Property(immovable=property_pb2.Immovable(location="测试路1号", certificate="苏1号"))
    car = property_pb2.Property(vehicle=property_pb2.Vehicle(plate="苏E00000", vin="TEST"))
    share = property_pb2.Property(equity=property_pb2.Equity(company="测试乙有限公司", share="30%"))
    targets = [item_line(item_pb2.Item(number=1, property=owned), {}).target for owned in (house, car, share)]
    assert targets == [
        "坐落：测试路1号、权证号：苏1号",
        "号牌：苏E00000、车辆识别代号：TEST",
        "测试乙有限公司、份额：30%",
    ]
