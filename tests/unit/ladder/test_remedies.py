"""The remedies of practice.md §5–§8, §13, §15: each way once, and what the rulebook refuses on it."""

import pytest
from msgspec.structs import replace
from tests.unit.ladder.histories import AT, COURT, RECEIVER, SENDER, STRANGER, step
from tests.unit.ladder.model import CALENDAR, HUB_COURT, ORIGIN, RULES
from tests.unit.ladder.orders import DAY, issued_facts

from xiezhi_domain.clocks.moment import moment_of
from xiezhi_domain.clocks.plan import applies
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.header import Base, Header, Seen
from xiezhi_domain.ladder import Footing, Standing, decide, fold
from xiezhi_domain.ladder.explain import as_error
from xiezhi_domain.ladder.marks import marks_of
from xiezhi_domain.ladder.sums import sums_of
from xiezhi_domain.rulebook.model import Owner, Unit
from xiezhi_domain.terms import Mark, State

HOUR = 3_600_000
MADE = {"outcomes": [[1, "DONE", ""], [2, "NOT_DONE", "NOT_FOUND"]]}
TO_WORK = [("Delivered", "receiver"), ("Signed", "receiver"), ("Assigned", "receiver")]
REPORTED = [*TO_WORK, ("Completed", "receiver", MADE)]


class Story:
    """One matter, told event by event. `at` is the hub's time and everybody's."""

    def __init__(self, kind="FIND", receiver=RECEIVER, sender="", **facts):
        self.at, self.state = AT, None
        sender = sender or (HUB_COURT if kind == "SUPERVISION" else SENDER)
        self.courts = {**COURT, "superior": HUB_COURT}
        made = self.header("Issued", sender, receiver, issued_facts(kind, sender, AT, **facts))
        assert self.judge(made) is None, self.judge(made)
        self.issued = made
        self.take(made)

    def header(self, kind, sender, to, facts):
        head = self.state.head if self.state else None
        base = Base(head.id, head.seq, head.hash) if head else Base()
        first = {} if head else {"hub": ORIGIN, "rulebook": RULES.hash}
        return Header("e", "matter", kind, sender, to, base, Seen(ORIGIN), self.at, "key", "", facts, **first)

    def make(self, kind, side, facts=None, to=""):
        view = self.state
        court = {"sender": view.sender, "receiver": view.receiver}.get(side, HUB_COURT)
        roles = RULES.rules(view.kind, view.sender, view.receiver).moves[kind].roles
        role = {"role": min(roles)} if roles else {}
        return self.header(kind, court, to or view.other_court(court), {**(facts or {}), **role})

    def judge(self, made):
        seq = self.state.head.seq if self.state else 0
        return decide(self.state, made, Footing(Standing.HEAD, seq), RULES, HUB_COURT, CALENDAR)

    def take(self, made):
        seq = self.state.head.seq + 1 if self.state else 1
        self.state = fold(self.state, made, step(seq), self.at, RULES)

    def tell(self, *events):
        """Let each event happen, an hour after the one before."""
        for kind, side, *more in events:
            self.at += HOUR
            made = self.make(kind, side, *more)
            assert self.judge(made) is None, (kind, self.judge(made))
            self.take(made)
        return self

    def refused(self, kind, side, *more):
        """Return reason and detail of a refusal."""
        refusal = self.judge(self.make(kind, side, *more))
        return (refusal.reason, refusal.detail) if refusal else None


def told(*events, **facts):
    return Story(**facts).tell(*events)


def test_papers_are_asked_for_once_and_a_second_time_for_a_defect_only():
    story = told(*TO_WORK, ("MaterialAsked", "receiver", {"papers": {"RULING": 1}}))
    assert story.state.state == State.AWAITING_SUPPLEMENT
    story.tell(("SupplementSupplied", "sender", {"papers": {"RULING": 1}}))
    assert (story.state.state, story.state.resume) == (State.IN_PROGRESS, "")
    assert story.refused("MaterialAsked", "receiver") == (Reason.WRONG_STATE, "once")
    story.tell(("DefectTold", "receiver"), ("SupplementSupplied", "sender"), ("DefectTold", "receiver"))
    assert story.state.state == State.AWAITING_SUPPLEMENT


