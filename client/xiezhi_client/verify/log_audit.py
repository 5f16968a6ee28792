"""Walking a whole log: every entry, every tile, the tree, the checkpoint, the state of keys."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from xiezhi_client.verify.findings import Finding, NotHeldError, not_proven, tampered
from xiezhi_client.verify.log_rules import EntryRules
from xiezhi_client.verify.log_sources import LogSource
from xiezhi_client.verify.log_tree import check_roots, open_checkpoint, roots_at
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.merkle import leaf_hash
from xiezhi_domain.evidence.tilefiles import TileFile, decode_bundle, decode_tile, files_of
from xiezhi_domain.evidence.tiles import TileRows
from xiezhi_domain.evidence.trust import OpenedCheckpoint, TrustedLog

MOST_FINDINGS: Final = 100
"""Of each copy; what comes after is not looked for, because it follows from what went before."""


@dataclass(slots=True)
class AuditedCopy:
    """A copy of a log, or of a part of it, and what is wrong with it.

    `leaves` are the leaf hashes of the entries that it holds, by log index; `signatures` counts the courts' signatures
    that were checked, which an export and tiles do not have. `whole` says that every entry was read that its
    newest checkpoint covers; without a finding of tampering they then lead to its root. `opened` is that checkpoint
    with its witnesses, where the copy is one that has them.
    """

    name: str
    checkpoints: list[Checkpoint] = field(default_factory=list)
    opened: OpenedCheckpoint | None = None
    leaves: Mapping[int, bytes] = field(default_factory=dict)
    whole: bool = False
    signatures: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def newest(self) -> Checkpoint | None:
        """The largest of its checkpoints."""
        return max(self.checkpoints, key=lambda each: each.size, default=None)


Take = Callable[[int, bytes], None]
"""Gets each entry with its index, in the order of the log."""


def audit_log(
    source: LogSource,
    trusted: TrustedLog,
    earlier: Collection[Checkpoint] = (),
    take: Take = lambda _index, _entry: None,
) -> AuditedCopy:
    """Return what is wrong with a copy of the whole log under the pinned keys.

    *earlier* are checkpoints of the same log that were opened under the same keys: the log has to extend them. *take*
    gets the entries as they are read, before it is known whether they lead to what was signed.
    """
    copy = AuditedCopy(source.name)
    try:
        opened = open_checkpoint(source.checkpoint(), trusted)
        if isinstance(opened, Finding):
            copy.findings.append(opened)
            return copy
        copy.opened = opened
        copy.checkpoints.append(opened.checkpoint)
        _Walk(source, copy, take).follow(opened.checkpoint, earlier)
    except NotHeldError as error:
        copy.findings.append(not_proven(error.message))
    except FormatError as error:
        copy.findings.append(tampered(error.message))
    return copy


class _Walk:
    def __init__(self, source: LogSource, copy: AuditedCopy, take: Take) -> None:
        self._source = source
        self._copy = copy
        self._take = take
        self._leaves: list[bytes] = []
        self._levels: dict[int, list[bytes]] = {}
        self._rows = TileRows()
        self._rules = EntryRules()

    def follow(self, checkpoint: Checkpoint, earlier: Collection[Checkpoint]) -> None:
        """Read everything that the checkpoint covers, and hold it against the signatures."""
        files = list(files_of(checkpoint.size))
        try:
            for file in files:
                if file.entries:
                    self._read_bundle(file)
        finally:
            self._copy.leaves = dict(enumerate(self._leaves))
        self._copy.whole = True
        self._report(check_roots(self._leaves, [checkpoint, *earlier]))
        stated = [each for file in files if not file.entries for each in self._read_tile(file)]
        self._blame(checkpoint, stated)

    def _read_bundle(self, file: TileFile) -> None:
        for entry in _decoded(decode_bundle, file, self._source.read(file)):
            leaf = leaf_hash(entry)
            self._report(self._rules.check(len(self._leaves), entry, leaf))
            self._take(len(self._leaves), entry)
            self._leaves.append(leaf)
            for row in self._rows.append(leaf):
                self._levels.setdefault(row.level, []).append(row.hash)

    def _read_tile(self, file: TileFile) -> list[bytes]:
        """Return the leaf hashes that a tile states; one of a higher level must be what the entries give."""
        hashes = _decoded(decode_tile, file, self._source.read(file))
        tile = file.tile
        if tile.level == 0:
            return hashes
        if hashes != self._levels.get(tile.level, [])[tile.first : tile.first + tile.width]:
            self._report([tampered(f"{file.path} 中的哈希值与由记录算出的不符")])
        return []

    def _blame(self, checkpoint: Checkpoint, stated: Sequence[bytes]) -> None:
        """Say which entries are not those that the tiles state, and whether the tiles are what was signed."""
        signed = roots_at(stated, {checkpoint.size})[checkpoint.size] == checkpoint.root
        held = "平台签名所覆盖的记录不是这一项，记录被改动" if signed else "两者至少有一个被改动"
        self._report(
            tampered(f"日志第 {index} 项的内容与节点块中的哈希值不符：{held}")
            for index, (leaf, said) in enumerate(zip(self._leaves, stated, strict=True))
            if leaf != said
        )

    def _report(self, found: Iterable[Finding]) -> None:
        room = MOST_FINDINGS - len(self._copy.findings)
        self._copy.findings += islice(found, max(0, room))


def _decoded(decode: Callable[[bytes, int], list[bytes]], file: TileFile, data: bytes) -> list[bytes]:
    try:
        return decode(data, file.tile.width)
    except FormatError as error:
        raise FormatError(f"{file.path}：{error.message}") from None
