"""Events and their proofs between rows, messages and domain objects."""

from typing import Final, TypeVar

from google.protobuf.message import DecodeError, Message

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi.v1.link_service_pb2 import StoredEvent
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import HASH_BYTES
from xiezhi_domain.evidence.parts import ErasedPart, Part, commitment, commitment_to_new
from xiezhi_domain.evidence.push import PushProof

DOCUMENTS: Final = "documents"
"""Name of the part that lists the documents that an event names."""

MessageT = TypeVar("MessageT", bound=Message)


def stored_event(record: event_pb2.EventRecord) -> StoredEvent:
    """Return an event of another service in the form of the link; the two are the same on the wire."""
    return StoredEvent.FromString(record.SerializeToString())


def encode_push(proof: PushProof) -> bytes:
    """Return a push proof as it is stored and sent."""
    return event_pb2.PushProof(
        court=proof.court,
        key_id=proof.key_id,
        first_position=proof.first_position,
        count=proof.count,
        root=proof.root,
        signature=proof.signature,
        index=proof.index,
        path=proof.path,
    ).SerializeToString()


def decode_push(data: bytes) -> PushProof:
    """Return the push proof that *data* spells; only its form is checked.

    :raises FormatError: not a push proof, or not in the one spelling of it.
    """
    message = _decode(event_pb2.PushProof, data, "推送证明")
    return PushProof(
        message.court,
        message.key_id,
        message.first_position,
        message.count,
        message.root,
        message.signature,
        message.index,
        tuple(message.path),
    )


def decode_body(data: bytes) -> event_pb2.Body:
    """Return the body that *data* spells; whether a header commits to it is not checked.

    :raises FormatError: not a body, or not in the one spelling of it.
    """
    return _decode(event_pb2.Body, data, "事件内容")


def _decode(kind: type[MessageT], data: bytes, what: str) -> MessageT:
    """Return the message in *data*, which holds nothing beside it: these bytes are stored and passed on as they are.

    Signature and commitment cover what was read; a field unknown here or given twice would travel along unsigned.
    """
    try:
        message = kind.FromString(data)
    except DecodeError as error:
        raise FormatError(f"{what}无法读取") from error
    message.DiscardUnknownFields()
    if message.SerializeToString() != data:
        raise FormatError(f"{what}不是规范编码")
    return message


def body_parts(body: event_pb2.Body) -> list[Part | ErasedPart]:
    """Return the parts of a body, erased ones as what remains of them.

    :raises FormatError: a part that cannot be one; an erased part that still brings salt or content.
    """
    return [_erased(part) if part.erased_hash else _whole(part) for part in body.parts]


def _whole(part: event_pb2.BodyPart) -> Part:
    return Part(part.name, part.salt, part.content)


def _erased(part: event_pb2.BodyPart) -> ErasedPart:
    if part.salt or part.content:
        # The commitment would cover the hash alone, and readers would take the content for what was signed.
        raise FormatError("已删除的内容部分不应带有内容")
    return ErasedPart(part.name, part.erased_hash)


def body_commitment(body: event_pb2.Body) -> str:
    """Return the commitment to the body of a new event in hex, as headers carry it.

    :raises FormatError: a part that cannot be one, two of one name, or one that is erased: nothing is erased before it
        was ruled on and taken.
    """
    parts = body.parts
    if any([part.erased_hash for part in parts]):  # noqa: C419  a list is faster, and bodies are checked all day
        raise FormatError("新事件的内容不能有已删除的部分")
    return commitment_to_new([(part.name, part.salt, part.content) for part in parts]).hex()


def kept_commitment(body: event_pb2.Body) -> str:
    """Return the commitment to the body of an event that was ruled on, of which parts may have been erased since.

    :raises FormatError: a part that cannot be one, or two of one name.
    """
    return commitment(body_parts(body)).hex()


def is_erased(body: event_pb2.Body, name: str) -> bool:
    """Return whether the part of this name was erased."""
    return any(part.name == name and part.erased_hash for part in body.parts)


def part_content(body: event_pb2.Body, name: str) -> bytes:
    """Return the bytes of a part; empty if there is none or it was erased."""
    return next((part.content for part in body.parts if part.name == name), b"")


def documents_of(data: bytes) -> tuple[document_pb2.Document, ...]:
    """Return the documents that an event with the serialised body *data* names.

    :raises FormatError: as `decode_body` and `named_documents`.
    """
    # Most events name none, and looking for the part's name is cheaper than reading every body.
    return named_documents(decode_body(data)) if DOCUMENTS.encode() in data else ()


def named_documents(body: event_pb2.Body) -> tuple[document_pb2.Document, ...]:
    """Return the documents that an event names.

    :raises FormatError: the part is no list of documents, or one in it has no hash.
    """
    content = part_content(body, DOCUMENTS)
    if not content:
        return ()
    try:
        documents = tuple(event_pb2.DocumentList.FromString(content).documents)
    except DecodeError as error:
        raise FormatError("文书清单无法读取") from error
    if any(len(document.sha256) != HASH_BYTES for document in documents):
        raise FormatError("文书清单中的校验值不正确")
    return documents
