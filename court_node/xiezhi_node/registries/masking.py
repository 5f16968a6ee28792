"""What registries answered, without numbers of people, for readers who do not work on the matter."""

from xiezhi.v1 import item_pb2, registry_pb2
from xiezhi.v1 import query_service_pb2 as pb
from xiezhi_desk.masking import mask_items
from xiezhi_domain.identity import mask

HIDDEN = "＊＊＊"


def mask_query(query: pb.RegistryQuery) -> None:
    """Mask the numbers in *query* itself; facts are words of registries and hidden whole."""
    for answer in query.answers:
        for record in answer.records:
            _mask(record)


def _mask(record: registry_pb2.RegistryRecord) -> None:
    record.holder.identity_number = mask(record.holder.identity_number)
    if record.HasField("property"):
        item = item_pb2.Item(property=record.property)
        mask_items([item])
        record.property.CopyFrom(item.property)
    for fact in record.facts:
        fact.value = HIDDEN
