"""参与分配: three creditors of three courts share the price of one house; one objects, one opposes, a suit decides.

The Gusu court seized first and presides. A creditor of the Park court is an ordinary one, a bank of the intermediate
court has a mortgage and no effective document yet, the third creditor is Gusu's own.
"""

from dataclasses import replace
from datetime import timedelta

from cast import (
    CHIEF,
    DEBTOR,
    DISPATCHER,
    GUSU_CASE,
    GUSU_JUDGE,
    JUDGE,
    MIDDLE_CHIEF,
    MIDDLE_DISPATCHER,
    MIDDLE_JUDGE,
    PARK_CASE,
    SEALER,
    SUPERVISOR,
    Player,
)
from courts import GUSU, HUB
from players import Players, eventually, refused, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    Case,
    ClaimCorrection,
    Distribution,
    DistributionOrder,
    DistributionPlan,
    Organisation,
    PlanClaim,
    Subject,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import DistributionPaper, PaperType

CAST = (
    *(JUDGE, CHIEF, SEALER, DISPATCHER, GUSU_JUDGE),
    *(MIDDLE_JUDGE, MIDDLE_CHIEF, MIDDLE_DISPATCHER, SUPERVISOR),
)

MIDDLE_CASE = "（2026）苏05执77号"
HOUSE = "演示新村九幢房屋拍卖款"
TOTAL, COSTS = 40_000_000, 800_000
ORDINARY, MORTGAGE, OWN = 12_500_000, 30_000_000, 8_000_000
"""Claims in fen: of the Park court, of the intermediate court, of Gusu itself."""
LOWER_MORTGAGE = 25_000_000
PARK_CLAIM, BANK_CLAIM, OWN_CLAIM = 1, 2, 3
DAYS_OF_A_PERIOD = timedelta(days=16)
_LETTERS: tuple[PaperType, ...] = ("DISTRIBUTION_LETTER", "PARTICIPATION_APPLICATION")


async def play(players: Players) -> None:
    """The whole story."""
    await players.client(MIDDLE_JUDGE).cases.put(_middle_case())
    park = await _apply(players, JUDGE, CHIEF, SEALER, _park_order(), "ENFORCEMENT_BASIS")
    bank = await _apply(
        players, MIDDLE_JUDGE, MIDDLE_CHIEF, MIDDLE_DISPATCHER, _bank_order(), "PRIORITY_PROOF"
    )
    say("一、申请", "园区法院、中院分别转送参与分配申请；中院的抵押权人尚无执行依据，附优先权证明")
    distribution = await _admit(players, park, bank)
    await _plan(players, distribution, park, bank)
    objection = await _dispute(players, distribution, park, bank)
    await _deposit(players, distribution, park, bank)
    await _release(players, distribution, objection, park, bank)
    timeline = await players.client(JUDGE).instructions.timeline(park)
    tell_timeline(timeline)
    counts = [
        await players.check_copies(park, JUDGE, DISPATCHER),
        await players.check_copies(bank, MIDDLE_JUDGE, DISPATCHER),
    ]
    await players.check_receipts(timeline)
    say("", f"两件事项各三方所存 {counts[0]}、{counts[1]} 项记录逐字节一致，存证回执离线核验通过")


async def _apply(
    players: Players,
    judge: Player,
    chief: Player,
    sealer: Player,
    order: DistributionOrder,
    title: PaperType,
) -> str:
    """An application is drafted, approved, sealed and sent."""
    matter = new_instruction_id()
    documents = await players.papers(judge, matter, *_LETTERS, title)
    draft = await players.client(judge).distributions.draft(replace(order, documents=documents), matter)
    require(not draft.missing_papers and not draft.warnings, draft)
    await players.client(judge).instructions.submit(matter)
    await players.client(chief).instructions.approve(matter, "同意转送")
    await players.client(sealer).instructions.affix_seal(matter)
    return matter


async def _admit(players: Players, park: str, bank: str) -> str:
    """The presiding court examines both and lets them take part in one distribution."""
    gusu = players.client(GUSU_JUDGE).distributions
    for matter in (park, bank):
        await players.until(DISPATCHER, matter, "AWAITING_SIGNATURE")
        await players.client(DISPATCHER).instructions.assign(matter, players.account(GUSU_JUDGE))
    first = await gusu.admit(park, ORDINARY, "NATURAL_PERSON")
    second = await gusu.admit(bank, MORTGAGE, "NATURAL_PERSON", distribution_id=first.distribution_id, rank=1)
    require((first.claim, second.claim) == (PARK_CLAIM, BANK_CLAIM), (first, second))
    say("二、审查", "姑苏法院首先查封，由其主持分配；两笔债权准予参与，与本院一笔债权同案分配")
    return first.distribution_id


