"""The smallest content that is what its ending says, kind by kind."""

from __future__ import annotations

from tests.files import builders

EXE = b"MZ\x90\x00\x03" + b"\0" * 200 + b"PE\0\0" + b"\0" * 200
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
PDF = builders.pdf()
PNG = builders.png()
JPG = builders.jpeg()

CONTENT = {
    "pdf": PDF,
    "png": PNG,
    "jpg": JPG,
    "jpeg": JPG,
    "hwp": builders.hwp(),
    "hwpx": builders.hwpx(),
    "docx": builders.ooxml("docx"),
    "xlsx": builders.ooxml("xlsx"),
    "pptx": builders.ooxml("pptx"),
    "csv": "항목,값\n이행률,100\n".encode(),
    "txt": "점검 결과를 보고합니다.\n".encode(),
}


def container(member: str) -> bytes:
    """A ZIP file with one member of that name."""
    return builders.zipped({"[Content_Types].xml": "<Types/>", member: "<document/>"})
