import pytest
import structlog


@pytest.fixture(autouse=True)
def logged():
    """What was logged; printing tracebacks with all their variables takes seconds each."""
    with structlog.testing.capture_logs() as entries:
        yield entries
