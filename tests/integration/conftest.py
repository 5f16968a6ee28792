from tests.databases import journal_url, journal_urls, pytest_collection_finish

__all__ = ["journal_url", "journal_urls", "pytest_collection_finish"]
