"""The smallest content that is what its ending says, kind by kind."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile


def container(member: str) -> bytes:
    """A ZIP file with one member of that name."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(member, "<document/>")
    return content.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
EXE = b"MZ\x90\x00\x03" + b"\0" * 200 + b"PE\0\0" + b"\0" * 200
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"

CONTENT = {
    "pdf": PDF,
    "png": PNG,
    "jpg": JPG,
    "jpeg": JPG,
    "hwp": OLE + b"\0" * 504 + b"HWP Document File".ljust(32, b"\0"),
    "hwpx": container("Contents/header.xml"),
    "docx": container("word/document.xml"),
    "xlsx": container("xl/workbook.xml"),
    "pptx": container("ppt/presentation.xml"),
    "csv": "항목,값\n이행률,100\n".encode(),
    "txt": "점검 결과를 보고합니다.\n".encode(),
}
