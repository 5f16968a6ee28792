"""What every test run needs before its first import."""

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from tests.workers import pytest_xdist_make_scheduler, pytest_xdist_setupnodes

# gRPC reads its cipher list once for the process; tests that import grpc first would leave TLS 1.2 open.
# The package sets the list without loading gRPC, so helper processes of tests can still be started.
import xiezhi_wire  # noqa: F401

__all__ = ["pytest_xdist_make_scheduler", "pytest_xdist_setupnodes"]

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30

# Programs wait for the disk at each commit, and tests pull plugs of programs, never of the machine: where memory has
# the room, their files lie there. TMPDIR says otherwise.
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# Machines are shared and noisy: how long an example takes says nothing about it.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
