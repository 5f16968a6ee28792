"""What helper processes do, and that programs load nothing of it."""

import importlib
import subprocess
import sys
from typing import get_type_hints

import pytest

from xiezhi_papers import jobs
from xiezhi_papers.workshop import Job

JOBS = {name: job for name, job in vars(jobs).items() if isinstance(job, Job)}
HEAVY = ("pyhanko", "pypdf", "typst", "docxtpl", "openpyxl", "aiohttp", "lxml")


@pytest.mark.parametrize("name", JOBS)
def test_a_job_is_a_function_that_returns_what_it_says(name: str) -> None:
    job = JOBS[name]
    function = getattr(importlib.import_module(job.module), job.function)
    hints = get_type_hints(function)
    assert hints.pop("return") == job.result
    assert len(hints) == 1


@pytest.mark.parametrize("program", ["xiezhi_node.app", "xiezhi_hub.app"])
def test_programs_load_none_of_the_libraries_that_helpers_use(program: str) -> None:
    told = f"import {program}, sys; print(*sorted(set({HEAVY!r}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
