"""Sheets that courts print and send up: tables as XLSX and PDF, of one description."""

from xiezhi_papers.sheets.sheet import Column, Group, PrintedSheet, Sheet

__all__ = ["Column", "Group", "PrintedSheet", "Sheet"]
