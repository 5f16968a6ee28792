from tests.databases import (
    journal_url,
    journal_urls,
    pytest_collection_finish,
    pytest_collection_modifyitems,
)

__all__ = ["journal_url", "journal_urls", "pytest_collection_finish", "pytest_collection_modifyitems"]
