"""What one can go to that is no record: pages, actions, registers, figures, reports.

A layer above enters its own in ``sources`` when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taizhang.engines import wordsearch
from taizhang.engines.queries import parse
from taizhang.ledger import access, catalogue, render
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Words

PAGE, ACTION, REGISTER, FIGURE, REPORT = "page", "action", "register", "figure", "report"


@dataclass(frozen=True, slots=True)
class Kind:
    """A group of destinations: its heading and its icon, in the order in which they are shown."""

    label: Words
    icon: str


KINDS: dict[str, Kind] = {
    PAGE: Kind(gettext_lazy("Pages"), "icons/file.svg"),
    ACTION: Kind(gettext_lazy("Actions"), "icons/plus.svg"),
    REGISTER: Kind(gettext_lazy("Registers"), "icons/book.svg"),
    FIGURE: Kind(gettext_lazy("Figures"), "icons/bars.svg"),
    REPORT: Kind(gettext_lazy("Reports"), "icons/file.svg"),
}


@dataclass(frozen=True, slots=True)
class Destination:
    """Something to go to. It is found by its title and by ``words``, and read with its ``note``."""

    kind: str
    title: str
    url: str
    note: str = ""
    words: tuple[str, ...] = ()


Source = Callable[[Any], Iterable[Destination]]

PAGES: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("workbench", gettext_lazy("Workbench"), ("home", "首页")),
    ("registers", gettext_lazy("All registers"), ("台账",)),
    ("findings", gettext_lazy("Findings"), ("问题提示", "缺什么")),
    ("figures", gettext_lazy("Figures"), ("指标",)),
    ("reports", gettext_lazy("Reports"), ("报告",)),
    ("batches", gettext_lazy("What was written together"), ("撤销", "undo", "batches")),
    ("bin", gettext_lazy("Bin"), ("回收站", "作废", "恢复")),
    ("jobs", gettext_lazy("Jobs"), ("后台任务", "进度")),
    ("settings", gettext_lazy("Settings"), ("语言", "密码", "password", "language")),
    ("closes", gettext_lazy("Closed periods"), ("结账", "反结账", "补录")),
    ("tokens", gettext_lazy("Access tokens"), ("令牌", "接口")),
    ("api_page", gettext_lazy("The API"), ("接口", "openapi")),
    ("keys", gettext_lazy("Keyboard shortcuts"), ("帮助", "快捷键", "help")),
)
"""Pages by the name of their address; one that this installation has not is left out."""


def of_the_product(user: Any) -> Iterator[Destination]:
    """The pages of the product, and what begins there."""
    for name, title, words in PAGES:
        if url := _address(name):
            yield Destination(PAGE, str(title), url, words=words)
    if url := _address("import_all"):
        yield Destination(ACTION, _("Import a workbook"), url, words=("导入", "上传", "excel"))


def of_the_registers(user: Any) -> Iterator[Destination]:
    """Every register with its tabs, and a new record in it where the user may write one."""
    known = access.of(user)
    for register in catalogue.registers():
        label = register.label_plural
        group = str(register.group)
        url = render.address(register)
        yield Destination(REGISTER, label, url, group, (register.name, group))
        for view in register.views:
            shown = render.address(register, parse(view.query).canonical())
            yield Destination(REGISTER, f"{label} · {view.title}", shown, group)
        if not register.parent and known.may(Verb.ADD, register):
            title = _("New: {label}").format(label=register.label)
            yield Destination(ACTION, title, render.add_address(register), words=("new", "add"))


sources: list[Source] = [of_the_product, of_the_registers]


def find(user: Any, asked: Sequence[str], most: int) -> dict[str, list[Destination]]:
    """The destinations in which every word stands, by kind, best first, up to ``most`` of a kind.

    Without words: the pages and the actions.
    """
    runs = [wordsearch.runs(word) for word in asked]
    typed = wordsearch.fold("".join(asked))
    found: dict[str, list[tuple[int, int, Destination]]] = {kind: [] for kind in KINDS}
    for number, one in enumerate(each for source in sources for each in source(user)):
        if not asked and one.kind not in (PAGE, ACTION):
            continue
        text = _text(one.title, one.words)
        if all(any(wordsearch.stands(run, text) for run in some) for some in runs):
            found[one.kind].append((_place(one.title, typed), number, one))
    return {
        kind: [one for _place, _number, one in sorted(some, key=lambda found: found[:2])][:most]
        for kind, some in found.items()
        if some
    }


@lru_cache(maxsize=2048)
def _text(title: str, words: tuple[str, ...]) -> str:
    return wordsearch.row_text((title, *words), (title, *words))


def _place(title: str, typed: str) -> int:
    """How well a title is meant: the whole of it, its beginning, a part, or only by its sound."""
    text = wordsearch.fold(title)
    if not typed or text == typed:
        return 0
    return 1 if text.startswith(typed) else 2 if typed in text else 3


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
