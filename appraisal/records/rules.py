"""The rules of the conduct as pure functions of plain values. One question each; all reasons at once.

Who counts as non-public, when a unit's democratic procedure is in order, who may not decide on what, what identifies
a nominee. Nothing here asks the database or the time.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from appraisal.records.refusals import (
    CreditCodeCheckDigit,
    CreditCodeLength,
    CreditCodeLetters,
    CreditCodeOfUnion,
    EvidenceMissing,
    IdentityAge,
    IdentityNumberBirthDate,
    IdentityNumberCheckDigit,
    IdentityNumberShape,
    IdentityOfFemale,
    IdentityOfMale,
    MeetingInFuture,
    NoticeBeforeMeeting,
    NoticeEndsBeforeStart,
    NoticeNotOver,
    NoticePlaceMissing,
    NoticeTooShort,
    OwnApplication,
    OwnUnit,
    PartyOpinionInFuture,
    PartyOpinionMissing,
    ReviewedAsOtherOffice,
    ReviewedAtOtherStage,
    UnionCodeNotOfUnion,
    UnitNoticeUnannounced,
    UnitObjectionOpen,
    VoteDoesNotAddUp,
    VoteMorePresentThanEntitled,
    VoteNobodyEntitled,
    VoteNoMajority,
    VoteNoQuorum,
)
from quotas.arithmetic.backwards import NoticeTerms
from quotas.arithmetic.workdays import Calendar, Unannounced, end_of_notice
from quotas.base.errors import FieldProblem, Reason
from quotas.base.refusals import PrivateUse, TextTooLong, ValueRequired
from quotas.base.text import is_blank, key, private_use, written_length

# Classification of employers

STATE_CONTROL_PERMILLE = 500
"""State capital of one half and more is state control (绝对控股 "含50%")."""


def classify(control: str, state_capital_permille: int | None) -> str:
    """The control that counts: state capital of 500‰ and more is state control, whatever else is stated."""
    if state_capital_permille is not None and state_capital_permille >= STATE_CONTROL_PERMILLE:
        return "state"
    return control


# Codes and names

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_IDENTITY_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def credit_code_problem(code: str) -> FieldProblem | None:
    """Why a normal code is not a unified social credit code (GB 32100-2015) of a unit; None when it is one.

    The letters I, O, S, V and Z do not occur; 81… belongs to the trade union, not to the unit.
    """
    problem = _code_problem("credit_code", code)
    if problem is None and code.startswith("81"):
        return CreditCodeOfUnion("credit_code")
    return problem


def union_code_problem(code: str) -> FieldProblem | None:
    """Why a normal code is not the credit code of a trade union, which begins with 81; None when it is one."""
    problem = _code_problem("union_code", code)
    if problem is None and not code.startswith("81"):
        return UnionCodeNotOfUnion("union_code")
    return problem


def _code_problem(field: str, code: str) -> FieldProblem | None:
    if len(code) != 18:
        return CreditCodeLength(field, length=len(code))
    if not _CREDIT_CODE.fullmatch(code):
        return CreditCodeLetters(field)
    if uscc.calc_check_digit(code[:17]) != code[17]:
        return CreditCodeCheckDigit(field)
    return None


def identity_number_problem(number: str, today: date) -> FieldProblem | None:
    """Why a normal code is not the number of an identity card; None when it is one.

    The region is not looked up: a table of counties that is a year old would refuse people who exist.
    """
    if not _IDENTITY_NUMBER.fullmatch(number):
        return IdentityNumberShape("identity_number")
    if ric.calc_check_digit(number) != number[-1]:
        return IdentityNumberCheckDigit("identity_number")
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return IdentityNumberBirthDate("identity_number")
    return None if born < today else IdentityNumberBirthDate("identity_number")


YOUNGEST, OLDEST = 16, 75
"""Younger nobody may work; older is rare enough to look again."""


def identity_doubts(number: str, gender: str, today: date) -> list[Reason]:
    """What is unlikely about a right number: it belongs to the other sex, or to a child or somebody very old."""
    doubts: list[Reason] = []
    born = ric.get_birth_date(number)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        doubts.append(IdentityAge(born=born, age=age))
    of_card = "male" if int(number[16]) % 2 else "female"
    if gender and gender != of_card:
        doubts.append(IdentityOfMale() if of_card == "male" else IdentityOfFemale())
    return doubts


def nominee_key(kind: str, *, credit_code: str, name: str, identity_number: str) -> str:
    """What makes two nominations one nominee's: the unit, the team or party organisation in its unit, the person.

    A person is known by a digest of the identity number, so that the key itself tells nothing about the person.
    """
    match kind:
        case "unit":
            return f"unit:{credit_code}"
        case "team":
            return f"team:{credit_code}:{_digest(key(name))}"
        case "party_org":
            return f"party:{credit_code}:{_digest(key(name))}"
        case "person":
            return f"person:{_digest(identity_number)}"
        case _:
            raise ValueError(f"unknown kind of nominee: {kind!r}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# The democratic procedure of the unit


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote of the staff congress or meeting, in persons."""

    entitled: int
    present: int
    votes_for: int
    votes_against: int
    votes_abstained: int


