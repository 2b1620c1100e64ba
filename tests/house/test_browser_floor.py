"""House test: what is served runs on the browser floor.

Chromium 109, Firefox 115 and Safari 16.4 do not run in CI, so style sheets, scripts and templates
are read for what those browsers do not know, and for what our content security policy would block.
The checkers themselves are proven by planted bad lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "taizhang"

# ── style sheets ─────────────────────────────────────────────────────────────────────────────────

NEW_IN_CSS = {
    "light-dark()": r"\blight-dark\(",
    "oklch() or oklab()": r"\bokl(?:ch|ab)\(",
    "lch() or lab()": r"(?<![\w-])l(?:ch|ab)\(",
    "color-mix()": r"\bcolor-mix\(",
    "relative colour": r"\b(?:rgb|hsl|hwb|color)a?\(\s*from\b",
    "subgrid": r"\bsubgrid\b",
    "@scope": r"@scope\b",
    "@starting-style": r"@starting-style\b",
    "@property": r"@property\b",
    "@function": r"@function\b",
    "style query": r"@container[^{]*\bstyle\(",
    "if()": r"(?<![\w-])if\(",
    "anchor()": r"\banchor(?:-size)?\(",
    "calc-size()": r"\bcalc-size\(",
    "several values in text-decoration (Safari: write the longhands)": (
        r"(?<![\w-])text-decoration\s*:\s*(?!\w[\w-]*\s*(?:!\s*important\s*)?[;}])[^;}]+"
    ),
}

# one unknown name in a selector list drops the whole rule, so these must stand alone
ALONE = re.compile(
    r":has\(|:popover-open\b|:open\b|:user-(?:in)?valid\b|:dir\(|:state\(|:active-view-transition\b"
    r"|::details-content\b|::picker\b|::checkmark\b|::(?:-moz|-webkit)-[\w-]+"
)
HOLDS_NO_RULES = ("@font-face", "@page", "@counter-style")


@dataclass
class Block:
    """One `prelude { … }` of a style sheet."""

    prelude: str
    line: int
    parents: tuple[str, ...]


def bare(css: str) -> str:
    """The sheet without comments and quoted text; every line stays where it was."""

    def blank(match: re.Match[str]) -> str:
        kept = re.sub(r"[^\n]", " ", match[0])
        return kept if match[0].startswith("/*") else f'"{kept[1:-1]}"'

    return re.sub(r"/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", blank, css, flags=re.S)


def blocks(css: str) -> Iterator[Block]:
    """Every block of a bare sheet, outermost first."""
    open_blocks: list[str] = []
    start = 0
    for at, sign in enumerate(css):
        if sign == "{":
            raw = css[start:at]
            prelude = " ".join(raw.split())
            line = css.count("\n", 0, start + len(raw) - len(raw.lstrip())) + 1
            yield Block(prelude, line, tuple(open_blocks))
            open_blocks.append(prelude)
        elif sign == "}":
            assert open_blocks, f"line {css.count(chr(10), 0, at) + 1}: one brace too many"
            open_blocks.pop()
        if sign in "{};":
            start = at + 1
    assert not open_blocks, f"never closed: {open_blocks}"


def split_list(selectors: str) -> list[str]:
    """The parts of a selector list; commas in brackets do not part."""
    parts, depth = [""], 0
    for sign in selectors:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def css_faults(css: str) -> list[str]:
    text = bare(css)
    faults = [
        f"{text.count(chr(10), 0, match.start()) + 1}: {name}"
        for name, pattern in NEW_IN_CSS.items()
        for match in re.finditer(pattern, text)
    ]
    for block in blocks(text):
        inside = [parent for parent in block.parents if not parent.startswith("@")]
        in_frames = any(parent.startswith("@keyframes") for parent in block.parents)
        if inside and not in_frames:
            faults.append(f"{block.line}: nested in “{inside[-1]}”")
        if any(parent.startswith(HOLDS_NO_RULES) for parent in block.parents):
            continue
        if not block.prelude.startswith("@"):
            if "&" in block.prelude:
                faults.append(f"{block.line}: nesting sign &")
            parts = split_list(block.prelude)
            if len(parts) > 1:
                faults += [
                    f"{block.line}: “{part}” must stand in a rule of its own"
                    for part in parts
                    if ALONE.search(part)
                ]
    return faults


# ── scripts ──────────────────────────────────────────────────────────────────────────────────────

NEW_IN_SCRIPTS = {
    "new method": (
        r"\.\s*(?:with|toSorted|toReversed|toSpliced|withResolvers|fromAsync|groupBy|isWellFormed"
        r"|toWellFormed|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom|checkVisibility"
        r"|startViewTransition|moveBefore|setHTMLUnsafe|parseHTMLUnsafe|getHTML|getOrInsert"
        r"|getOrInsertComputed|sumPrecise|requestIdleCallback|toBase64|fromBase64|toHex|fromHex"
        r"|getSetCookie)\s*\("
    ),
    "new name": (
        r"(?<![\w.])(?:Intl\.(?:Segmenter|DurationFormat)|Promise\.try|RegExp\.escape|URL\.canParse"
        r"|URL\.parse|AbortSignal\.any|Error\.isError|Iterator\.from|Symbol\.(?:async)?[dD]ispose"
        r"|Atomics\.waitAsync|CSS\.registerProperty|Math\.f16round)\b"
    ),
    "scheduler": r"(?<![\w.])scheduler\s*\.",
    "navigation API": r"(?<![\w.])navigation\s*\.",
    "Temporal": r"(?<![\w.])Temporal\b",
    "using": r"(?<![\w.$])(?:await\s+)?using\s+[A-Za-z_$][\w$]*\s*=",
    "import attributes": r"""\b(?:import|export)\b[^;\n]*["'`]\s*(?:with|assert)\s*\{""",
    "dynamic import with attributes": r"\bimport\s*\([^)]*,\s*\{",
    "import defer or source": r"\bimport\s+(?:defer|source)\s+[\w*{]",
    "decorator": r"@[A-Za-z_$(]",
    "eval (blocked by the policy)": r"(?<![\w.$])eval\s*\(|\bnew\s+Function\s*\(",
    "text as code (blocked by the policy)": r"""\bset(?:Timeout|Interval)\s*\(\s*["'`]""",
    "style attribute (blocked by the policy)": r"""setAttribute\s*\(\s*["'`]«style»""",
    "regex flag v": r"""\bRegExp\s*\([^;\n]*,\s*["'`]«[a-z]*v[a-z]*»""",
}
QUOTED_MATTERS = {"style"}  # short strings that a rule above looks at
VALUE_ENDS = re.compile(r"(?:[\w$)\]}]|\+\+|--)\s*$")
REGEX = re.compile(r"/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)/([a-z]*)")
STRING = re.compile(r"([\"'])((?:\\.|(?!\1)[^\\\n])*)\1")
KEYWORD_ENDS = re.compile(
    r"\b(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield)\s*$"
)


