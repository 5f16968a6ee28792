"""The link's frames as the references have them: each event a message of messages, read and written anew at every hop.

Made from the contract, so that both differ in nothing else.
"""

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.message_factory import GetMessageClass

from xiezhi.v1 import event_pb2, link_service_pb2

_PACKAGE = "bench"


def _contract() -> descriptor_pb2.FileDescriptorProto:
    contract = descriptor_pb2.FileDescriptorProto()
    link_service_pb2.DESCRIPTOR.CopyToProto(contract)
    del contract.service[:]
    contract.name, contract.package = "bench/link.proto", _PACKAGE
    contract.dependency.append(event_pb2.DESCRIPTOR.name)
    own = {message.name for message in contract.message_type} | {enum.name for enum in contract.enum_type}
    for field in (field for message in contract.message_type for field in message.field):
        name = field.type_name.rpartition(".")[2]
        if name == "StoredEvent":
            field.type_name = ".xiezhi.v1.EventRecord"
        elif name in own:
            field.type_name = f".{_PACKAGE}.{name}"
    return contract


_POOL = descriptor_pool.Default()
_POOL.AddSerializedFile(_contract().SerializeToString())


def _message(name: str) -> type:
    return GetMessageClass(_POOL.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


Ack = _message("Ack")
ConnectRequest = _message("ConnectRequest")
ConnectResponse = _message("ConnectResponse")
Deliver = _message("Deliver")
FeedCursor = _message("FeedCursor")
FeedItem = _message("FeedItem")
Push = _message("Push")
