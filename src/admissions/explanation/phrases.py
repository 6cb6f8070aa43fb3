"""The sentences of a decision by name; what they say stands in ``words/letter.toml``."""

from __future__ import annotations

from admissions.explanation.decisions import Reason
from admissions.model.words import section, wordings

_SAID = wordings("letter")

OFFERING = _SAID["offering"]
REASONS = {Reason(code): said for code, said in section("letter", "reasons").items()}
NO_SEATS = _SAID["no-seats"]
NOT_RUN = _SAID["not-run"]
APART = _SAID["apart"]
HEADINGS = section("letter", "headings")
HEAD = section("letter", "head")
ANSWER_BY = _SAID["answer-by"]
ANSWER = _SAID["answer"]
WAITING_NOTE = _SAID["waiting-note"]
NO_WAITING_LIST = _SAID["no-waiting-list"]
OWN_DECISION = _SAID["own-decision"]
SEE_BELOW = _SAID["see-below"]
ALL_MET = _SAID["all-met"]
NOT_ALL_MET = _SAID["not-all-met"]
NO_REQUIREMENTS = _SAID["no-requirements"]
HOW_RANKED = _SAID["how-ranked"]
TOGETHER = section("letter", "together")
RANK = _SAID["rank"]
POINTS = _SAID["points"]
LAST_ADMITTED = section("letter", "last-admitted")
DECISIVE = _SAID["decisive"]
TIE_LOST = _SAID["tie-lost"]
TIE_WON = _SAID["tie-won"]
MOVED = _SAID["moved"]
QUOTA = _SAID["quota"]
MAX_STUDENTS = _SAID["max-students"]
MAX_STUDENTS_UNNAMED = _SAID["max-students-unnamed"]
MAX_STUDENTS_APART = _SAID["max-students-apart"]
LEADER_GROUP = _SAID["leader-group"]
LEADER = _SAID["leader"]
LEADER_NOT = _SAID["leader-not"]
LOTTERY = section("letter", "lottery")
MET = _SAID["met"]
NOT_MET = _SAID["not-met"]
NOT_DOCUMENTED = _SAID["not-documented"]
POINTS_CELL = _SAID["points-cell"]
NO_POINTS = _SAID["no-points"]
TIER = _SAID["tier"]
NO_TIER = _SAID["no-tier"]
PLACE = _SAID["place"]
OF_OTHERS = _SAID["of-others"]
LEADER_POINTS = _SAID["leader-points"]
FACTS = _SAID["facts"]
ASSUMED = _SAID["assumed"]
COUNTED_AS = _SAID["counted-as"]
CONVERTED = _SAID["converted"]
CHANGES = _SAID["changes"]
NO_CHANGE = _SAID["no-change"]
HAS_BETTER = _SAID["has-better"]
CHANGED = _SAID["changed"]
CHANGED_UNDOCUMENTED = _SAID["changed-undocumented"]
CHANGED_YES = _SAID["changed-yes"]
CHANGED_NO = _SAID["changed-no"]
ACCESS = _SAID["access"]
APPEAL = _SAID["appeal"]
APPEAL_TO = _SAID["appeal-to"]
APPEAL_BODY = _SAID["appeal-body"]
RULES_SUM = _SAID["rules-sum"]
RUN_SUM = _SAID["run-sum"]
LIMITS = section("letter", "limit")
