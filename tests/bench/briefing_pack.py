"""How long a large briefing pack takes and how much memory: ``python -m tests.bench.briefing_pack [papers]``.

The papers are made first, each of ten pages A4 with text and a photograph. The pack is made by a process of its own, so
that the figures are those of the pack alone: start-up and imports included, the making of the papers not.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from io import BytesIO, FileIO
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import pikepdf
import weasyprint
from pikepdf import Name
from PIL import Image

PAPERS, PAGES = 40, 10
SECONDS, MEGABYTES = 10, 300
SIZE = (2400, 1600)
TEXT = "재난 시 통신 3사 간 로밍의 이행 상황을 점검하고, 침해사고 정보 공유 절차와 다음 분기 일정을 보고한다. " * 32


def main(papers: int = PAPERS) -> int:
    """Print the figures; 1 if one is past its target."""
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", **os.environ}
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench.briefing_pack"]
        subprocess.run([*command, "papers", folder, str(papers)], env=environment, check=True)
        began = time.perf_counter()
        done = subprocess.run([*command, "pack", folder], env=environment, stdout=subprocess.PIPE, check=True)
        seconds = time.perf_counter() - began
        pages, memory, busy = json.loads(done.stdout)
        taken, given = (sum(file.stat().st_size for file in Path(folder).glob(name)) / 1e6 for name in ("*-*", "pack"))
    say(f"{papers} papers, {taken:.0f} MB: {pages} pages, {given:.0f} MB, in {seconds:.1f} s and {memory:.0f} MB")
    say(f"{busy:.1f} s of it at work; the rest it waited for other processes and the disk")
    return int(seconds > SECONDS or memory > MEGABYTES)


def make_papers(folder: Path, papers: int) -> None:
    """The same text over and over, each time with another photograph."""
    html = "".join(f'<p style="break-after: page">{page} {TEXT}</p>' for page in range(1, PAGES + 1))
    text = weasyprint.HTML(string=f'<html lang="ko">{html}').write_pdf()
    for number in range(papers):
        with pikepdf.open(BytesIO(text)) as pdf:
            name = pdf.pages[0].add_resource(photograph(pdf), Name.XObject)
            pdf.pages[0].contents_add(b"q 400 0 0 257 100 80 cm %s Do Q" % bytes(name))
            pdf.save(folder / f"paper-{number}")


def photograph(pdf: pikepdf.Pdf) -> pikepdf.Stream:
    """Noise: it packs as badly as a photograph of a crowd."""
    Image.frombytes("RGB", SIZE, os.urandom(3 * SIZE[0] * SIZE[1])).save(file := BytesIO(), "JPEG", quality=60)
    kind = {"Type": Name.XObject, "Subtype": Name.Image, "ColorSpace": Name.DeviceRGB, "Filter": Name.DCTDecode}
    return pdf.make_stream(file.getvalue(), Width=SIZE[0], Height=SIZE[1], BitsPerComponent=8, **kind)


def make_pack(folder: Path) -> None:
    """Print how many pages there are, the most memory that was held, in MB, and the seconds of work."""
    django.setup()
    from council.documents import briefing  # noqa: PLC0415 - Django is set up here

    line = briefing.AgendaLine(
        number="",
        title="재난 시 로밍 이행 점검",
        kind="보고안건",
        section="분야 1",
        starts="10:00",
        minutes=10,
        presenter="홍길동",
        pillar="보안·신뢰",
        commitment="C03",
        label="TLP:AMBER",
        marks=("잠정",),
        background=TEXT[:200],
    )
    paper = briefing.PaperPart(
        item_number="",
        title="이행 점검 결과",
        kind="보고자료",
        label="TLP:AMBER",
        owner="KT",
        version=1,
        media_type=briefing.PDF,
    )
    pack = briefing.Pack(
        title="제3차 정기회의(2026년 4분기)",
        body="이동통신 3사 최고경영자(CEO) 협의체",
        when="2026. 11. 26.(목) 10:00",
        venue="정부세종청사",
        reader="김철수(KT)",
        made="2026. 11. 24.(화) 18:00",
        label="TLP:AMBER",
        notice="경쟁상 민감한 정보를 교환하지 않습니다.",
        author="과학기술정보통신부",
        language="ko",
        agenda=tuple(replace(line, number=str(number)) for number in range(1, 21)),
        papers=tuple(
            replace(paper, item_number=str(number % 20 + 1), content=partial(FileIO, file))
            for number, file in enumerate(folder.glob("paper-*"))
        ),
        tables=(briefing.Table(title="조치사항", columns=("번호", "내용"), rows=(("1", TEXT[:99]),) * 40, empty=""),),
    )
    with (folder / "pack").open("wb") as out:
        pages = briefing.briefing_pack(pack, out)
    used = resource.getrusage(resource.RUSAGE_SELF)
    say(json.dumps([pages, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime]))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["papers", folder, papers]:
            make_papers(Path(folder), int(papers))
        case ["pack", folder]:
            make_pack(Path(folder))
        case numbers:
            sys.exit(main(*map(int, numbers)))
