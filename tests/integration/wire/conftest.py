from pathlib import Path

import pytest
from tests.integration.wire.pki import Pki


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path / "pki")