def test_a_defect_needs_a_supply_before():
    assert told(*TO_WORK).refused("DefectTold", "receiver") == (Reason.WRONG_STATE, "after")


def test_missing_papers_are_no_ground_to_return_before_they_were_asked_for_and_awaited():
    story = told(*TO_WORK)
    missing = {"reason": "PAPERS_MISSING"}
    assert story.refused("ReturnProposed", "receiver", missing) == (Reason.WRONG_STATE, "after")
    story.tell(("MaterialAsked", "receiver"))
    assert story.refused("ReturnProposed", "receiver", missing) == (Reason.TOO_EARLY, "supplement")
    story.at += 12 * DAY
    story.tell(("ReturnProposed", "receiver", missing), ("ReturnRefused", "receiver"))
    assert (story.state.state, story.state.resume) == (State.AWAITING_SUPPLEMENT, "IN_PROGRESS")


WRONG_DISTRICT = ("ReturnProposed", "receiver", {"reason": "WRONG_DISTRICT"})
RETURN = [*TO_WORK, ("ContactLogged", "receiver"), WRONG_DISTRICT, ("Returned", "receiver")]


def test_an_upheld_objection_takes_the_work_up_again_under_the_original_limit():
    story = told(*RETURN)
    due = story.state.due
    story.tell(("ReturnObjected", "sender"))
    assert story.refused("ReturnObjected", "sender") == (Reason.WRONG_STATE, "once")
    story.tell(("ObjectionUpheld", "superior"))
    assert (story.state.state, story.state.due, dict(story.state.open)) == (State.IN_PROGRESS, due, {})
    story.tell(WRONG_DISTRICT, ("Returned", "receiver"), ("ReturnObjected", "sender"))
    assert set(story.state.open) == {"objection"}


def test_an_objection_comes_within_its_days_and_may_be_dismissed():
    story = told(*RETURN)
    assert story.refused("ObjectionUpheld", "superior") == (Reason.WRONG_STATE, "objection")
    late = told(*RETURN)
    late.at += 8 * DAY
    assert late.refused("ReturnObjected", "sender") == (Reason.TOO_LATE, "objection")
    story.tell(("ReturnObjected", "sender"), ("ObjectionDismissed", "superior"))
    assert story.state.state == State.RETURNED
    assert story.refused("ObjectionUpheld", "superior") == (Reason.WRONG_STATE, "objection")


def rerouted():
    story = told(*TO_WORK[:2], ("WrongCourtReported", "receiver", {"court": STRANGER}))
    return story.tell(("Rerouted", "superior", {"due": story.at + HOUR + 7 * DAY}, STRANGER))


def test_a_wrong_court_is_replaced_and_the_new_one_begins_afresh():
    story = rerouted()
    state = story.state
    assert (state.state, state.receiver, state.former) == (State.IN_TRANSIT, STRANGER, (RECEIVER,))
    assert set(state.times) == {"Issued", "Rerouted"}
    assert (state.due, set(state.open)) == (story.at + 7 * DAY, {"letter"})
    old = replace(story.make("Delivered", "receiver"), sender=RECEIVER)
    assert story.judge(old).reason == Reason.WRONG_COURT
    story.tell(("LetterReissued", "sender", {"papers": {"ENTRUSTMENT_LETTER": 1}}), *TO_WORK)
    assert (story.state.state, dict(story.state.open)) == (State.IN_PROGRESS, {})


@pytest.mark.parametrize("to", [SENDER, RECEIVER, HUB_COURT])
def test_a_matter_is_not_rerouted_to_a_party_or_to_the_superior_itself(to):
    story = told(*TO_WORK[:2])
    assert story.refused("Rerouted", "superior", {"due": story.at + 7 * DAY}, to) == (Reason.WRONG_COURT, "")


@pytest.mark.parametrize("days", [6, 24])
def test_a_rerouted_matter_has_its_whole_period(days):
    story = told(*TO_WORK[:2])
    facts = {"due": story.at + days * DAY}
    assert story.refused("Rerouted", "superior", facts, STRANGER) == (Reason.INVALID_FIELD, "due")


