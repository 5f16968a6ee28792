"""The PDF of a letter, set by Typst from a template that reaches its data and the layout, and nothing else."""

import json
import re
import tempfile
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

import typst

from xiezhi_domain.errors import InvalidInput
from xiezhi_papers.letters.fonts import fonts
from xiezhi_papers.letters.wording import FIELD

LARGEST_TEMPLATE: Final = 256 * 1024
STANDARD: Final = "a-2b"
_LIBRARY: Final = "letter.typ"
_COMMENTS: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_IMPORT: Final = re.compile(r'#import\s+"letter\.typ"\s*:')
# `std` and modules made into dictionaries are other ways to `eval`, which is another way to `import`. Names cannot be
# put together from pieces without it.
_FORBIDDEN: Final = re.compile(
    r"(?<![\w-])(import|include|eval|plugin|read|std|csv|xml|yaml|toml|cbor|bibliography)(?![\w-])"
)
_NO_KEY: Final = re.compile(r'does not contain key "([^"]+)"')
_NO_NAME: Final = re.compile(r"unknown variable: (\S+)")


def check_template(content: bytes) -> str:
    """Return the text of a Typst template that may be run.

    :raises InvalidInput: naming ``content``; it is no text, too large, or takes in files, packages or code.
    """
    if len(content) > LARGEST_TEMPLATE:
        raise InvalidInput.in_field(FIELD, f"模板最大 {LARGEST_TEMPLATE // 1024} KB")
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput.in_field(FIELD, "模板应为 UTF-8 编码的文本") from None
    found = _FORBIDDEN.search(_IMPORT.sub("", _COMMENTS.sub("", source)))
    if found:
        raise InvalidInput.in_field(FIELD, f'模板不能使用 {found[1]}；只能写 #import "letter.typ": *')
    return source


def pdf_of(context: Mapping[str, Any], template: bytes, font_directory: str, timestamp: int) -> bytes:
    """Return the PDF (PDF/A-2b); *timestamp* (seconds since 1970) is when it says that it was made.

    The same context, template and time give the same bytes.

    :raises InvalidInput: naming ``content``; the template cannot be run, or asks for what is not there.
    """
    source = check_template(template)
    with tempfile.TemporaryDirectory(prefix="letter-") as root:
        Path(root, _LIBRARY).write_bytes(_layout(_LIBRARY))
        main = Path(root, "main.typ")
        main.write_text(source, encoding="utf-8")
        try:
            made = typst.compile(
                str(main),
                root=root,
                font_paths=fonts(font_directory),
                ignore_system_fonts=True,
                sys_inputs={"letter": json.dumps(context, ensure_ascii=False)},
                pdf_standards=STANDARD,
                timestamp=timestamp,
                package_path=root,
                package_cache_path=root,
            )
        except typst.TypstError as error:
            raise InvalidInput.in_field(FIELD, _explain(error)) from None
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _layout(name: str) -> bytes:
    return resources.files("xiezhi_papers.letters").joinpath("layout", name).read_bytes()


def _explain(error: typst.TypstError) -> str:
    message = error.message
    named = _NO_KEY.search(message) or _NO_NAME.search(message)
    return f"模板中有未知字段：{named[1]}" if named else f"模板有误：{message}"
