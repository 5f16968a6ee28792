"""批量现场查控: items of many matters on one sheet, results split back to their matters (practice.md §19)."""