def test_the_right_court_is_named_within_a_working_day_of_arrival():
    story = told(*TO_WORK[:2])
    story.at += 5 * DAY
    refused = story.refused("WrongCourtReported", "receiver", {"court": STRANGER})
    assert refused == (Reason.TOO_LATE, "wrong_court")


def test_only_the_superior_forwards_what_was_sent_to_it():
    story = told(*TO_WORK[:2], receiver=HUB_COURT)
    story.tell(("Forwarded", "receiver", {"due": story.at + HOUR + 7 * DAY}, STRANGER))
    assert story.state.receiver == STRANGER
    other = told(*TO_WORK[:2])
    refused = other.refused("Forwarded", "receiver", {"due": other.at + 7 * DAY}, STRANGER)
    assert refused == (Reason.WRONG_COURT, "")


STOP = ("Stopped", "sender", {"reason": "PAID"})


def test_a_stop_needs_no_consent_and_ends_with_what_was_done_before():
    story = told(*TO_WORK, STOP)
    for kind in ("Completed", "ProgressReported"):
        assert story.refused(kind, "receiver", MADE) == (Reason.WRONG_STATE, "")
    assert story.refused("StopReported", "receiver", MADE) == (Reason.WRONG_STATE, "after")
    story.tell(("StopArrived", "receiver"))
    arrived = story.at
    story.at += HOUR
    for done in ({}, {"done": [[1, arrived + 1]]}):
        assert story.refused("StopReported", "receiver", MADE | done) == (Reason.INVALID_FIELD, "done")
    story.tell(("StopReported", "receiver", MADE | {"done": [[1, arrived]]}))
    assert (story.state.state, story.state.outcomes[1]) == (State.TERMINATED, ("DONE", ""))


def test_the_common_superior_stops_and_moves_too():
    story = told(*TO_WORK, ("SenderTransferred", "superior", {"reason": "ELEVATED"}, HUB_COURT))
    assert (story.state.sender, story.state.former) == (HUB_COURT, (SENDER,))
    old = replace(story.make("Withdrawn", "sender"), sender=SENDER)
    assert story.judge(old).reason == Reason.WRONG_COURT
    story.tell(("Stopped", "superior", {"reason": "SUPERIOR_ORDER"}))
    assert story.state.state == State.STOPPED_AWAITING_REPORT


def test_a_pause_shifts_the_end_and_returns_to_what_was_left():
    story = told(*TO_WORK, ("MaterialAsked", "receiver"), ("Suspended", "sender", {"reason": "STAYED"}))
    since, due = story.at, story.state.due
    assert story.state.resume == "AWAITING_SUPPLEMENT IN_PROGRESS"
    story.at += 5 * DAY - HOUR
    assert story.refused("Resumed", "sender", {"due": due - 1}) == (Reason.INVALID_FIELD, "due")
    story.tell(("Resumed", "sender", {"due": due + 5 * DAY}), ("SupplementSupplied", "sender"))
    assert (story.state.state, story.state.due) == (State.IN_PROGRESS, due + 5 * DAY)
    assert (story.state.suspended_ms, story.state.suspended_since) == (since + 5 * DAY - since, 0)


def test_what_the_superior_suspended_the_sender_does_not_resume():
    story = told(*TO_WORK, ("Suspended", "superior", {"reason": "SUPERIOR_ORDER"}))
    due = {"due": story.state.due}
    assert story.refused("Resumed", "sender", due) == (Reason.WRONG_COURT, "")
    story.tell(("Resumed", "superior", due))
    assert story.state.state == State.IN_PROGRESS


def test_an_extension_is_granted_up_to_what_was_asked():
    story = told(*TO_WORK)
    due = story.state.due
    assert story.refused("ExtensionGranted", "sender", {"due": due + DAY}) == (
        Reason.WRONG_STATE,
        "extension",
    )
    ask = ("ExtensionAsked", "receiver", {"due": due + 5 * DAY, "reason": "COMPLEX"})
    story.tell(ask)
    assert story.refused(*ask) == (Reason.WRONG_STATE, "extension")
    for wrong in (due, due + 5 * DAY + 1):
        assert story.refused("ExtensionGranted", "sender", {"due": wrong}) == (Reason.INVALID_FIELD, "due")
    story.tell(("ExtensionGranted", "sender", {"due": due + 3 * DAY}))
    assert (story.state.due, story.state.extensions) == (due + 3 * DAY, 1)
    story.tell(ask, ("ExtensionRefused", "sender"))
    assert (story.state.due, dict(story.state.open)) == (due + 3 * DAY, {})


