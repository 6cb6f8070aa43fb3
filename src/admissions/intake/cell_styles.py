"""How a workbook shows its cells: in per cent, rounded, padded, struck through, or not at all.

What an author sees is not always what a cell holds; whoever reads the cells reads this beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from xml.parsers import expat

_SIGN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_NO_NUMBER = re.compile(r"[yYmMdDhHsS@/E]|General", re.ASCII)
_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%"}
"""The number formats that a workbook names without stating them."""

_WHITE = ("FFFFFF", "FFFFFFFF", "00FFFFFF")
_NOTHING = frozenset({"", "0", "false"})


@dataclass(frozen=True)
class Style:
    """How cells of one style are shown; the default is as they are.

    ``decimals``: a number is rounded to so many. ``before``, ``digits``, ``after``: a whole number
    is shown with leading zeros, to so many digits, between texts.
    """

    percent: bool = False
    decimals: int | None = None
    before: str = ""
    digits: int = 0
    after: str = ""
    struck: bool = False
    unseen: bool = False

    def padded(self, number: int) -> str:
        """A whole number as it is shown; "" in a style that shows it as it is."""
        if number < 0 or (self.digits < 2 and not self.before and not self.after):
            return ""
        return f"{self.before}{number:0{self.digits}d}{self.after}"

    def rounds(self, number: float) -> bool:
        """Whether the author sees another number than the cell holds."""
        if self.decimals is None:
            return False
        held = Decimal(f"{number:.15g}") * (100 if self.percent else 1)
        return held.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP) != held


def style_of_format(code: str) -> Style:
    """How the number format ``code`` shows a number."""
    if code and set(code) == {";"}:
        return Style(unseen=True)
    signs = []
    for sign in _SIGN.findall(code):
        if sign == ";":
            break
        signs.append(sign)
    shown = "".join(sign for sign in signs if len(sign) == 1)
    if _NO_NUMBER.search(shown) or not re.search("[0#?]", shown):
        return Style()
    whole, _, fraction = shown.partition(".")
    decimals = sum(fraction.count(place) for place in "0#?")
    if "%" in shown:
        return Style(percent=True, decimals=decimals)
    places = [at for at, sign in enumerate(signs) if sign == "0"]
    padded = decimals == 0 and not re.search("[#?,]", whole) and places
    if not padded:
        return Style(decimals=decimals)
    return Style(
        decimals=0,
        before=_literally(signs[: places[0]]),
        digits=len(places),
        after=_literally(signs[places[-1] + 1 :]),
    )


def _literally(signs: list[str]) -> str:
    """The texts that a format puts beside a number."""
    texts = (sign.strip('"') if sign[0] == '"' else sign[-1] for sign in signs)
    return "".join(
        text for sign, text in zip(signs, texts, strict=True) if sign[0] not in "[_*"
    ).strip()


def struck_by(attributes: Mapping[str, str]) -> bool:
    """Whether a ``strike`` with these attributes strikes through."""
    return attributes.get("val", "1") not in _NOTHING


class _Reader:
    """Follows ``styles.xml``: fonts, fills and formats, and the cell styles that name them."""

    def __init__(self) -> None:
        self.found: dict[str, Style] = {}
        self._within: list[str] = []
        self._formats = dict(_BUILT_IN)
        self._struck: list[bool] = []
        self._white: list[bool] = []
        self._filled: list[bool] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        self._within.append(element)
        path = self._within[-3:]
        if element == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif path[-2:] == ["fonts", "font"]:
            self._struck.append(False)
            self._white.append(False)
        elif path == ["fonts", "font", "strike"]:
            self._struck[-1] = struck_by(attributes)
        elif path == ["fonts", "font", "color"]:
            white = attributes.get("rgb", "").upper() in _WHITE or attributes.get("theme") == "0"
            self._white[-1] = white and "tint" not in attributes
        elif path[-2:] == ["fills", "fill"]:
            self._filled.append(False)
        elif path == ["fills", "fill", "patternFill"]:
            self._filled[-1] = attributes.get("patternType", "none") not in ("none", "gray125")
        elif path[-2:] == ["cellXfs", "xf"]:
            self._style(attributes)

    def end(self, _name: str) -> None:
        self._within.pop()

    def _style(self, attributes: dict[str, str]) -> None:
        shown = style_of_format(self._formats.get(attributes.get("numFmtId", "0"), ""))
        font, fill = (int(attributes.get(name, "0")) for name in ("fontId", "fillId"))
        white = _at(self._white, font) and not _at(self._filled, fill)
        style = Style(
            shown.percent, shown.decimals, shown.before, shown.digits, shown.after,
            struck=_at(self._struck, font), unseen=shown.unseen or white,
        )  # fmt: skip
        if style != Style():
            self.found[str(self._count)] = style
        self._count += 1


def _at(flags: list[bool], index: int) -> bool:
    return flags[index] if 0 <= index < len(flags) else False


def styles_of(content: bytes, new_parser: Callable[[], expat.XMLParserType]) -> dict[str, Style]:
    """The cell styles of ``styles.xml`` by their number (``s`` of a cell), but for the default."""
    reader = _Reader()
    if content:
        parser = new_parser()
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.Parse(content, True)
    return reader.found


def struck_texts(content: bytes, new_parser: Callable[[], expat.XMLParserType]) -> frozenset[str]:
    """The numbers of the shared texts of which a part is struck through."""
    if b"strike" not in content:
        return frozenset()
    found: set[str] = set()
    count = -1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        element = name.rpartition(":")[2]
        if element == "si":
            count += 1
        elif element == "strike" and struck_by(attributes):
            found.add(str(count))

    parser = new_parser()
    parser.StartElementHandler = start
    parser.Parse(content, True)
    return frozenset(found)
