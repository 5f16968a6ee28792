"""A bulletin (统计通报) as Word, PDF and workbook: the same tables and charts in each."""

from xiezhi_papers.bulletins.paper import Bar, BulletinPaper, Chart, Table

__all__ = ["Bar", "BulletinPaper", "Chart", "Table"]
