"""Whether what a file is called agrees with what it is."""

from pathlib import PurePath
from typing import Final

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


def check_promise(name: str, media_type: str) -> None:
    """Let pass a file whose name promises nothing else than what was found in its bytes.

    :raises WrongState: DOCUMENT_TYPE_REFUSED, telling both.
    """
    suffix = PurePath(name).suffix.lower()
    promised = _OF_SUFFIX.get(suffix, media_type)
    if promised != media_type:
        raise WrongState(
            Reason.DOCUMENT_TYPE_REFUSED,
            f"文件名为 {suffix}，内容却是 {_CALLED.get(media_type, '无法识别的格式')}，请核对后重新上传",
            metadata={"promised": promised, "media_type": media_type},
        )
