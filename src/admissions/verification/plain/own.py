"""What each kind of rule says of one application by its own facts.

A function a kind, named as the kind is; its parameters are the rule's, in hundredths where the rule
counts parts of a unit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from admissions.model.hundredths import REST
from admissions.verification.plain.rows import Row

NOTHING_STATED = -1
"""The cell behind every grade and every need, of whoever documents none."""

STEPS = {0: 100, 1: 10, 2: 1}
"""How many hundredths the last of so many decimals counts."""

BEHIND_ALL_DATES = -(10**8)
"""Behind every date that eight digits can write."""


def bachelor_degree(row: Row, minimum_ects: int) -> bool:
    """Whether the bachelor's degree has at least so many ECTS."""
    stated = row["bachelor_ects"]
    return stated is not None and stated >= minimum_ects


def child_welfare_connection(row: Row, sectors: Sequence[str]) -> bool:
    """Whether the applicant is employed in one of the sectors."""
    return row["sector"] in sectors


def leader_position(row: Row, positions: Sequence[str]) -> bool:
    """Whether the applicant has one of the positions, or leader tasks in any."""
    return row["position"] in positions or row["leader_tasks"]


def documented_experience(row: Row) -> bool:
    """Whether the experience is documented."""
    return bool(row["experience_documented"])


def minimum_experience(row: Row, sectors: Sequence[str], years: int) -> bool:
    """Whether the years in the sectors together are at least so many."""
    return _years(row, sectors) >= years


def minimum_post(row: Row, percent: int, sectors: Sequence[str]) -> bool:
    """Whether the post is at least so large, in one of the sectors."""
    return row["sector"] in sectors and row["post_percent"] >= percent


def workplace_agreement(row: Row) -> bool:
    """Whether the workplace agrees."""
    return bool(row["workplace_agreement"])


def sector_tiers(row: Row, tiers: Sequence[Sequence[str]]) -> int:
    """As many as there are tiers from the applicant's own to the last; 0 in none."""
    for place, sectors in enumerate(tiers):
        if row["sector"] in sectors:
            return len(tiers) - place
    return 0


def recommendation_tiers(row: Row, tiers: Sequence[Any]) -> int:
    """As many as there are tiers from the first that the applicant meets to the last; 0 in none.

    A tier states sectors, a smallest post, and it may demand a recommendation, and one dated in the
    admission's year.
    """
    for place, tier in enumerate(tiers):
        dated = row["recommendation_date"]
        this_year = dated is not None and dated.year == row["year"]
        if (
            row["sector"] in tier.sectors
            and row["post_percent"] >= tier.post_percent
            and (row["employer_recommended"] or not tier.recommended)
            and (this_year or not tier.dated_same_year)
        ):
            return len(tiers) - place
    return 0


def leader_priority(row: Row, positions: Sequence[str]) -> bool:
    """Whether the applicant has one of the positions, and personnel responsibility."""
    return row["position"] in positions and row["personnel_responsibility"]


def supervisor_responsibility(row: Row) -> bool:
    """Whether the applicant supervises others."""
    return bool(row["supervisor_responsibility"])


def grade_points(row: Row, factor: int, decimals: int, passed: int, not_documented: str) -> int:
    """The grade as stated, rounded half up to so many decimals, times the factor, in hundredths.

    A degree with no mark but "passed" counts as ``passed``; nothing stated is -1.
    """
    grade = passed if row["bachelor_passed"] else row["bachelor_grade"]
    if grade is None:
        return NOTHING_STATED
    beyond = 0 if row["bachelor_passed"] else Fraction(row.get("bachelor_grade_rest", 0), REST)
    step = STEPS[decimals]
    whole, rest = divmod(grade + beyond, step)
    return (whole + (2 * rest >= step)) * step * factor


def grade_is_demanded(row: Row, not_documented: str, **_: Any) -> bool:
    """Whether a grade that the rulebook demands is there."""
    stated = row["bachelor_passed"] or row["bachelor_grade"] is not None
    return bool(stated) or not_documented != "not-qualified"


