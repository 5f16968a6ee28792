"""Which papers a browser is given to show: what would hold it, or whoever looks, is saved to disk instead."""

import io
from typing import Final

from PIL import Image
from pypdf import PdfReader

from xiezhi_workbench.scans import UnusableError, sizes

LARGEST: Final = 50 * 1024 * 1024
"""Bytes."""
MOST_PAGES: Final = 3_000
MOST_PIXELS: Final = 120_000_000
"""Of a picture, or of one in a PDF's first pages; the largest cameras of phones have 108 million."""
_LOOKED_INTO: Final = 20
"""Pages of a PDF whose pictures are measured: those that a reader unpacks at once."""
_FORMATS: Final = {"image/png": ("PNG",), "image/jpeg": ("JPEG",)}
TOO_LARGE: Final = f"文书超过 {LARGEST // (1024 * 1024)} MB"
_TOO_MANY: Final = f"文书超过 {MOST_PAGES:,} 页"
_TOO_FINE: Final = f"图像超过 {MOST_PIXELS // 1_000_000} 百万像素"
_BROKEN: Final = "文书已损坏，或者不是所标明的格式"


def check(content: bytes, media_type: str) -> None:
    """Let pass a PDF or picture that can be shown. Raise `UnusableError`, saying why not."""
    try:
        if media_type == "application/pdf":
            _check_pdf(content)
        else:
            # Its size stands in its first bytes; nothing is unpacked, and larger ones are told apart here.
            Image.MAX_IMAGE_PIXELS = None
            with Image.open(io.BytesIO(content), formats=_FORMATS[media_type]) as opened:
                _check_pixels(opened.width * opened.height)
    except (UnusableError, MemoryError):
        raise
    except Exception as error:
        raise UnusableError(_BROKEN) from error


def _check_pdf(content: bytes) -> None:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        # Whoever has the password opens it in the browser's own reader.
        return
    if len(reader.pages) > MOST_PAGES:
        raise UnusableError(_TOO_MANY)
    for number in range(min(len(reader.pages), _LOOKED_INTO)):
        for pixels in sizes(reader.pages[number]).values():
            _check_pixels(pixels)


def _check_pixels(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise UnusableError(_TOO_FINE)
