"""Which kinds of rules exist: an explicit list, and other packages' kinds by entry point."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points

from pydantic import ValidationError

from admissions.model.errors import DataError, first_error, library_fault
from admissions.model.messages import Message, message
from admissions.model.words import WordsError
from admissions.rules.bachelor_degree import BachelorDegree
from admissions.rules.base import Rule
from admissions.rules.child_welfare_connection import ChildWelfareConnection
from admissions.rules.courses import Courses
from admissions.rules.documented_experience import DocumentedExperience
from admissions.rules.education_points import EducationPoints
from admissions.rules.experience_at_least import ExperienceAtLeast
from admissions.rules.experience_beyond import ExperienceBeyond
from admissions.rules.experience_points import ExperiencePoints
from admissions.rules.experience_years import ExperienceYears
from admissions.rules.fewest_further_education import FewestFurtherEducation
from admissions.rules.further_education_count import FurtherEducationCount
from admissions.rules.grade_points import GradePoints
from admissions.rules.leader_first_choice import LeaderFirstChoice
from admissions.rules.leader_order import LeaderOrder
from admissions.rules.leader_points import LeaderPoints
from admissions.rules.leader_position import LeaderPosition
from admissions.rules.leader_priority import LeaderPriority
from admissions.rules.leader_proportional import LeaderProportional
from admissions.rules.lottery import Lottery
from admissions.rules.master import Master
from admissions.rules.minimum_experience import MinimumExperience
from admissions.rules.minimum_post import MinimumPost
from admissions.rules.minimum_share import MinimumShare
from admissions.rules.need_index import NeedIndex
from admissions.rules.no_leader_responsibility import NoLeaderResponsibility
from admissions.rules.oldest_first import OldestFirst
from admissions.rules.recommendation_tiers import RecommendationTiers
from admissions.rules.sector_tiers import SectorTiers
from admissions.rules.service_limit import ServiceLimit
from admissions.rules.spread_breadth import SpreadBreadth
from admissions.rules.spread_proportional import SpreadProportional
from admissions.rules.sum_of_points import SumOfPoints
from admissions.rules.supervisor_responsibility import SupervisorResponsibility
from admissions.rules.under_represented_gender import UnderRepresentedGender
from admissions.rules.workplace_agreement import WorkplaceAgreement

ENTRY_POINT_GROUP = "admissions.rules"

BUILT_IN: tuple[type[Rule], ...] = (
    BachelorDegree,
    ChildWelfareConnection,
    LeaderPosition,
    DocumentedExperience,
    MinimumExperience,
    MinimumPost,
    WorkplaceAgreement,
    SectorTiers,
    RecommendationTiers,
    LeaderPriority,
    SupervisorResponsibility,
    GradePoints,
    ExperiencePoints,
    ExperienceYears,
    ExperienceAtLeast,
    ExperienceBeyond,
    EducationPoints,
    Master,
    Courses,
    NoLeaderResponsibility,
    FurtherEducationCount,
    FewestFurtherEducation,
    NeedIndex,
    SumOfPoints,
    ServiceLimit,
    SpreadBreadth,
    SpreadProportional,
    MinimumShare,
    LeaderOrder,
    LeaderFirstChoice,
    LeaderProportional,
    LeaderPoints,
    OldestFirst,
    UnderRepresentedGender,
    Lottery,
)


def across_rows(rule: Rule) -> bool:
    """Whether a cell of ``rule`` may depend on other rows in a way that this program cannot know.

    Of the built-in kinds it is known: rounds that lie one after another are ranked at once.
    """
    return type(rule) not in BUILT_IN


@cache
def kinds() -> dict[str, type[Rule]]:
    """Every kind by its name: the built-in ones, then plugins by name.

    Raises DataError when a plugin cannot be loaded, is no rule, takes a name that exists, or has no
    words: going on without it would silently change who gets a seat, or leave letters silent.
    """
    found: dict[str, type[Rule]] = {}
    for built_in in BUILT_IN:
        _add(found, built_in, message("rulebooks.this-program"))
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: (p.name, p.value)):
        origin = message("rulebooks.plugin", name=point.name, value=point.value)
        try:
            plugin = point.load()
        except Exception as error:
            raise DataError(
                message("rulebooks.plugin-broken", origin=origin, fault=library_fault(error))
            ) from error
        if not (isinstance(plugin, type) and issubclass(plugin, Rule)):
            raise DataError(message("rulebooks.plugin-no-rule", origin=origin))
        if plugin.kind != point.name:
            raise DataError(message("rulebooks.plugin-other-kind", origin=origin, kind=plugin.kind))
        _add(found, plugin, origin)
        try:
            plugin.kind_words()
        except WordsError as error:
            raise DataError(
                message("rulebooks.plugin-silent", origin=origin, fault=library_fault(error))
            ) from None
    return found


def _add(found: dict[str, type[Rule]], rule: type[Rule], origin: Message) -> None:
    if rule.kind in found:
        raise DataError(message("rulebooks.kind-twice", origin=origin, kind=rule.kind))
    found[rule.kind] = rule


def kind(name: str) -> type[Rule]:
    """The class of the kind ``name``. Raises DataError, naming the known ones, when unknown."""
    try:
        return kinds()[name]
    except KeyError:
        known = sorted(kinds())
        raise DataError(message("rulebooks.unknown-kind", kind=name, known=known)) from None


def build_rule(table: object) -> Rule:
    """The rule object of one TOML table with a ``kind``.

    Raises DataError naming the rule, the parameter, the value and what was expected.
    """
    if not isinstance(table, Mapping) or not isinstance(table.get("kind"), str):
        raise DataError(message("rulebooks.rule-needs-kind", table=repr(table)))
    rule_class = kind(table["kind"])
    try:
        return rule_class.from_table({k: v for k, v in table.items() if k != "kind"}, build_rule)
    except ValidationError as error:
        name = str(table.get("id", "?"))
        said = first_error(error)
        raise DataError(
            message("rulebooks.in-rule", rule=name, kind=table["kind"], said=said)
        ) from None
