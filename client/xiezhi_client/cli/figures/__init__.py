"""Figures, bulletins, and the sheets that courts print."""
