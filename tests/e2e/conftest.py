from tests.stage.plugin import (
    company,
    module_stage,
    pytest_collection_finish,
    pytest_runtest_makereport,
    saved_stage,
    stage,
    stage_server,
)

__all__ = [
    "company",
    "module_stage",
    "pytest_collection_finish",
    "pytest_runtest_makereport",
    "saved_stage",
    "stage",
    "stage_server",
]
