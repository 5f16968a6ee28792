"""Make the pictures of docs/guide from what `make screenshots` has written: those that its pages show, made small.

`pictures/NAME.webp` comes from `build/screenshots/NAME.png`, or where there is none from the page at the smallest desk,
`NAME-1366.png`.
"""

import re
import sys
from pathlib import Path

from PIL import Image

HOUSE = Path(__file__).resolve().parents[1]
GUIDE = HOUSE / "docs" / "guide"
DESK = "1366"
WIDEST, TALLEST_OF_WIDTH = 1100, 1.1
"""Pixels; what stands lower on a long page is told in words."""
PHONE, TALLEST_ON_PHONE = 390, 2.0
QUALITY = 72


def main(screenshots: Path) -> None:
    """Write every picture that a page of the guide shows."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in sorted(GUIDE.glob("*.md")))
    for name in sorted(set(re.findall(r"pictures/([\w-]+)\.webp", pages))):
        source = screenshots / f"{name}.png"
        write(source if source.exists() else screenshots / f"{name}-{DESK}.png", name)


def write(source: Path, name: str) -> None:
    """Cut a screenshot at its foot, and store it compressed."""
    with Image.open(source) as opened:
        tallest = TALLEST_ON_PHONE if opened.width <= PHONE else TALLEST_OF_WIDTH
        picture = opened.convert("RGB").crop(
            (0, 0, opened.width, min(opened.height, int(opened.width * tallest)))
        )
    picture.thumbnail((WIDEST, int(WIDEST * TALLEST_ON_PHONE)))
    picture.save(GUIDE / "pictures" / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE / "build" / "screenshots")
