"""The Word file of a letter, filled in from a template that clerks can edit in Word."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from docxtpl import DocxTemplate
from lxml import etree

from xiezhi_domain.errors import InvalidInput
from xiezhi_papers.letters.sandbox import environment, explaining, require_known
from xiezhi_papers.letters.wording import FIELD

LARGEST_UNPACKED: Final = 32 * 1024 * 1024
_RELATIONS: Final = ".rels"
_EXTERNAL: Final = ".//{*}Relationship[@TargetMode='External']"
_NO_WORD: Final = "模板不是完整的 Word 文档（.docx），请另存后上传"
_HYPERLINK: Final = "/hyperlink"


def check_template(content: bytes, known: Mapping[str, Any]) -> None:
    """Let pass a Word template that names only what is *known*, and takes in nothing from elsewhere.

    :raises InvalidInput: naming ``content``.
    """
    _check_package(content)
    try:
        document = DocxTemplate(io.BytesIO(content))
        document.init_docx()
    except Exception as error:  # Whatever a stranger's file does to a library.
        raise InvalidInput.in_field(FIELD, _NO_WORD) from error
    with explaining(FIELD):
        names = document.get_undeclared_template_variables(environment(autoescape=True))
    require_known(names, known, FIELD)


def docx_of(context: Mapping[str, Any], template: bytes) -> bytes:
    """Return the Word file.

    :raises InvalidInput: naming ``content``; the template asks for what is not there.
    """
    document = DocxTemplate(io.BytesIO(template))
    with explaining(FIELD):
        document.render(dict(context), environment(autoescape=True), autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _check_package(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names, unpacked = archive.namelist(), sum(entry.file_size for entry in archive.infolist())
            wanted = [] if unpacked > LARGEST_UNPACKED else names
            relations = [archive.read(name) for name in wanted if name.endswith(_RELATIONS)]
    except Exception as error:  # Of its archive, in any of its parts.
        raise InvalidInput.in_field(FIELD, _NO_WORD) from error
    if unpacked > LARGEST_UNPACKED:
        raise InvalidInput.in_field(FIELD, "模板解压后过大，请去除图片后上传")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise InvalidInput.in_field(FIELD, "模板不能含有宏，请另存为 .docx 后上传")
    if any(_takes_in(relation) for relation in relations):
        raise InvalidInput.in_field(FIELD, "模板不能引用外部文件或链接图片，请嵌入后上传")


def _takes_in(relations: bytes) -> bool:
    """Whether Word would fetch something from elsewhere when it opens the file."""
    try:
        root = etree.fromstring(relations, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return True
    return any(not each.get("Type", "").endswith(_HYPERLINK) for each in root.iterfind(_EXTERNAL))