def test_a_nudge_waits_for_half_the_period_and_two_working_days():
    story = told(*TO_WORK)
    assert story.refused("Nudged", "sender") == (Reason.TOO_EARLY, "half")
    story.at += 4 * DAY
    story.tell(("Nudged", "sender"), ("NudgeAnswered", "receiver"))
    assert story.refused("Nudged", "sender") == (Reason.TOO_EARLY, "nudge_gap")
    story.at += 5 * DAY
    story.tell(("Nudged", "sender"))


def test_the_second_rejection_opens_the_way_to_the_common_superior():
    reject = ("ResultRejected", "sender", {"rejections": [[1, "NOT_AS_ORDERED"]]})
    story = told(*REPORTED, reject)
    assert story.refused("Escalated", "receiver") == (Reason.WRONG_STATE, "reworks")
    story.tell(("Completed", "receiver", MADE), reject, ("Escalated", "receiver"))
    story.tell(("DisputeRuled", "superior", {"ruling": "ACCEPT"}))
    assert (story.state.state, story.state.reworks, dict(story.state.open)) == (State.REWORK, 2, {})


def test_the_director_confirms_for_an_officer_who_is_gone():
    story = told(*REPORTED, ("ConfirmedFor", "sender", {"reason": "MOVED"}))
    assert story.state.state == State.CONFIRMED


def test_an_evaluation_is_made_once_and_soon():
    story = told(*REPORTED, ("Confirmed", "sender"))
    late = told(*REPORTED, ("Confirmed", "sender"))
    late.at += 15 * DAY
    assert late.refused("Evaluated", "sender", {"grade": "GOOD"}) == (Reason.TOO_LATE, "evaluation")
    story.tell(("Evaluated", "sender", {"grade": "GOOD"}))
    assert story.refused("Evaluated", "sender", {"grade": "POOR"}) == (Reason.WRONG_STATE, "once")


COMPLAINT = ("Complained", "sender", {"reason": "LATE"})


def test_a_complaint_needs_a_breach_and_is_explained_before_it_is_ruled_on():
    story = told(*TO_WORK)
    assert story.refused(*COMPLAINT) == (Reason.TOO_EARLY, "breaches")
    story.at += 20 * DAY
    ruling = ("ComplaintRuled", "superior", {"ruling": "UPHELD"})
    story.tell(COMPLAINT)
    assert story.refused(*ruling) == (Reason.TOO_EARLY, "explanation")
    story.tell(("ComplaintExplained", "receiver"), ruling)
    assert dict(story.state.open) == {}


def test_a_complaint_after_the_end_is_ruled_on_without_an_explanation_in_time():
    story = told(*TO_WORK)
    story.at += 20 * DAY
    story.tell(("Completed", "receiver", MADE), ("Confirmed", "sender"), COMPLAINT)
    story.at += 10 * DAY
    story.tell(("ComplaintRuled", "superior", {"ruling": "DISMISSED"}))
    assert story.state.state == State.CONFIRMED
    story.at += 40 * DAY
    assert story.refused(*COMPLAINT) == (Reason.TOO_LATE, "complaint")


def test_sums_are_folded_to_the_fen_and_a_rejected_one_is_taken_back():
    story = told(*TO_WORK, ordered=[[1, 100_000_01], [2, 33]])
    story.tell(
        ("ProgressReported", "receiver", {"outcomes": [[1, "DONE", ""]], "controlled": [[1, 100_000_01]]})
    )
    first = story.state
    assert not first.is_sum_reached
    rest = {"outcomes": [[2, "DONE", ""]], "controlled": [[2, 33]]}
    story.tell(("Completed", "receiver", rest))
    assert story.state.is_sum_reached
    both = sums_of([first, story.state], 200_000_35)
    assert (both.ordered, both.controlled) == (200_000_68, 200_000_35)
    assert (both.is_excessive, both.is_reached) == (True, True)
    story.tell(("ResultRejected", "sender", {"rejections": [[1, "NOT_DONE"]]}))
    assert (story.state.controlled, story.state.is_sum_reached) == ({2: 33}, False)
    ended = replace(first, state=State.TERMINATED)
    assert sums_of([ended], 100_000_02).ordered == 0
    assert not sums_of([ended], 100_000_02).is_reached


