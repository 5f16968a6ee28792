"""Taking data out: one matter as a ZIP, lists as spreadsheets (practice.md §14, §18).

``readable``  a matter in words: its history, and the field sheet for entering it again elsewhere
``archive``   the ZIP of one matter
``listing``   a list of matters as a table
``service``   `ExportService`
"""