@dataclass
class Script:
    """A script with its strings emptied and its regular expressions apart."""

    code: str
    regexes: list[tuple[int, str, str]]  # line, body, flags


def read_script(source: str) -> Script:
    code: list[str] = []
    regexes: list[tuple[int, str, str]] = []
    depths: list[int] = []  # braces open inside each `${` of a template
    at = 0

    def line() -> int:
        return source.count("\n", 0, at) + 1

    def template(start: int) -> int:
        """From after a back-tick, or after the } of a ${…}, to its end or to the next ${."""
        end = start
        while end < len(source):
            if source[end] == "\\":
                end += 2
            elif source[end] == "`":
                code.append("`")
                return end + 1
            elif source.startswith("${", end):
                depths.append(0)
                code.append("`(")
                return end + 2
            else:
                if source[end] == "\n":
                    code.append("\n")
                end += 1
        return end

    while at < len(source):
        rest = source[at : at + 2]
        if rest in ("//", "/*"):
            end = source.find("\n" if rest == "//" else "*/", at)
            end = len(source) if end < 0 else end + (0 if rest == "//" else 2)
            code.append(" " + "\n" * source.count("\n", at, end))
            at = end
        elif source[at] in "\"'":
            match = STRING.match(source, at)
            assert match, f"line {line()}: a string never ends"
            short = match[2] in QUOTED_MATTERS or re.fullmatch(r"[dgimsuvy]{1,8}", match[2])
            code.append(f'"«{match[2]}»"' if short else '""')
            at = match.end()
        elif source[at] == "`":
            code.append("`")
            at = template(at + 1)
        elif source[at] == "}" and depths and depths[-1] == 0:
            depths.pop()
            code.append(")`")
            at = template(at + 1)
        elif source[at] == "/" and is_regex("".join(code[-60:])):
            match = REGEX.match(source, at)
            assert match, f"line {line()}: a regular expression never ends"
            regexes.append((line(), match[1], match[2]))
            code.append("/./" + match[2])
            at = match.end()
        else:
            if depths:
                depths[-1] += (source[at] == "{") - (source[at] == "}")
            code.append(source[at])
            at += 1
    return Script("".join(code), regexes)


def is_regex(before: str) -> bool:
    """Whether a slash after this code starts a regular expression rather than a division."""
    return not VALUE_ENDS.search(before) or bool(KEYWORD_ENDS.search(before))