def test_sums_name_items_of_the_matter():
    story = told(*TO_WORK)
    wrong = {"controlled": [[3, 1]]}
    assert story.refused("ProgressReported", "receiver", wrong) == (Reason.INVALID_FIELD, "items")
    order = Story().make("Withdrawn", "sender")
    story.state = None
    facts = issued_facts("FIND", SENDER, AT, ordered=[[3, 1]])
    refused = story.judge(
        replace(order, kind="Issued", base=Base(), at=AT, facts=facts, hub=ORIGIN, rulebook=RULES.hash)
    )
    assert (refused.reason, refused.detail) == (Reason.INVALID_FIELD, "ordered")


URGENT = {"urgent": True, "lane": 1, "due": AT + DAY, "urgent_reason": "SAFETY"}
BY_PHONE = {**URGENT, "phone_first": True, "items": [[1, "LOCATE_PERSON"], [2, "SITE_CHECK"]], "papers": {}}


def test_an_urgent_matter_may_be_sent_by_telephone_before_its_papers():
    story = told(**BY_PHONE)
    assert (story.state.phone_first, set(story.state.open)) == (True, {"papers"})
    story.tell(
        ("CallLogged", "sender", {"called": story.at}),
        ("UrgentPapersSupplied", "sender", {"papers": {"ENTRUSTMENT_LETTER": 1}}),
    )
    assert dict(story.state.open) == {}


def test_a_consent_by_word_of_mouth_is_put_in_writing():
    story = told(**URGENT, oral_consent=True)
    assert (story.state.oral_consent, set(story.state.open)) == (True, {"consent"})
    assert marks_of(story.state.open, RULES.kind("FIND")) == (Mark.CONSENT_OPEN,)
    story.tell(*TO_WORK, ("ConsentWritten", "sender"))
    assert dict(story.state.open) == {}
    assert story.refused("ConsentWritten", "sender") == (Reason.WRONG_STATE, "consent")
    moved = told(**URGENT, oral_consent=True)
    moved.tell(*TO_WORK, ("SenderTransferred", "superior", {"reason": "ELEVATED"}, HUB_COURT))
    assert dict(moved.state.open) == {}


@pytest.mark.parametrize(
    ("kind", "facts"),
    [("FIND", {"oral_consent": True}), ("ENTRUST_SERVICE", {**URGENT, "oral_consent": True})],
)
def test_a_consent_by_word_of_mouth_is_for_urgent_matters_that_are_approved(kind, facts):
    made = Story()
    made.state = None
    refused = made.judge(made.header("Issued", SENDER, RECEIVER, issued_facts(kind, SENDER, AT, **facts)))
    assert (refused.reason, refused.detail) == (Reason.INVALID_FIELD, "oral_consent")
    assert "紧急" in as_error(refused, None).message


def test_the_sender_is_charged_where_a_consent_is_not_in_writing_after_a_day():
    limit = RULES.kind("FIND").limits["urgent_consent"]
    assert (limit.period(urgent=True), limit.owner) == ((24, Unit.HOURS), Owner.SENDER)
    story = told(**URGENT, oral_consent=True)
    assert applies(limit, moment_of(story.issued, AT, story.state))
    plain = told(**URGENT)
    assert not applies(limit, moment_of(plain.issued, AT, plain.state))


@pytest.mark.parametrize("facts", [{"urgent": False, "due": AT + 7 * DAY}, {"items": [[1, "QUERY"]]}])
def test_property_measures_always_need_papers(facts):
    made = Story(**BY_PHONE)
    made.state = None
    order = made.header("Issued", SENDER, RECEIVER, issued_facts("FIND", SENDER, AT, **{**BY_PHONE, **facts}))
    refused = made.judge(order)
    assert (refused.reason, refused.detail) == (Reason.INVALID_FIELD, "phone_first")


