"""What a reader of the code may count on: no circle of imports, and one class for one name."""

from __future__ import annotations

import ast
from collections import defaultdict

import grimp

from docs.made import picture
from tests.docs.blocks import ROOT


def test_no_module_imports_itself_over_others() -> None:
    graph = grimp.build_graph(*picture.PACKAGES, cache_dir=None)
    rest = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    while free := [name for name, imported in rest.items() if not imported & rest.keys()]:
        for name in free:
            del rest[name]
    assert not rest, f"a circle among {sorted(rest)}"


def test_no_part_imports_itself_over_others() -> None:
    assert set(picture.boxes()) == set(picture.imports())


def test_the_name_of_a_class_stands_once() -> None:
    homes = defaultdict(list)
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "api").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.relative_to(ROOT).as_posix())
    twice = {name: places for name, places in homes.items() if len(places) > 1}
    assert not twice