async def _plan(players: Players, distribution: str, park: str, bank: str) -> None:
    """A plan that adds up to the fen goes to all courts; each serves its creditor."""
    gusu = players.client(GUSU_JUDGE).distributions
    preview = await gusu.preview(distribution, _the_plan())
    require(preview.xlsx[:2] == b"PK" and preview.pdf[:4] == b"%PDF", "没有分配表")
    issued = (await gusu.issue_plan(distribution, _the_plan())).plan
    require(issued is not None, "没有分配方案")
    assert issued is not None, "just required"
    shares = {claim.number: claim.share_fen for claim in issued.claims}
    require(sum(shares.values()) + issued.costs_fen + issued.remainder_fen == TOTAL, shares)
    require(shares == {PARK_CLAIM: 5_609_756, BANK_CLAIM: MORTGAGE, OWN_CLAIM: 3_590_244}, shares)
    say(
        "三、分配方案",
        "待分配 400,000.00 元：执行费用 8,000.00 元，抵押债权 300,000.00 元，"
        "普通债权按比例 56,097.56 元、35,902.44 元，合计分毫不差",
    )
    await _serve(players, distribution, (park, bank), "PLAN", "PlanIssued")
    early = await refused(gusu.settle(distribution))
    say("", f"异议期内不能定稿：{early}")


async def _dispute(players: Players, distribution: str, park: str, bank: str) -> str:
    """The Park court's creditor objects, the bank opposes, he sues."""
    gusu = players.client(GUSU_JUDGE).distributions
    objection, _ = await players.client(JUDGE).distributions.object_to_plan(
        park,
        players.now(),
        "AMOUNT",
        [ClaimCorrection(claim=BANK_CLAIM, amount_fen=LOWER_MORTGAGE, rank=1)],
        "抵押债权的利息计算有误",
        await players.papers(JUDGE, park, "PLAN_OBJECTION"),
    )
    await players.until_step(DISPATCHER, park, "PlanObjected")
    await gusu.notify_objection(distribution, objection)
    await players.until_step(MIDDLE_JUDGE, bank, "ObjectionNotified")
    await players.client(MIDDLE_JUDGE).distributions.counter_object(
        bank, objection, players.now(), "抵押合同约定的利息应计入"
    )
    await players.until_step(DISPATCHER, bank, "CounterObjected")
    await gusu.tell_counter_objection(distribution, objection, BANK_CLAIM)
    await players.until_step(JUDGE, park, "CounterObjectionTold")
    await players.client(JUDGE).distributions.record_receipt(
        "COUNTER_OBJECTION", players.now(), "DIRECT", instruction_id=park, objection_id=objection
    )
    await players.client(JUDGE).distributions.prove_suit(
        objection,
        players.now(),
        instruction_id=park,
        documents=await players.papers(JUDGE, park, "PROOF_OF_SUIT"),
    )
    await players.until_step(DISPATCHER, park, "SuitProved")
    say(
        "四、异议",
        "园区的债权人认为抵押债权应为 250,000.00 元；抵押权人反对；异议人十五日内起诉并提交受理材料",
    )
    return objection


async def _deposit(players: Players, distribution: str, park: str, bank: str) -> None:
    """What is disputed is deposited, the rest is paid."""
    gusu = players.client(GUSU_JUDGE).distributions
    await players.pass_time(DAYS_OF_A_PERIOD)
    deposited, _ = await gusu.settle(distribution, "争议部分提存")
    require(deposited == MORTGAGE - LOWER_MORTGAGE, deposited)
    await _pay(players, distribution, (park, bank))
    say("五、提存", "争议的 50,000.00 元提存，其余 342,000.00 元按方案付给三名债权人")


