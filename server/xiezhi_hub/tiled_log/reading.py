"""The bytes of the log's files, read from its rows."""

from sqlalchemy import Connection

from xiezhi_domain.errors import NotFound, Reason
from xiezhi_domain.evidence.tilefiles import TileFile, encode_bundle, encode_tile
from xiezhi_hub.log_head import read_head
from xiezhi_journal.translog import LogHashes, log_entries


def read_checkpoint(connection: Connection) -> bytes:
    """Return the newest signed checkpoint.

    :raises NotFound: nothing was signed yet.
    """
    note = read_head(connection).note
    if not note:
        raise _absent()
    return note


def read_published(connection: Connection, file: TileFile) -> bytes:
    """Return a file that the newest checkpoint covers.

    :raises NotFound: it is not so far: what no signature covers yet is not given out.
    """
    if not file.within(read_head(connection).size):
        raise _absent()
    return read_file(connection, file)


def read_file(connection: Connection, file: TileFile) -> bytes:
    """Return the bytes of a file of the log, which must have it.

    :raises FormatError: rows are missing.
    """
    tile = file.tile
    if file.entries:
        return encode_bundle(log_entries(connection, tile.first, tile.width))
    return encode_tile(LogHashes(connection).read(tile.level, tile.first, tile.width))


def _absent() -> NotFound:
    return NotFound(Reason.OFFSET_OUT_OF_RANGE, "平台日志中没有这个文件，或者最新检查点尚不包括它")