def experience_points(
    row: Row,
    sectors: Sequence[str],
    points_per_year: int,
    year: str,
    after_years: int,
    maximum: int,
) -> int:
    """So many points for each year beyond the first ones, completed or started, to a maximum."""
    whole, rest = divmod(max(_years(row, sectors) - after_years, 0), 100)
    counted = whole + 1 if year == "started" and rest else whole
    return min(counted * points_per_year, maximum)


def experience_years(row: Row, sectors: Sequence[str]) -> int:
    """The years in the sectors together, in hundredths."""
    return _years(row, sectors)


def experience_at_least(row: Row, sectors: Sequence[str], years: int) -> bool:
    """Whether the years in the sectors together are so many or more."""
    return _years(row, sectors) >= years


def experience_beyond(row: Row, sectors: Sequence[str], years: int) -> bool:
    """Whether the years in the sectors together are more than so many."""
    return _years(row, sectors) > years


def education_points(
    row: Row, points: int, per_ects: int, relevant_only: bool, maximum: int
) -> int:
    """So many points for each full portion of ECTS beyond the bachelor's degree, to a maximum."""
    ects = row["relevant_education_ects" if relevant_only else "education_ects"]
    return min(int(ects) // per_ects * points, maximum)


def master(row: Row, values: Sequence[str]) -> bool:
    """Whether the master's degree is one of those named."""
    return row["master"] in values


def courses(row: Row, minimum: int) -> bool:
    """Whether the applicant has taken at least so many courses."""
    return int(row["competence_courses"]) >= minimum


def no_leader_responsibility(row: Row, positions: Sequence[str]) -> bool:
    """Whether the applicant has none of the positions, of the tasks and of the responsibility."""
    leads = row["position"] in positions
    return not (leads or row["personnel_responsibility"] or row["leader_tasks"])


def further_education_count(row: Row) -> int:
    """How many further educations were taken before."""
    return int(row["further_education_count"])


def fewest_further_education(row: Row) -> int:
    """Minus how many further educations were taken before."""
    return -int(row["further_education_count"])


def need_index(row: Row, not_documented: str) -> int:
    """The need of the applicant's service; nothing stated is -1."""
    return NOTHING_STATED if row["need"] is None else int(row["need"])


def minimum_share(row: Row, centralities: Sequence[int], **_: Any) -> bool:
    """Whether the service is in one of the centrality classes."""
    return row["centrality"] in centralities


def leader_first_choice(row: Row) -> bool:
    """Whether the leader's first among own qualified applicants here."""
    return bool(row["leader_rank"] == 1)


def leader_points(row: Row, points: Sequence[int]) -> int:
    """The points of the place that the leader gave; none for whoever is not named, or too late."""
    rank = row["leader_rank"]
    return 0 if rank is None or rank > len(points) else points[rank - 1]


def oldest_first(row: Row, not_documented: str) -> int:
    """Minus the date of birth as a number of eight digits; nothing stated is behind all dates."""
    born: dt.date | None = row["birth_date"]
    if born is None:
        return BEHIND_ALL_DATES
    return -(born.year * 1_00_00 + born.month * 1_00 + born.day)


def lottery(row: Row) -> int:
    """Minus the place in the draw."""
    return -int(row["lottery_place"])


def _years(row: Row, sectors: Sequence[str]) -> int:
    return sum(row[f"experience_{sector}"] for sector in sectors)


OWN: Mapping[str, Callable[..., int]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        bachelor_degree, child_welfare_connection, leader_position, documented_experience,
        minimum_experience, minimum_post, workplace_agreement, sector_tiers, recommendation_tiers,
        leader_priority, supervisor_responsibility, grade_points, experience_points,
        experience_years, experience_at_least, experience_beyond, education_points, master,
        courses, no_leader_responsibility, further_education_count, fewest_further_education,
        need_index, minimum_share, leader_first_choice, leader_points, oldest_first, lottery,
    )
}  # fmt: skip
"""The kinds that an application's own facts decide, by name."""
