"""Sheets about the people of a court, as command line and workbench read them: the staff list, the duty roster."""