def script_faults(source: str) -> list[str]:
    script = read_script(source)
    faults = [
        f"{script.code.count(chr(10), 0, match.start()) + 1}: {name}: {match[0].strip()}"
        for name, pattern in NEW_IN_SCRIPTS.items()
        for match in re.finditer(pattern, script.code)
    ]
    for line, body, flags in script.regexes:
        if "v" in flags:
            faults.append(f"{line}: regex flag v")
        if re.search(r"\(\?(?=[ims-])[ims]*(?:-[ims]*)?:", body):
            faults.append(f"{line}: regex modifiers")
    return faults


# ── templates ────────────────────────────────────────────────────────────────────────────────────


def plain_markup(template: str) -> str:
    """The markup of a Django template, its tags and variables out of the way, lines kept."""

    def blank(match: re.Match[str]) -> str:
        return ("x" if match[0].startswith("{{") else " ") + "\n" * match[0].count("\n")

    text = re.sub(r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", blank, template, flags=re.S)
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", blank, text, flags=re.S)


class PolicyReader(HTMLParser):
    """Collects what `script-src 'self'; style-src 'self'` would block."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        given = dict(attrs)
        if tag == "style":
            self.faults.append(f"{line}: <style> element")
        if tag == "script" and not given.get("src"):
            self.faults.append(f"{line}: <script> without src")
        for name, value in given.items():
            if name == "style":
                self.faults.append(f"{line}: style= on <{tag}>")
            elif name.startswith(("on", "hx-on", "data-hx-on")):
                self.faults.append(f"{line}: {name}= on <{tag}>")
            elif re.match(r"\s*(?:javascript|js)\s*:", value or "", re.I):
                self.faults.append(f"{line}: script in {name}= on <{tag}>")


def template_faults(template: str) -> list[str]:
    reader = PolicyReader()
    reader.feed(plain_markup(template))
    reader.close()
    return reader.faults


# ── the files ────────────────────────────────────────────────────────────────────────────────────


def files(folder: str, *endings: str) -> list[Path]:
    found = [path for path in PACKAGE.rglob("*") if path.suffix in endings]
    return sorted(path for path in found if folder in path.relative_to(PACKAGE).parts)


SHEETS = files("static", ".css")
SCRIPTS = files("static", ".js", ".mjs")
TEMPLATES = files("templates", ".html", ".svg")


def test_something_is_read() -> None:
    assert SHEETS
    assert SCRIPTS
    assert TEMPLATES


@pytest.mark.parametrize(
    ("path", "check"),
    [
        *((path, css_faults) for path in SHEETS),
        *((path, script_faults) for path in SCRIPTS),
        *((path, template_faults) for path in TEMPLATES),
    ],
    ids=lambda value: str(value.relative_to(PACKAGE)) if isinstance(value, Path) else "",
)
def test_stays_on_the_floor(path: Path, check: Callable[[str], list[str]]) -> None:
    faults = check(path.read_text(encoding="utf-8"))
    assert not faults, "\n".join(f"{path}:{fault}" for fault in faults)


# ── the checkers, proven by planted lines ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "bad",
    [
        "a { color:light-dark(#fff, #000) }",
        "a { color:oklch(.5 .1 20) }",
        "a { color:lab(50% 1 1) }",
        "a { color:color-mix(in srgb, red, blue) }",
        "a { color:rgb(from red r g b) }",
        ".kv > div { grid-template-columns:subgrid }",
        "@scope (.a) { b { color:red } }",
        "a { text-decoration:underline dotted 2px }",
        "a { text-decoration: underline 1px !important }",
        ".btn { color:red; &:hover { color:blue } }",
        ".btn { .icon { color:blue } }",
        ".btn { @media (width < 40rem) { color:blue } }",
        "@layer x { @media print { .a { color:red; b { color:blue } } } }",
        "& .a { color:red }",
        ".a, .b:has(c) { color:red }",
        ".menu:popover-open, .menu.open { display:grid }",
        ".bar::-moz-progress-bar, .bar::-webkit-progress-value { background:red }",
        "@supports (a:b) { x:is(y), z:not(:popover-open) { color:red } }",
    ],
)
def test_bad_style_is_found(bad: str) -> None:
    assert css_faults("b { color:red }\n" + bad)
    assert all(fault.startswith("2:") for fault in css_faults("b { color:red }\n" + bad))


@pytest.mark.parametrize(
    "good",
    [
        "/* no oklch( here */ a::before { content:'{ & subgrid light-dark(' }",
        '@charset "utf-8"; @layer a, b; @layer a { .x { color:red } }',
        "@supports not selector(:has(*)) { .bulk { display:flex } }",
        "@supports not selector(:popover-open) { @media (width < 56rem) { .rail { order:1 } } }",
        ".chip:has(:checked, .on) { color:red }",
        ".rail:not(:popover-open) { display:none }",
        "@keyframes k { from { opacity:1 } to { opacity:0 } }",
        "@media print { @page { size:A4; @top-left { content:none } } }",
        "@container (inline-size < 44rem) { .t, .u:is(a, b) { color:red } }",
        "a { text-decoration:none } b { text-decoration:underline; text-decoration-style:dotted }",
        "a { text-decoration:none !important; text-wrap:balance; field-sizing:content }",
    ],
)
def test_good_style_passes(good: str) -> None:
    assert css_faults(good) == []


@pytest.mark.parametrize("broken", ["a { color:red", "a { color:red } }"])
def test_uneven_braces_are_found(broken: str) -> None:
    with pytest.raises(AssertionError):
        css_faults(broken)


@pytest.mark.parametrize(
    "bad",
    [
        "const b = a.toSorted();",
        "const b = a.with(0, 1);",
        "const b = a .toSpliced(0, 1);",
        "class A { @field x = 1 }",
        "const iter = Iterator.from(rows);",
        "const g = Object.groupBy(rows, (row) => row.kind);",
        "const { promise, resolve } = Promise.withResolvers();",
        "using handle = open();",
        "await using handle = open();",
        "const re = /[\\p{L}--[a-z]]/v;",
        "const re = x ? /a/v : /b/;",
        "const re = new RegExp(text, 'gv');",
        "const re = /(?i:abc)/;",
        'import data from "./a.json" with { type: "json" };',
        'import data from "./a.json" assert { type: "json" };',
        'const data = await import("./a.json", { with: { type: "json" } });',
        "if (URL.canParse(text)) go();",
        "const signal = AbortSignal.any([a, b]);",
        "const text = `a ${list.toReversed()} b`;",
        'button.setAttribute("style", "color:red");',
        'setTimeout("go()", 10);',
        "const f = new Function(text);",
        "eval(text);",
        "document.startViewTransition(() => {});",
    ],
)
def test_bad_script_is_found(bad: str) -> None:
    assert script_faults("let a = 1;\n" + bad)
    assert all(fault.startswith("2:") for fault in script_faults("let a = 1;\n" + bad))


@pytest.mark.parametrize(
    "good",
    [
        "// a.toSorted() is too new\nconst a = [...b].sort();",
        '/* using x = y */ const a = "list.with(0, 1) .toSorted() using x = 1";',
        "const a = `text .toSorted() ${b.map((c) => `${c.at(-1)}`)} .toSpliced()`;",
        "const half = total / 2; const v = width / height;",
        "const re = /(?<=a)b[/v]/gu; const text = re.source;",
        'import { open } from "./open.js";\nexport { close } from "./close.js";',
        'if ("popover" in HTMLElement.prototype) card.showPopover();',
        "const last = rows.findLast((row) => row.on) ?? structuredClone(first); last.on ||= true;",
        'const re = new RegExp(text, "gu"); card.style.left = "3px";',
        "class A { #x = 1; static { this.y = 2; } has(o) { return #x in o; } }",
    ],
)
def test_good_script_passes(good: str) -> None:
    assert script_faults(good) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">a</p>',
        "<p {% if a %}style='color:red'{% endif %}>a</p>",
        '<p class="a" STYLE=x>a</p>',
        "<style>a { color:red }</style>",
        '<button onclick="go()">a</button>',
        '<body onload="go()">',
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<button hx-on:click="go()">a</button>',
        '<a href="javascript:go()">a</a>',
        "<div hx-vals='js:{a: 1}'></div>",
    ],
)
def test_bad_template_is_found(bad: str) -> None:
    assert template_faults("<p>\n" + bad)
    assert all(fault.startswith("2:") for fault in template_faults("<p>\n" + bad))


@pytest.mark.parametrize(
    "good",
    [
        "{# <p style=x> #}{% comment %}<script>a</script>{% endcomment %}",
        "<p class='{{ style }}'>style=a onclick=b</p>",
        '<script type="module" src="{% static \'a.js\' %}"></script>',
        '<a href="{% url "a" style=b %}" data-card="{{ a }}">a > b</a>',
        '<svg class="icon" viewBox="0 0 24 24"><path d="M4 4"/></svg>',
        "<p{% if a > b %} class='c'{% endif %}>one</p>",
    ],
)
def test_good_template_passes(good: str) -> None:
    assert template_faults(good) == []
