"""Bulletins (统计通报): drawn up at an index of the log, shown to courts, published by an event, corrected later."""
