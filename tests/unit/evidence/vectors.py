"""Test vectors of other projects, which are not part of this repository."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3].parent / "shared" / "vectors"
needs_vectors = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the vectors of other projects are not beside the repository (../shared/vectors)",
)


def merkle_cases(kind: str) -> list[Any]:
    """All cases of a kind (`inclusion`, `consistency`); one skipped case where the folder is absent."""
    folder = FOLDER / "merkle" / kind
    files = sorted(folder.rglob("*.json"))
    if not files:
        return [
            pytest.param({}, marks=pytest.mark.skip(reason=f"no vectors at ../shared/vectors/merkle/{kind}"))
        ]
    return [pytest.param(json.loads(file.read_text()), id=str(file.relative_to(folder))) for file in files]


def decoded(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or ()]
