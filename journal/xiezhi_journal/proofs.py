"""Events and their proofs between rows, messages and domain objects."""

from google.protobuf.message import DecodeError

from xiezhi.v1 import document_pb2, event_pb2
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.canonical import HASH_BYTES
from xiezhi_domain.evidence.parts import ErasedPart, Part, commitment
from xiezhi_domain.evidence.push import PushProof


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


def push_proof(message: event_pb2.PushProof) -> PushProof:
    """Return the push proof of a message; nothing is checked."""
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
    if any(part.erased_hash for part in body.parts):
        raise FormatError("新事件的内容不能有已删除的部分")
    return commitment([_whole(part) for part in body.parts]).hex()


def part_content(body: event_pb2.Body, name: str) -> bytes:
    """Return the bytes of a part; empty if there is none or it was erased."""
    return next((part.content for part in body.parts if part.name == name), b"")


def named_documents(body: event_pb2.Body) -> tuple[document_pb2.Document, ...]:
    """Return the documents that an event names.

    :raises FormatError: the part is no list of documents, or one in it has no hash.
    """
    content = part_content(body, "documents")
    if not content:
        return ()
    try:
        documents = tuple(event_pb2.DocumentList.FromString(content).documents)
    except DecodeError as error:
        raise FormatError("文书清单无法读取") from error
    if any(len(document.sha256) != HASH_BYTES for document in documents):
        raise FormatError("文书清单中的校验值不正确")
    return documents
