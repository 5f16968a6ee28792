"""The fonts of a PDF: those that the court has, then a free one that is installed with the platform (ADR 0004).

仿宋_GB2312 and 方正小标宋, which official papers are set in, belong to their makers; a court that has them names their
directory in its configuration. Noto Serif SC and Noto Sans SC stand in where they are missing.
"""

from functools import cache

import pylopdf_fonts_zh_cn
import typst


@cache
def fonts(directory: str) -> typst.Fonts:
    """Return the fonts, read once in a process; *directory* is the court's own, empty if it has none.

    The system's fonts are left out, so that a letter looks the same on every machine.
    """
    shipped = str(pylopdf_fonts_zh_cn.serif_path().parent)
    directories = [directory, shipped] if directory else [shipped]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=directories)