def test_the_sender_decides_whether_a_matter_stays_urgent():
    story = told(*TO_WORK, ("UrgencyQuestioned", "receiver"), **URGENT)
    due = {"due": story.at + HOUR + 7 * DAY}
    story.tell(("UrgencyLowered", "sender", due))
    assert (story.state.urgent, story.state.due) == (False, due["due"])
    assert story.refused("UrgencyQuestioned", "receiver") == (Reason.WRONG_STATE, "urgent")


def test_a_case_that_has_changed_awaits_a_choice():
    story = told(*TO_WORK, ("CaseStatusChanged", "sender", {"status": "FULLY_ENFORCED"}))
    assert set(story.state.open) == {"case_status"}
    assert (
        dict(told(*TO_WORK, *[("CaseStatusChanged", "sender", {"status": "BANKRUPTCY"}), STOP]).state.open)
        == {}
    )
    story.tell(("CaseContinued", "sender"))
    assert dict(story.state.open) == {}


def test_a_transfer_is_asked_for_after_a_change_and_ordered_by_the_superior():
    story = told(*TO_WORK)
    asking = ("TransferAsked", "sender", {"court": STRANGER})
    assert story.refused(*asking) == (Reason.WRONG_STATE, "case_status")
    story.tell(("CaseStatusChanged", "sender", {"status": "DESIGNATED"}), asking)
    assert set(story.state.open) == {"transfer"}
    story.tell(("CaseStatusChanged", "sender", {"status": "DESIGNATED"}))
    assert story.refused(*asking) == (Reason.WRONG_STATE, "transfer")
    story.tell(("SenderTransferred", "superior", {"reason": "DESIGNATED"}, HUB_COURT))
    assert dict(story.state.open) == {}


def test_a_refused_transfer_leaves_the_choice_to_the_sender_again():
    refusing = ("TransferRefused", "superior", {"reason": "NOT_MOVED"})
    changed = ("CaseStatusChanged", "sender", {"status": "DESIGNATED"})
    story = told(*TO_WORK, changed)
    assert story.refused(*refusing) == (Reason.WRONG_STATE, "transfer")
    story.tell(("TransferAsked", "sender", {"court": STRANGER}), refusing)
    assert set(story.state.open) == {"case_status"}
    assert story.state.sender == SENDER
    story.tell(("TransferAsked", "sender", {"court": STRANGER}), refusing, ("CaseContinued", "sender"))
    assert dict(story.state.open) == {}
    assert story.refused("TransferRefused", "superior", {"reason": "HARDSHIP"})[0] == Reason.INVALID_FIELD


def test_a_refusal_names_the_rule_that_forbids_it():
    refusal = told(*TO_WORK).judge(told(*TO_WORK).make("Nudged", "sender"))
    error = as_error(refusal, State.IN_PROGRESS)
    assert error.message == "催办起算(期限过半)尚未届满（依据：工作规则建议稿 §8）"


SUPERVISED = [("Delivered", "receiver"), ("Signed", "receiver"), ("SupervisionReplied", "receiver")]


def test_the_superior_decides_when_a_supervision_is_done():
    story = told(*SUPERVISED, ("ReplyReturned", "sender"), kind="SUPERVISION")
    assert (story.state.sender, story.state.state) == (HUB_COURT, State.IN_PROGRESS)
    story.tell(SUPERVISED[-1], ("SupervisionClosed", "sender", {"result": "DONE"}))
    assert (story.state.state, story.state.is_open) == (State.SUPERVISION_DONE, False)
    assert story.refused("Revoked", "sender") == (Reason.WRONG_STATE, "")


def test_only_the_superior_supervises_and_only_the_chief_replies():
    story = told(*SUPERVISED[:2], kind="SUPERVISION")
    reply = story.make("SupervisionReplied", "receiver")
    assert story.judge(replace(reply, facts={"role": "CENTRE_DIRECTOR"})).reason == Reason.WRONG_ROLE
    story.state = None
    order = issued_facts("SUPERVISION", SENDER, story.at)
    assert story.judge(story.header("Issued", SENDER, RECEIVER, order)).reason == Reason.WRONG_COURT