@dataclass(frozen=True, slots=True)
class UnitProcedure:
    """The procedure as the unit recorded it."""

    meeting_date: date
    vote: Vote
    notice_from: date
    notice_to: date
    notice_place: str
    notice_objections: bool
    party_opinion: str
    party_opinion_date: date
    notice_reason: str = ""


def vote_problems(vote: Vote) -> list[FieldProblem]:
    """What is wrong with a vote.

    No more persons are present than entitled; the votes add up to those present; two thirds of those entitled are
    present; more than half of those entitled (not of those present) agree.
    """
    problems: list[FieldProblem] = []
    if vote.entitled < 1:
        problems.append(VoteNobodyEntitled("entitled"))
    if vote.present > vote.entitled:
        problems.append(VoteMorePresentThanEntitled("present", present=vote.present, entitled=vote.entitled))
    elif 3 * vote.present < 2 * vote.entitled:
        problems.append(
            VoteNoQuorum(
                "present", present=vote.present, entitled=vote.entitled, required=-(-2 * vote.entitled // 3)
            )
        )
    total = vote.votes_for + vote.votes_against + vote.votes_abstained
    if total != vote.present:
        problems.append(VoteDoesNotAddUp("votes_for", total=total, present=vote.present))
    if 2 * vote.votes_for <= vote.entitled:
        problems.append(
            VoteNoMajority(
                "votes_for", votes_for=vote.votes_for, entitled=vote.entitled, required=vote.entitled // 2 + 1
            )
        )
    return problems


def procedure_problems(
    procedure: UnitProcedure, terms: NoticeTerms, *, calendar: Calendar, today: date
) -> list[FieldProblem]:
    """Everything that is wrong with a unit's procedure, by the field where it can be put right."""
    problems = vote_problems(procedure.vote)
    if procedure.meeting_date > today:
        problems.append(MeetingInFuture("meeting_date", date=procedure.meeting_date, today=today))
    problems += _notice_problems(procedure, terms, calendar, today)
    if is_blank(procedure.notice_place):
        problems.append(NoticePlaceMissing("notice_place"))
    if procedure.notice_objections:
        problems.append(UnitObjectionOpen("notice_objections"))
    if is_blank(procedure.party_opinion):
        problems.append(PartyOpinionMissing("party_opinion"))
    if procedure.party_opinion_date > today:
        problems.append(
            PartyOpinionInFuture("party_opinion_date", date=procedure.party_opinion_date, today=today)
        )
    return problems


def _notice_problems(
    procedure: UnitProcedure, terms: NoticeTerms, calendar: Calendar, today: date
) -> list[FieldProblem]:
    start, end = procedure.notice_from, procedure.notice_to
    if end < start:
        return [NoticeEndsBeforeStart("notice_to", starts_on=start, ends_on=end)]
    problems: list[FieldProblem] = []
    if start < procedure.meeting_date:
        problems.append(
            NoticeBeforeMeeting("notice_from", starts_on=start, meeting_date=procedure.meeting_date)
        )
    if end > today:
        return [*problems, NoticeNotOver("notice_to", date=end, today=today)]
    if terms.days < 1:
        return problems
    earliest = end_of_notice(
        start, terms.days, terms.unit, first_day_counts=terms.first_day_counts, calendar=calendar
    )
    if isinstance(earliest, Unannounced):
        # Nobody can count it: whoever recorded it answers for the day, and says why.
        if not procedure.notice_reason:
            problems.append(
                UnitNoticeUnannounced(
                    "notice_reason",
                    years=tuple(map(str, earliest.years)),
                    estimate=earliest.estimate,
                    ends_on=end,
                )
            )
        return problems
    if end < earliest:
        problems.append(
            NoticeTooShort(
                "notice_to", days=terms.days, unit=terms.unit, starts_on=start, ends_on=end, earliest=earliest
            )
        )
    return problems


# The application

DEEDS_LIMIT = 2000
"""Characters of the deeds 主要事迹, without spaces."""
SUMMARY_LIMIT = 500
"""Characters of the summary 简要事迹, without spaces: one page for those who compare many."""
TEXT_LIMIT = 2000
"""Characters of any other text."""

MOST_SELF_SCORE = 100_00
"""The most that a unit may give itself, in 1/100 points."""
MOST_SCORE = 100_00
"""The most that the experts may give, in 1/100 points."""

TEXT_LIMITS: Mapping[str, int] = {"deeds": DEEDS_LIMIT, "summary": SUMMARY_LIMIT, "honours": TEXT_LIMIT}

REQUIRED_OF: Mapping[str, tuple[str, ...]] = {
    "unit": ("nominee_name", "phone"),
    "team": ("nominee_name", "leader_name", "phone"),
    "person": ("nominee_name", "identity_number", "position", "phone"),
    "party_org": ("nominee_name", "leader_name", "phone"),
}
"""What an application must tell of its nominee beside the fields of the edition, by the kind of nominee."""


def unreadable(fields: Mapping[str, object]) -> list[FieldProblem]:
    """The names and other lines that hold a character which only the writer's own machine can show, and where."""
    found = {name: private_use(value) for name, value in fields.items() if isinstance(value, str)}
    return [PrivateUse(name, place=place) for name, place in found.items() if place]


def text_problems(texts: Mapping[str, str]) -> list[FieldProblem]:
    """The texts of an application that are longer than their limit."""
    return [
        TextTooLong(field, length=written_length(given), limit=TEXT_LIMITS[field])
        for field, given in texts.items()
        if field in TEXT_LIMITS and written_length(given) > TEXT_LIMITS[field]
    ]


def missing_fields(
    kind: str, values: Mapping[str, object], evidence: Iterable[str], required_evidence: Sequence[str]
) -> list[FieldProblem]:
    """What an application still lacks before it can be handed on, beside the fields of its edition: values, texts, evidence."""
    problems: list[FieldProblem] = [
        ValueRequired(field) for field in (*REQUIRED_OF[kind], "summary", "deeds") if not values.get(field)
    ]
    present = set(evidence)
    problems += [
        EvidenceMissing("evidence", kind=wanted) for wanted in required_evidence if wanted not in present
    ]
    return problems


# Separation of duties


@dataclass(frozen=True, slots=True)
class PastOpinion:
    """An earlier decision on the nomination."""

    actor_id: int
    stage: str
    office: str
    review_pass: int


def separation_problems(
    *,
    actor_id: int,
    created_by_id: int,
    acted_for_unit: bool,
    holds_unit_post: bool,
    opinions: Iterable[PastOpinion],
    stage: str,
    office: str,
    review_pass: int,
) -> list[Reason]:
    """Why this person may not decide on this nomination here.

    Nobody decides on what they made or endorsed, or on their own unit's; nobody reviews one nomination at two stages,
    or as both offices of one stage.
    """
    problems: list[Reason] = []
    if actor_id == created_by_id or acted_for_unit:
        problems.append(OwnApplication())
    elif holds_unit_post:
        problems.append(OwnUnit())
    mine = [opinion for opinion in opinions if opinion.actor_id == actor_id]
    elsewhere = next((opinion for opinion in mine if opinion.stage != stage), None)
    if elsewhere is not None:
        problems.append(ReviewedAtOtherStage(stage=elsewhere.stage))
    if any(
        (opinion.stage, opinion.review_pass) == (stage, review_pass) and opinion.office != office
        for opinion in mine
    ):
        problems.append(ReviewedAsOtherOffice())
    return problems
