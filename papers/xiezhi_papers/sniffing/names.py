"""Whether what a file is called agrees with what it is."""

from pathlib import PurePath
from typing import Final, NoReturn

from xiezhi_domain.errors import Reason, WrongState

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_OF_SUFFIX: Final = {
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": _DOCX,
    ".xlsx": _XLSX,
    ".txt": "text/plain",
    ".mp4": "video/mp4",
}
"""The types that names promise. A suffix that is not here promises nothing."""

_CALLED: Final = {
    "application/pdf": "PDF",
    "application/ofd": "OFD",
    "image/tiff": "TIFF 图片",
    "image/jpeg": "JPEG 图片",
    "image/png": "PNG 图片",
    _DOCX: "Word 文档",
    _XLSX: "Excel 表格",
    "text/plain": "文本",
    "video/mp4": "MP4 视频",
}


def check_declared(name: str, declared: str, media_type: str) -> None:
    """Let pass a file whose name, and whose declared type if one was declared, agree with the type found in it.

    :raises WrongState: DOCUMENT_TYPE_REFUSED, telling both.
    """
    suffix = PurePath(name).suffix.lower()
    for promised, said in ((declared, _CALLED.get(declared, declared)), (_OF_SUFFIX.get(suffix, ""), suffix)):
        if promised and promised != media_type:
            _refuse(said, media_type)


def _refuse(said: str, media_type: str) -> NoReturn:
    raise WrongState(
        Reason.DOCUMENT_TYPE_REFUSED,
        f"文件声明为 {said}，内容却是 {_CALLED.get(media_type, '无法识别的格式')}，请核对后重新上传",
        metadata={"declared": said, "media_type": media_type},
    )
