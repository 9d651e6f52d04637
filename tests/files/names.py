"""Names that people and programs give to files, each with what is shown and saved instead."""

from __future__ import annotations

import unicodedata

# Nothing is seen of these; U+202A–202E, U+2066–2069 and U+200B–200F among them turn the line around.
UNSEEN = [
    *range(0x20), 0x7F, *range(0x80, 0xA0), 0xAD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
    *range(0x2060, 0x2070), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800,
    0xE0001, 0xE0041, 0xE000, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFE, 0x10FFFF,
]  # fmt: skip
BLANKS = [0xA0, 0x1680, 0x2000, 0x2007, 0x2009, 0x202F, 0x205F, 0x3000, 0x2028, 0x2029]
DEVICES = ["CON", "PRN", "AUX", "NUL", *(f"{kind}{number}" for kind in ("COM", "LPT") for number in "0123456789¹²³")]
SYLLABLES = ["이행실적", "정보보호 강화계획", "똠방각하", "각", "뷁 보고", "해지 방어", "결과(최종)", "붙임1"]

NAMES: dict[str, str] = {
    "이행 실적 (최종).pdf": "이행 실적 (최종).pdf",
    "résumé.pdf": "résumé.pdf",
    "보고서_v2.1.pdf": "보고서_v2.1.pdf",
    "👨‍👩‍👧.pdf": "👨👩👧.pdf",
    "🇰🇷.pdf": "🇰🇷.pdf",
    "ＡＢＣ．ｐｄｆ": "ＡＢＣ．ｐｄｆ",
    "C:\\Users\\kim\\실적.pdf": "실적.pdf",
    "C:실적.pdf": "C:실적.pdf",
    "\\\\server\\share\\실적.pdf": "실적.pdf",
    "/etc/passwd.txt": "passwd.txt",
    "../../실적.pdf": "실적.pdf",
    "..\\..\\실적.pdf": "실적.pdf",
    "a/b\\c/실적.pdf": "실적.pdf",
    "folder/": "file",
    "": "file",
    ".": "file",
    "..": "file",
    "...": "file",
    "   ": "file",
    "\0": "file",
    "\u202e": "file",
    ".pdf": "pdf",
    "..pdf": "pdf",
    " .pdf": "pdf",
    "실적.pdf.": "실적.pdf",
    "실적.pdf...": "실적.pdf",
    "실적.pdf ": "실적.pdf",
    "실적.pdf . . ": "실적.pdf",
    "  실적.pdf": "실적.pdf",
    "실적   최종.pdf": "실적 최종.pdf",
    "실적\r\nX-Header: 1.pdf": "실적X-Header: 1.pdf",
    "report\u202efdp.exe": "reportfdp.exe",
    "report.pdf.exe": "report.pdf.exe",
    "report.exe.pdf": "report.exe.pdf",
    "report.pdf\0.exe": "report.pdf.exe",
    "report.exe\0.pdf": "report.exe.pdf",
    "report.pdf;.exe": "report.pdf;.exe",
    "report.pdf%00.exe": "report.pdf%00.exe",
    "report.pdf::$DATA": "report.pdf::$DATA",
    '"; rm -rf.pdf': '"; rm -rf.pdf',
    "<img src=x onerror=alert(1)>.pdf": "<img src=x onerror=alert(1)>.pdf",
    "{{7*7}}.pdf": "{{7*7}}.pdf",
    "%(name)s.pdf": "%(name)s.pdf",
    "'; DROP TABLE--.pdf": "'; DROP TABLE--.pdf",
    "=cmd|' '!A0.csv": "=cmd|' '!A0.csv",
    "CON .pdf": "_CON .pdf",
    "c\u200bon.pdf": "_con.pdf",
    "conIN$": "_conIN$",
    "CONSOLE.pdf": "CONSOLE.pdf",
    "COM10.pdf": "COM10.pdf",
    "nullable.pdf": "nullable.pdf",
    "가" * 300 + ".pdf": "가" * 146 + ".pdf",
    "가" * 300: "가" * 150,
    "가" * 146 + ".pdf": "가" * 146 + ".pdf",
    "가" * 147 + ".pdf": "가" * 146 + ".pdf",
    "a" * 145 + " .hwpx.pdf": "a" * 145 + ".pdf",
    "a." + "b" * 300: "a." + "b" * 148,
    unicodedata.normalize("NFD", "가") * 300 + ".pdf": "가" * 146 + ".pdf",
}
NAMES |= {f"a{chr(code)}b.pdf": "ab.pdf" for code in UNSEEN}
NAMES |= {f"a{chr(code)}b.pdf": "a b.pdf" for code in BLANKS}
NAMES |= {f"{device}.pdf": f"_{device}.pdf" for device in DEVICES}
NAMES |= {device.lower(): f"_{device.lower()}" for device in DEVICES}
NAMES |= {unicodedata.normalize("NFD", f"{text}.hwpx"): f"{text}.hwpx" for text in SYLLABLES}
