"""Beginning a trial and clearing it, in the writer."""

from dataclasses import dataclass

from sqlalchemy import and_, delete, insert, select, update

from xiezhi.v1 import trial_service_pb2 as pb
from xiezhi_domain.errors import Conflict, Reason, WrongState
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.reading.lists import of_a_trial
from xiezhi_journal.tables import (
    draft,
    draft_step,
    instruction,
    notification,
    outside_matter,
    outside_step,
    registry_act,
    registry_answer,
    registry_hit,
    registry_query,
    trial_run,
)
from xiezhi_node.acting.numbers import trial_changed
from xiezhi_node.trial.store import read_trial, real_matters, running, unsent


@dataclass(frozen=True, slots=True)
class Start:
    """Work for the writer: a trial begins."""

    account: str

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> pb.Trial:
        """Begin it."""
        connection = ledger.connection
        if running(connection) is not None:
            raise WrongState(Reason.WRONG_STATE, "试运行已经开始")
        if real_matters(connection):
            raise WrongState(Reason.WRONG_STATE, "本院已有正式事项，不能再开始试运行")
        values = {"started_at": ledger.now, "started_by": self.account, "cleared_at": 0, "cleared_by": ""}
        connection.execute(insert(trial_run), values | {"summary": b""})
        trial_changed(ledger)
        return read_trial(connection)


@dataclass(frozen=True, slots=True)
class Clear:
    """Work for the writer: the trial ends, and what never left this court is deleted; `seen`: how many rows that is."""

    account: str
    seen: int

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> pb.Trial:
        """Clear it; everything that is deleted carries the mark of a trial."""
        connection = ledger.connection
        trial = read_trial(connection)
        if not trial.running:
            raise WrongState(Reason.WRONG_STATE, "没有正在进行的试运行")
        if trial.open_matters:
            raise WrongState(
                Reason.WRONG_STATE, f"尚有 {trial.open_matters} 件已推送的试运行事项未结，请先撤回或办结"
            )
        if self.seen != trial.drafts + trial.outside_matters:
            raise Conflict(Reason.STALE_BASE, "试运行数据刚有变化，请查看后重新清除")
        self._delete_notifications(ledger)
        self._delete_registries(ledger)
        self._delete_drafts(ledger)
        self._delete_outside(ledger)
        trial.running = False
        values = {
            "cleared_at": ledger.now,
            "cleared_by": self.account,
            "summary": trial.SerializeToString(),
        }
        connection.execute(update(trial_run).where(trial_run.c.cleared_at == 0).values(values))
        trial_changed(ledger)
        return trial

    def _delete_drafts(self, ledger: Ledger) -> None:
        mine = and_(of_a_trial(), unsent())
        ids = list(ledger.connection.scalars(select(instruction.c.instruction).where(mine)))
        for table in (draft, draft_step, instruction):
            for identifier in ids:
                ledger.connection.execute(delete(table).where(table.c.instruction == identifier))
        for identifier in ids:
            ledger.cache.matters.pop(identifier, None)

    def _delete_notifications(self, ledger: Ledger) -> None:
        """Delete what people were told of matters of the trial; what still waits is told to nobody."""
        of_trial = select(instruction.c.instruction).where(of_a_trial())
        ledger.connection.execute(delete(notification).where(notification.c.instruction.in_(of_trial)))

    def _delete_registries(self, ledger: Ledger) -> None:
        """Delete what registries were asked and have told in matters of the trial; the record of looks stays."""
        of_trial = select(instruction.c.instruction).where(of_a_trial())
        queries = select(registry_query.c.query_id).where(registry_query.c.instruction.in_(of_trial))
        ledger.connection.execute(delete(registry_answer).where(registry_answer.c.query_id.in_(queries)))
        for table in (registry_query, registry_act, registry_hit):
            ledger.connection.execute(delete(table).where(table.c.instruction.in_(of_trial)))

    def _delete_outside(self, ledger: Ledger) -> None:
        of_trial = select(outside_matter.c.outside_id).where(outside_matter.c.trial)
        ledger.connection.execute(delete(outside_step).where(outside_step.c.outside_id.in_(of_trial)))
        ledger.connection.execute(delete(outside_matter).where(outside_matter.c.trial))
