"""The file of every draw: what the tables say is what anybody computes from it."""

import csv
import io
import json
import math
from fractions import Fraction

import duckdb
import pandas as pd
import pyarrow.parquet
import pytest

from tests.acceptance.command import read_csv, run

DRAWS = 7
NAMES = ("scenario", "measure", "offering", "group")
COUNTED_AGAINST = ("winners", "losers")


def simulate(folder, *more):
    return run(
        "simulate", "--scenario", "current-2019", "--scenario", "harmonised-2023",
        "--draws", DRAWS, "--seed", 5, "--out", folder / "out", *more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("draws")
    ran = simulate(folder, "--draws-out", folder / "draws.csv")
    assert ran.code == 0, ran.said
    return folder


@pytest.fixture(scope="module")
def rows(kept):
    _, found = read_csv(kept / "draws.csv")
    return found


@pytest.fixture(scope="module")
def values(rows):
    """Each draw's value by scenario and measure; None where there is none."""
    found: dict[tuple[str, ...], list[Fraction | None]] = {}
    for row in rows:
        value = Fraction(row["value"]) if row["value"] else None
        found.setdefault(tuple(row[name] for name in NAMES), []).append(value)
    return found


def rounded(value, text):
    """``value`` with as many decimals as ``text`` has, half away from zero."""
    parts = 10 ** len(text.partition(".")[2])
    whole = math.floor(abs(value) * parts + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, parts)


def told_by(values):
    """Mean, 5 % and 95 % (nearest rank) of the draws that have a value."""
    known = sorted(value for value in values if value is not None)
    ranks = [known[math.ceil(len(known) * percent / 100) - 1] for percent in (5, 95)]
    return len(known), sum(known) / len(known), *ranks


def test_a_row_a_draw_scenario_measure_offering_and_group(kept, rows, values):
    assert list(rows[0]) == ["draw", *NAMES, "value"]
    table = json.loads((kept / "out" / "simulation.json").read_text(encoding="utf-8"))
    scenarios = [*table["scenarios"], *table["between"]]
    assert list(dict.fromkeys(row["scenario"] for row in rows)) == scenarios
    assert [row["draw"] for row in rows][:: len(values)] == [str(n + 1) for n in range(DRAWS)]
    assert all(len(drawn) == DRAWS for drawn in values.values())
    assert (kept / "draws.csv").read_bytes().startswith(b"\xef\xbb\xbfdraw,scenario,")


def test_means_and_ranges_are_those_of_the_table(kept, values):
    _, table = read_csv(kept / "out" / "measures.csv")
    assert len(table) == len(values)
    for row in table:
        drawn = values[tuple(row[name] for name in NAMES)]
        if row["mean"]:
            count, mean, low, high = told_by(drawn)
            assert str(count) == row["draws"]
            assert rounded(mean, row["mean"]) == Fraction(row["mean"]), row
            assert (low, high) == (Fraction(row["p5"]), Fraction(row["p95"])), row
        else:
            assert row["draws"] == "0"
            assert set(drawn) == {None}


def test_differences_taken_draw_by_draw_are_those_of_the_table(kept, values):
    _, table = read_csv(kept / "out" / "differences.csv")
    told = 0
    for row in table:
        own = values[tuple(row[name] for name in NAMES)]
        other = values[row["against"], *(row[name] for name in NAMES[1:])]
        if row["measure"] in COUNTED_AGAINST:
            other = [Fraction(0)] * DRAWS
        apart = [a - b for a, b in zip(own, other, strict=True) if a is not None and b is not None]
        assert str(len(apart)) == row["draws"]
        if apart:
            _, mean, low, high = told_by(apart)
            assert rounded(mean, row["mean"]) == Fraction(row["mean"]), row
            assert (low, high) == (Fraction(row["p5"]), Fraction(row["p95"])), row
            told += 1
    assert told > 1000


@pytest.fixture(scope="module")
def parquet(kept):
    ran = simulate(kept, "--draws-out", kept / "draws.parquet", "--overwrite")
    assert ran.code == 0, ran.said
    return kept / "draws.parquet"


def test_parquet_holds_the_same_rows(rows, parquet):
    table = pyarrow.parquet.read_table(parquet)
    assert table.column_names == list(rows[0])
    held = table.to_pylist()
    assert len(held) == len(rows)
    for one, other in zip(held, rows, strict=True):
        assert [str(one[name]) for name in ("draw", *NAMES)] == list(other.values())[:-1]
        assert one["value"] == (float(other["value"]) if other["value"] else None)


def test_pandas_and_duckdb_find_the_same_mean(kept, parquet):
    _, table = read_csv(kept / "out" / "measures.csv")
    (row,) = [
        row
        for row in table
        if tuple(row[name] for name in NAMES) == ("harmonised-2023", "municipalities", "all", "all")
    ]
    frame = pd.read_parquet(parquet)
    of_all = frame[frame["offering"].eq("all") & frame["group"].eq("all")]
    means = of_all.groupby(["scenario", "measure"], observed=True)["value"].mean()
    assert means["harmonised-2023", "municipalities"] == pytest.approx(
        float(row["mean"]), abs=0.005
    )
    asked = (
        "select avg(value), quantile_disc(value, 0.05), quantile_disc(value, 0.95) "
        "from read_parquet(?) where scenario = 'harmonised-2023' "
        "and measure = 'municipalities' and offering = 'all' and \"group\" = 'all'"
    )
    (told,) = duckdb.execute(asked, [str(parquet)]).fetchall()
    found, *ends = told
    assert found == pytest.approx(means["harmonised-2023", "municipalities"])
    assert ends == [float(row["p5"]), float(row["p95"])]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--draws-out", "draws.xlsx"), "neither a .parquet nor a .csv file"),
        (("--draws-out", "{kept}/draws.csv"), "exists"),
        (("--draws-out", "{kept}/mine.csv", "--overwrite"), "mine.csv"),
        (("--draws-out", "{kept}/mine.parquet", "--overwrite"), "mine.parquet"),
        (("--draws-out", "{kept}/new/draws.csv"), "lies in"),
        (("--draws-out", "d.csv", "--public", "--round", "{kept}"), "holds back"),
    ],
    ids=["another kind", "there already", "not draws", "no parquet", "inside", "public"],
)
def test_where_draws_can_not_be_written_nothing_is_drawn(kept, more, said):
    for name in ("mine.csv", "mine.parquet"):
        (kept / name).write_text("my,own\n1,2\n", encoding="utf-8")
    told = [part.format(kept=kept) for part in more]
    ran = run(
        "simulate", "--scenario", "current-2019", "--draws", 1, "--seed", 1,
        "--out", kept / "new", *told,
    )  # fmt: skip
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (kept / "new").exists()
    assert (kept / "mine.csv").read_text(encoding="utf-8") == "my,own\n1,2\n"


def test_a_notebook_writes_the_same_file(kept, tmp_path):
    import admissions

    drawn = admissions.simulate(["current-2019", "harmonised-2023"], draws=DRAWS, seed=5)
    drawn.write_draws(tmp_path / "draws.csv")
    written = (tmp_path / "draws.csv").read_bytes()
    assert written == (kept / "draws.csv").read_bytes()
    frame = drawn.draws
    first = next(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert str(frame["value"][0]) == str(float(first["value"]))
