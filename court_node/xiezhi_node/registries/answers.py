"""What a registry answers, taken part by part, and believed only as far as it is about who was asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from xiezhi.v1 import registry_connector_pb2 as connector_pb
from xiezhi.v1 import registry_pb2
from xiezhi_desk.terms import PROPERTY_CATEGORIES, SEIZURE_KINDS
from xiezhi_domain.errors import DomainError, Reason, WrongState
from xiezhi_domain.registries import Category
from xiezhi_node.fields import LONGEST_LINE, LONGEST_TEXT, Fields
from xiezhi_node.registries.standing import is_same

MOST_RECORDS: Final = 500
MOST_BYTES: Final = 2 * 1024 * 1024


@dataclass(slots=True)
class Collected:
    """The records of one category so far, each once; `complete` once the last part has come."""

    request: connector_pb.RegistryConnectorQueryRequest
    category: Category
    records: dict[str, registry_pb2.RegistryRecord] = field(default_factory=dict)
    reply_number: str = ""
    as_of: str = ""
    complete: bool = False
    _bytes: int = 0

    def take(self, part: connector_pb.RegistryConnectorQueryResponse) -> None:
        """Take one part.

        :raises WrongState: REGISTRY_UNREADABLE; it answers another question, is about somebody else or makes no sense.
        """
        request = self.request
        if (part.request_number, part.category) != (request.request_number, request.category):
            raise unreadable("应答的请求编号或者类别不符")
        for record in part.records:
            self._take_record(record)
        self._bytes += part.ByteSize()
        if len(self.records) > MOST_RECORDS or self._bytes > MOST_BYTES:
            raise unreadable("返回的记录过多")
        if part.last:
            fields = Fields()
            fields.limit_text("reply_number", part.reply_number)
            fields.require_day("as_of", part.as_of)
            _require_readable(fields)
            self.reply_number, self.as_of, self.complete = part.reply_number, part.as_of, True

    def _take_record(self, record: registry_pb2.RegistryRecord) -> None:
        if not is_same(self.request.subject, record.holder):
            raise unreadable("返回的记录不属于所查询的对象")
        before = self.records.get(record.record_id)
        if before is not None and before != record:
            raise unreadable("同一记录前后两次返回的内容不同")
        check_record(record, self.category)
        self.records[record.record_id] = record


def check_record(record: registry_pb2.RegistryRecord, category: Category) -> None:
    """Refuse a record that its category cannot have.

    :raises WrongState: REGISTRY_UNREADABLE.
    """
    fields = Fields()
    fields.require_text("record_id", record.record_id, "记录编号")
    if record.HasField("property"):
        with fields.collecting():
            kind = PROPERTY_CATEGORIES.from_proto(record.property.category, "property.category")
            if kind not in category.properties:
                fields.add("property.category", "财产类别不符")
        fields.require_text("property.description", record.property.description, "财产说明", LONGEST_TEXT)
        fields.require_amount("property.value_fen", record.property.value_fen)
    elif not record.facts:
        fields.add("facts", "记录没有内容")
    for fact in record.facts:
        fields.require_text("facts.label", fact.label, "项目名称", LONGEST_LINE)
        fields.limit_text("facts.value", fact.value, LONGEST_TEXT)
    check_seizures(fields, record.seizures)
    _require_readable(fields)


def check_seizures(fields: Fields, seizures: Iterable[registry_pb2.Seizure]) -> None:
    """Note seizures without kind, rank or days that are days."""
    for seizure in seizures:
        with fields.collecting():
            SEIZURE_KINDS.from_proto(seizure.kind, "seizures.kind")
        if seizure.rank < 1:
            fields.add("seizures.rank", "查封顺位应从 1 开始")
        fields.require_day("seizures.starts_on", seizure.starts_on)
        fields.require_day("seizures.expires_on", seizure.expires_on)
        for name in ("court", "case_number", "document"):
            fields.limit_text(f"seizures.{name}", getattr(seizure, name))


def unreadable(what: str) -> DomainError:
    """Return the error of what cannot be believed; *what* names nothing personal."""
    return WrongState(Reason.REGISTRY_UNREADABLE, f"{Reason.REGISTRY_UNREADABLE.zh}：{what}")


def _require_readable(fields: Fields) -> None:
    if fields.violations:
        raise unreadable(fields.violations[0].message)