async def _release(players: Players, distribution: str, objection: str, park: str, bank: str) -> None:
    """The judgment follows the objector; the deposit goes where it says, and the courts confirm."""
    gusu = players.client(GUSU_JUDGE).distributions
    found = await gusu.get(distribution_id=distribution)
    require([each.objection_id for each in found.objections] == [objection], found.objections)
    await players.pass_time(timedelta(days=60))
    await gusu.release_deposit(
        distribution,
        players.now(),
        "（2026）苏0508民初9号",
        [ClaimCorrection(claim=BANK_CLAIM, amount_fen=LOWER_MORTGAGE, rank=1)],
    )
    await _pay(players, distribution, (park, bank))
    for judge, matter in ((JUDGE, park), (MIDDLE_JUDGE, bank)):
        await players.until(judge, matter, "SHARE_PAID", settled=True)
        await players.client(judge).instructions.confirm(matter, "款项已收到")
        for player in (judge, DISPATCHER):
            await players.until(player, matter, "CONFIRMED", settled=True)
    end = await gusu.get(distribution_id=distribution)
    paid = {share.claim: share.paid_fen for share in end.shares}
    require(paid == {PARK_CLAIM: 8_658_537, BANK_CLAIM: LOWER_MORTGAGE}, paid)
    require(end.deposited_fen == 0, end)
    say("六、判决", "判决支持异议人，提存款按判决释放：园区的债权人共得 86,585.37 元，抵押权人 250,000.00 元")


async def _serve(
    players: Players, distribution: str, matters: tuple[str, str], paper: DistributionPaper, kind: str
) -> None:
    """Each court serves its creditor, the presiding court its own and the debtor."""
    for judge, matter in zip((JUDGE, MIDDLE_JUDGE), matters, strict=True):
        await players.until_step(judge, matter, kind)
        await players.client(judge).distributions.record_receipt(
            paper, players.now(), "DIRECT", instruction_id=matter
        )
    gusu = players.client(GUSU_JUDGE).distributions
    for party in (0, OWN_CLAIM):
        await gusu.record_receipt(paper, players.now(), "POST", distribution_id=distribution, party=party)

    async def look() -> Distribution | None:
        found = await gusu.get(distribution_id=distribution)
        return found if len(found.receipts) == len(matters) + 2 else None

    await eventually(look, "四方的送达应已登记")


async def _pay(players: Players, distribution: str, matters: tuple[str, str]) -> None:
    """Everybody gets what is due; nothing is paid before the hub has accepted the settlement everywhere."""
    gusu = players.client(GUSU_JUDGE)
    for matter in matters:
        await players.until(GUSU_JUDGE, matter, "PLAN_SETTLED", settled=True)
    found = await gusu.distributions.get(distribution_id=distribution)
    due = {share.instruction_id: share.due_fen - share.paid_fen for share in found.shares}
    for matter in matters:
        voucher = await players.papers(GUSU_JUDGE, matter, "PAYMENT_VOUCHER")
        await gusu.distributions.pay(matter, due[matter], players.now(), "执行款专户支付", voucher)
        await players.until(GUSU_JUDGE, matter, "SHARE_PAID", settled=True)


def _the_plan() -> DistributionPlan:
    """The claims of the matters are added from their admission."""
    own = PlanClaim(
        number=OWN_CLAIM, creditor="演示设备租赁公司", amount_fen=OWN, basis="（2021）苏0508民初2222号"
    )
    return DistributionPlan(
        case_number=GUSU_CASE,
        debtor_name="张某演",
        property=HOUSE,
        total_fen=TOTAL,
        costs_fen=COSTS,
        claims=(own,),
        reasons="房屋拍卖款不足以清偿全部债权",
    )


def _park_order() -> DistributionOrder:
    return DistributionOrder(
        case_number=PARK_CASE,
        receiver=GUSU,
        subject_numbers=(1,),
        request_text="被执行人除该房屋外无其他财产，不能清偿全部债权，申请参与分配。",
        debtor="NATURAL_PERSON",
        property=HOUSE,
        presiding_case_number=GUSU_CASE,
        creditor="演示银行信用卡中心",
        claim_fen=ORDINARY,
        effective_document="（2021）苏0591民初4321号",
        insufficiency="FINDINGS_BELOW_CLAIMS",
        enforcement_began_on="2022-03-01",
    )


def _bank_order() -> DistributionOrder:
    return replace(
        _park_order(),
        case_number=MIDDLE_CASE,
        creditor="演示按揭银行",
        claim_fen=MORTGAGE,
        effective_document="",
        has_priority=True,
        priority_basis="抵押登记（演示）第 1 号",
    )


def _middle_case() -> Case:
    """The case of the bank at the intermediate court."""
    bank = Subject(
        number=2,
        role="APPLICANT",
        organisation=Organisation(name="演示按揭银行", credit_code="91320500MA0000007J"),
    )
    return Case(
        case_number=MIDDLE_CASE,
        court=HUB,
        cause="金融借款合同纠纷",
        stage="执行实施",
        claimed_fen=MORTGAGE,
        outstanding_fen=MORTGAGE,
        judge=MIDDLE_JUDGE.officer,
        centre_phone=MIDDLE_DISPATCHER.phone,
        subjects=(DEBTOR, bank),
    )
