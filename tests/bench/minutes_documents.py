"""How long a set of minutes of sixty pages takes as PDF and as HWPX: python -m tests.bench.minutes_documents"""

from __future__ import annotations

import os
import resource
from datetime import UTC, datetime
from io import BytesIO
from time import perf_counter

import django

from tests.bench.briefing_pack import say

SENTENCE = "이동통신 3사는 보안체계의 강화 방안과 이행 현황을 보고하고, 후속 조치의 기한과 담당을 협의하였다. "
ITEMS, SPEAKERS, SENTENCES = 30, 6, 15


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from pypdf import PdfReader  # noqa: PLC0415

    from council.documents.hwpx import as_hwpx  # noqa: PLC0415
    from council.documents.official import Line, Official, as_pdf  # noqa: PLC0415

    parts = []
    for item in range(ITEMS):
        parts.append(Line(f"안건 {item + 1}", 0, heading=True))
        parts.append(Line("발언 요지", 1))
        parts += [Line(f"발언자 {n}: {SENTENCE * SENTENCES}", 2) for n in range(SPEAKERS)]
        parts.append(Line("결정 사항", 1))
        parts += [Line(SENTENCE, 2) for _ in range(3)]
        parts.append(Line("표결 내용: 해당 없음", 1))
    document = Official(
        title="정기회의 회의록",
        language="ko",
        author="부처",
        made_at=datetime.now(UTC),
        label="TLP:AMBER",
        parts=tuple(parts),
    )
    as_pdf(Official(title="t", language="ko", author="a", made_at=datetime.now(UTC)))  # what is imported once
    as_hwpx(Official(title="t", language="ko", author="a", made_at=datetime.now(UTC)))
    for name, make in (("PDF", as_pdf), ("HWPX", as_hwpx)):
        begun = perf_counter()
        content = make(document)
        say(f"{name}: {perf_counter() - begun:.1f} s, {len(content) // 1024} kB")
        if name == "PDF":
            say(f"pages: {len(PdfReader(BytesIO(content)).pages)}")
    say(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
