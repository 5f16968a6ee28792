"""The documents that a draft of the superior names."""

from typing import Final

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from sqlalchemy import Connection

from xiezhi.v1 import document_pb2
from xiezhi_desk.documents.service import document_message
from xiezhi_desk.documents.store import list_documents
from xiezhi_domain.errors import InvalidInput

MOST_DOCUMENTS: Final = 100


def fill_in_documents(
    connection: Connection, named: RepeatedCompositeFieldContainer[document_pb2.Document], draft_id: str
) -> None:
    """Put into *named*, the field ``order.documents``, the documents as they lie here, each once.

    *draft_id* is what they were uploaded under.

    :raises InvalidInput: naming the one that does not lie here; there are too many.
    """
    here = {stored.spec.sha256: stored for stored in list_documents(connection, draft_id)}
    hashes = [document.sha256 for document in named]
    if len(hashes) > MOST_DOCUMENTS:
        raise InvalidInput.in_field("order.documents", f"文书最多 {MOST_DOCUMENTS} 份")
    for at, sha256 in enumerate(hashes):
        if sha256 not in here:
            raise InvalidInput.in_field(f"order.documents[{at}]", "该文书尚未为本拟稿上传，请先上传")
    del named[:]
    named.extend(document_message(here[sha256]) for sha256 in dict.fromkeys(hashes))
