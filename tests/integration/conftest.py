from tests.databases import journal_url, pytest_collection_finish

__all__ = ["journal_url", "pytest_collection_finish"]
