"""
What every address answers to whom, written by hand. `docs/permissions.md` shows the same table.

An address stands here with one or more `Ask`s: about which thing it is asked, and what each kind of person gets.
Kinds are named by how the person stands to the thing, the special before the general:

`applicant`, `endorser`, `unit`      of the unit that the thing belongs to
`desk:keeper`, `desk`                a post at the body where it is dealt with now (with the role, or any that looks)
`below:keeper`, `below`              a post at a body that it has passed on its way up
`above:keeper`, `above`              a post at a body above
`stranger:keeper`, `stranger`        everybody else who has signed in: another unit, another county, the administrators
`anonymous`                          nobody has signed in, or the account is closed

Of pages that are about nothing in particular: the role (`keeper`, `applicant`, `audit_admin`), `official` (a role that
looks), `unit`, `administrator`, `nobody` (an account without a post), `signed_in` (all of them).

Where a kind is not named: 404 for a thing, for what is not yours looks like not there; 302 (to sign in) for `anonymous`.
`acts` names who changes something by the POST; for all others nothing may change, whatever the answer is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.matrix import posts
from tests.matrix.world import Thing, World

Answer = Mapping[str, int]
Data = Callable[[World, Thing | None], dict[str, Any]]

NO_POST = {"anonymous": 405, "signed_in": 405}
"""The method is refused before anybody is asked who he is."""
NO_POST_HERE = {"anonymous": 302, "signed_in": 405}
"""Only whoever has signed in learns that there is no such method."""


@dataclass(frozen=True)
class Ask:
    """One address, asked about things of one sort at these homes."""

    thing: str = ""
    homes: tuple[str, ...] = ("A1", "B1")
    get: Answer | None = field(default_factory=dict)
    """None: another `Ask` of this address has it already."""
    post: Answer = field(default_factory=lambda: NO_POST)
    acts: tuple[str, ...] = ()
    data: Data = posts.nothing
    arguments: Callable[[World, Thing | None], dict[str, Any]] = posts.by_number
    queries: tuple[str, ...] = ()
    flat: str = ""
    """How `test_statements` fills this page with rows; "no list" where there is none."""


IMPORTERS = {
    "employers": ("keeper", "staff", "union_reviewer"),
    "nominations": ("keeper", "staff"),
    "posts": ("system_admin",),
}
"""Who brings in which workbook."""

SEEN = {"unit": 200, "desk": 200, "below": 200, "above": 200}
"""A nomination that was handed in: its unit, and everybody in whose area its first body lies."""
BY_UNIT = {"unit": 200}
BY_AREA = {"desk": 200, "above": 200}
"""What officials of the area see and units do not."""
DESK_ASKS = {"desk:keeper": 200, "desk:union_reviewer": 200, "desk:party_reviewer": 200}
"""Who works at the body's desk, and may ask for more time."""
SEES_BODY = {"below": 403, "desk": 403, "above": 403}
"""Whoever sees the body is told that it takes another post."""
EVERYBODY = {"anonymous": 200, "signed_in": 200}
ALL_SIGNED_IN = {"signed_in": 200}


def seen_but(*, status: int, **others: int) -> dict[str, int]:
    """Everybody who sees the nomination gets `status`; `role_desk=…` writes `desk:role`."""
    given = dict.fromkeys(SEEN, status)
    return given | {_kind(name): value for name, value in others.items()}


def area_but(*, status: int, **others: int) -> dict[str, int]:
    """The same for a list, which units do not see."""
    given = dict.fromkeys(BY_AREA, status)
    return given | {_kind(name): value for name, value in others.items()}


def _kind(name: str) -> str:
    role, _underscore, where = name.rpartition("_at_")
    return f"{where}:{role}" if role else name


def task_of_nomination(node: str, who: str, data: Data, homes: tuple[str, ...] = ("A1", "B1")) -> Ask:
    """Only who it is for may do it; who sees the nomination is told that the task is not his."""
    answers = {"unit": 403, "desk": 403, "below": 403, "above": 403, who: 200}
    return Ask(f"task/{node}", homes, answers, {**answers, who: 302}, (who,), data, flat="no list")


def task_of_unit(node: str, who: str, data: Data, *, handed_in: bool = False) -> Ask:
    """What was not handed in is nobody else's."""
    answers = {"unit": 403, who: 200}
    if handed_in:
        answers = {"unit": 403, "desk": 403, "above": 403, who: 200}
    return Ask(
        f"task/{node}", get=answers, post={**answers, who: 302}, acts=(who,), data=data, flat="no list"
    )


def task_of_list(
    node: str,
    who: tuple[str, ...],
    data: Data,
    homes: tuple[str, ...] = ("A1", "B1", "A", "P"),
    *,
    hidden: bool = False,
) -> Ask:
    """The same for a list; while it is being compiled (`hidden`) it is the body's own."""
    answers = {"desk": 403} if hidden else {"desk": 403, "above": 403}
    return Ask(
        f"task/{node}",
        homes,
        answers | dict.fromkeys(who, 200),
        answers | dict.fromkeys(who, 302),
        who,
        data,
        flat="no list",
    )


PLANS = {"desk:staff": 200}
ORGANS = {"desk:keeper": 200, "desk:staff": 200, "above:staff": 200}
"""A body's organs are written by who keeps its lists, and by those who plan rounds."""
READS_RULES = {**PLANS, "desk:observer": 200}
"""At the province: its staff, and its observers, who read what is published."""
KEEPS = ("desk:keeper", "desk:staff")
SEARCH = ("q=秘", "q=26-", "award=a-main", "page=2", "after=99999999", "before=1")

PAGES: dict[str, tuple[Ask, ...]] = {
    # --- the desk
    "workflows:home": (Ask(get=EVERYBODY, flat="home"),),
    "workflows:inbox": (
        Ask(
            get=ALL_SIGNED_IN,
            queries=(
                *SEARCH,
                "tab=mine",
                "tab=done",
                "node=county_union",
                "body=1",
                "due=week",
                "ownership=public",
            ),
            flat="inbox",
        ),
    ),
    "workflows:approve": (
        Ask(get={"signed_in": 302}, post={"signed_in": 302}, flat="no list"),
        Ask(
            "task/county_union",
            get=None,
            post={"unit": 302, "desk": 302, "below": 302, "above": 302, "stranger": 302},
            acts=("desk:union_reviewer",),
            data=posts.approve,
            arguments=posts.none,
            flat="approve",
        ),
        Ask(
            "task/county_union",
            get=None,
            post={"unit": 200, "desk": 200, "below": 200, "above": 200, "stranger": 200},
            data=posts.tick,
            arguments=posts.none,
            flat="no list",
        ),
    ),
    "workflows:approved": (Ask(get={"signed_in": 302}, flat="no list"),),
    "workflows:task": (
        task_of_unit("complete_application", "applicant", posts.save),
        task_of_unit("unit_endorsement", "endorser", posts.save),
        task_of_unit("correction", "applicant", posts.save, handed_in=True),
        task_of_nomination("county_union", "desk:union_reviewer", posts.opinion),
        task_of_nomination("county_party", "desk:party_reviewer", posts.opinion),
        task_of_nomination("city_union", "desk:union_reviewer", posts.opinion),
        task_of_nomination("city_party", "desk:party_reviewer", posts.opinion),
        task_of_nomination("province_union", "desk:union_reviewer", posts.opinion),
        task_of_nomination("province_party", "desk:party_reviewer", posts.opinion),
        Ask(
            "task/province_scoring",
            get=seen_but(status=403, keeper_at_desk=200, staff_at_desk=200),
            post=seen_but(status=403, keeper_at_desk=302, staff_at_desk=302),
            acts=KEEPS,
            data=posts.score,
            flat="no list",
        ),
        Ask(
            "task/claimed",
            ("A1",),
            get=seen_but(status=409),
            post=seen_but(status=409),
            data=posts.opinion,
            flat="no list",
        ),
        Ask(
            "task/done",
            ("A1",),
            get=seen_but(status=409),
            post=seen_but(status=409),
            data=posts.opinion,
            flat="no list",
        ),
        task_of_list("compile_slate", KEEPS, posts.entries, hidden=True),
        task_of_list("union_sign", ("desk:union_leader",), posts.sign),
        task_of_list("party_sign", ("desk:party_leader",), posts.sign),
        task_of_list("publish_notice", KEEPS, posts.publish),
        task_of_list("settle_objections", KEEPS, posts.remove_entry),
        task_of_list("naming_decision", ("desk:staff",), posts.name, ("P",)),
    ),
    "workflows:claim": (
        Ask(
            "task/county_union",
            get=NO_POST_HERE,
            post=seen_but(status=403, union_reviewer_at_desk=302),
            acts=("desk:union_reviewer",),
            flat="no list",
        ),
    ),
    "workflows:release": (
        Ask(
            "task/held",
            ("A1",),
            get=NO_POST_HERE,
            post=seen_but(status=409, unit=403, union_reviewer_at_desk=302),
            acts=("desk:union_reviewer",),
            flat="no list",
        ),
    ),
    "workflows:take_over": (
        Ask(
            "task/claimed",
            ("A1",),
            get=seen_but(status=403, union_reviewer_at_desk=200),
            post=seen_but(status=403, union_reviewer_at_desk=302),
            acts=("desk:union_reviewer",),
            data=posts.take_over,
            flat="no list",
        ),
    ),
    "workflows:apply": (
        Ask(get=ALL_SIGNED_IN, post={"signed_in": 404}, flat="apply"),
        Ask(
            "employer",
            get=None,
            post={"applicant": 302},
            acts=("applicant",),
            data=posts.apply,
            arguments=posts.none,
            flat="no list",
        ),
    ),
    "workflows:withdraw": (
        Ask(
            "nomination/in_review",
            get=SEEN,
            post=seen_but(status=403, applicant=302, endorser=302),
            acts=("applicant", "endorser"),
            data=posts.reason,
            flat="no list",
        ),
        Ask(
            "nomination/draft",
            get=BY_UNIT,
            post={"unit": 302},
            acts=("unit",),
            data=posts.reason,
            flat="no list",
        ),
    ),
    "workflows:disqualify": (
        Ask(
            "nomination/in_review",
            get=SEEN,
            post=seen_but(status=403, keeper_at_desk=302, staff_at_above=302),
            acts=("desk:keeper", "above:staff"),
            data=posts.reason,
            flat="no list",
        ),
    ),
    "workflows:take_back": (
        Ask(
            "slate/signing",
            ("A1", "B1", "A", "P"),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.version,
            flat="no list",
        ),
    ),
    "workflows:reopen": (
        Ask(
            "slate/signed",
            ("A1", "B1", "A", "P"),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.reason,
            flat="no list",
        ),
    ),
    "workflows:slate_scores": (
        Ask("slate/main", get={}, post={}, data=posts.scores, flat="no list"),
        Ask(
            "slate/main",
            ("P",),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.scores,
            flat="slate_scores",
        ),
    ),
    "workflows:close_notice": (
        Ask(
            "slate/notice",
            ("A1", "B1", "A"),
            get=NO_POST_HERE,
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            flat="no list",
        ),
    ),
    "workflows:settle_objection": (
        Ask(
            "objection",
            ("A1", "B1", "A", "P"),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.finding,
            flat="no list",
        ),
    ),
    "workflows:flows": (Ask(get=ALL_SIGNED_IN, flat="flows"),),
    "workflows:flow_svg": (
        Ask(get=ALL_SIGNED_IN, arguments=posts.flow("nomination"), flat="flow_svg"),
        Ask(get=ALL_SIGNED_IN, arguments=posts.flow("slate"), flat="no list"),
    ),
    "workflows:flow_bpmn": (
        Ask(get=ALL_SIGNED_IN, arguments=posts.flow("nomination"), flat="no list"),
        Ask(get=ALL_SIGNED_IN, arguments=posts.flow("slate"), flat="no list"),
    ),
    "workflows:nomination_svg": (
        Ask("nomination/in_review", get=SEEN, flat="no list"),
        Ask("nomination/draft", get=BY_UNIT, flat="no list"),
        Ask("nomination/at_province", get=SEEN, flat="no list"),
    ),
    "workflows:import_confirm": (
        Ask(
            get=NO_POST_HERE,
            post={"signed_in": 403, "keeper": 422, "staff": 422},
            arguments=posts.none,
            flat="no list",
        ),
    ),
    # --- the conduct
    "appraisal:nominations": (
        Ask(
            get=ALL_SIGNED_IN,
            queries=(
                *SEARCH,
                "body=A1",
                "body={B1}",
                "body={A}",
                "status=draft",
                "stage=unit",
                "non_public=yes",
            ),
            flat="nominations",
        ),
    ),
    "appraisal:nomination": (
        Ask("nomination/draft", get=BY_UNIT, flat="nomination"),
        Ask("nomination/endorsing", get=BY_UNIT, flat="no list"),
        Ask("nomination/in_review", get=SEEN, flat="no list"),
        Ask("nomination/half", get=SEEN, flat="no list"),
        Ask("nomination/returned", get=SEEN, flat="no list"),
        Ask("nomination/declined", get=SEEN, flat="no list"),
        Ask("nomination/at_city", get=SEEN, flat="no list"),
        Ask("nomination/pooled_at_province", get=SEEN, flat="no list"),
    ),
    "appraisal:evidence": (
        Ask("evidence/draft", get=BY_UNIT, flat="no list"),
        Ask("evidence/in_review", get=SEEN, flat="no list"),
        Ask("evidence/at_province", get=SEEN, flat="no list"),
    ),
    "appraisal:evidence_add": (
        Ask(
            "nomination/draft",
            get=NO_POST_HERE,
            post={"unit": 302},
            acts=("applicant",),
            data=posts.upload,
            flat="no list",
        ),
        Ask(
            "nomination/in_review",
            get=NO_POST_HERE,
            post=seen_but(status=302),
            data=posts.upload,
            flat="no list",
        ),
    ),
    "appraisal:evidence_remove": (
        Ask("evidence/draft", get=BY_UNIT, post={"unit": 302}, acts=("unit",), flat="no list"),
        Ask("evidence/in_review", get=SEEN, post=seen_but(status=403, unit=409), flat="no list"),
    ),
    "appraisal:employers": (
        Ask(
            get=ALL_SIGNED_IN,
            queries=(*SEARCH, "body={A1}", "body={B1}", "verified=yes", "control=private"),
            flat="employers",
        ),
    ),
    "appraisal:employer_new": (
        Ask(
            get={"signed_in": 403, "keeper": 200, "staff": 200, "union_reviewer": 200},
            post={"signed_in": 403, "keeper": 422, "staff": 422, "union_reviewer": 422},
            flat="no list",
        ),
        Ask(
            "body",
            get=None,
            post={"signed_in": 403, "stranger:keeper": 422, "desk:keeper": 302, "desk:union_reviewer": 302},
            acts=("desk:keeper", "desk:union_reviewer"),
            data=posts.register,
            arguments=posts.none,
            flat="no list",
        ),
    ),
    "appraisal:employer": (
        Ask(
            "employer",
            get=SEEN,
            post=seen_but(status=400),
            flat="employer",
        ),
        Ask(
            "employer",
            get=None,
            post=seen_but(status=403, unit=302, keeper_at_desk=302, union_reviewer_at_desk=302),
            acts=("unit", "desk:keeper", "desk:union_reviewer"),
            data=posts.update_employer,
            flat="no list",
        ),
        Ask(
            "employer",
            get=None,
            post=seen_but(status=403, keeper_at_desk=302, union_reviewer_at_desk=302),
            acts=("desk:keeper", "desk:union_reviewer"),
            data=posts.verify,
            flat="no list",
        ),
        Ask(
            "employer",
            get=None,
            post=seen_but(status=403, keeper_at_desk=302, union_reviewer_at_desk=302),
            acts=("desk:keeper", "desk:union_reviewer"),
            data=posts.appoint,
            flat="no list",
        ),
        Ask(
            "employer",
            get=None,
            post=seen_but(status=403, keeper_at_desk=200, union_reviewer_at_desk=200),
            acts=("desk:keeper", "desk:union_reviewer"),
            data=posts.open_account,
            flat="no list",
        ),
        Ask(
            "employer",
            get=None,
            post=seen_but(status=403, keeper_at_desk=302, union_reviewer_at_desk=302),
            acts=("desk:keeper", "desk:union_reviewer"),
            data=posts.dismiss,
            flat="no list",
        ),
    ),
    "appraisal:slates": (
        Ask(
            get=ALL_SIGNED_IN,
            post=NO_POST_HERE,
            queries=(*SEARCH, "state=compiling", "stage=county", "q=县"),
            flat="slates",
        ),
    ),
    "appraisal:slate": (
        Ask("slate/main", ("A1", "B1", "A", "P"), get={"desk": 200}, post=NO_POST_HERE, flat="slate"),
        Ask("slate/signing", get=BY_AREA, post=NO_POST_HERE, flat="no list"),
        Ask("slate/settling", ("A1", "A", "P"), get=BY_AREA, post=NO_POST_HERE, flat="no list"),
        Ask("slate/gone", get=BY_AREA, post=NO_POST_HERE, flat="no list"),
    ),
    "appraisal:slate_rehearsal": (
        Ask("slate/main", ("A1", "B1", "A"), get={"desk": 200}, post=NO_POST_HERE, flat="slate_rehearsal"),
        Ask("slate/signing", ("A1", "B1", "P"), get=BY_AREA, post=NO_POST_HERE, flat="no list"),
    ),
    "appraisal:slate_workbook": (
        Ask("slate/main", ("A1", "B1", "A"), get={"desk": 200}, post=NO_POST_HERE, flat="slate_workbook"),
        Ask("slate/signing", ("A1", "B1", "P"), get=BY_AREA, post=NO_POST_HERE, flat="no list"),
    ),
    "appraisal:objections": (
        Ask(
            "slate/settling",
            ("A1", "B1", "A", "P"),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.objection,
            flat="objections",
        ),
    ),
    "appraisal:slate_ownership": (
        Ask(
            "slate/settling",
            ("A1", "B1", "A", "P"),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 422),
            flat="no list",
        ),
    ),
    "appraisal:round": (
        Ask(
            get={"signed_in": 404, "official": 200},
            post=NO_POST_HERE,
            arguments=posts.the_round,
            queries=("award=a-main", "award=none"),
            flat="round",
        ),
        Ask(
            get={"signed_in": 404, "staff": 200},
            post=NO_POST_HERE,
            arguments=posts.planned_round,
            flat="no list",
        ),
    ),
    "appraisal:round_quotas": (
        Ask(
            get={"signed_in": 404, "official": 200},
            post=NO_POST_HERE,
            arguments=posts.the_round,
            queries=("award=a-gone",),
            flat="round_quotas",
        ),
        Ask(
            get={"signed_in": 404, "staff": 200},
            post=NO_POST_HERE,
            arguments=posts.planned_round,
            flat="no list",
        ),
    ),
    "appraisal:round_vacancies": (
        Ask(
            get={"signed_in": 404, "official": 200, "system_admin": 200, "security_admin": 200},
            post=NO_POST_HERE,
            arguments=posts.the_round,
            queries=("show=all", "level=county", "level=none"),
            flat="round_quotas",
        ),
        Ask(
            get={"signed_in": 404, "staff": 200, "system_admin": 200, "security_admin": 200},
            post=NO_POST_HERE,
            arguments=posts.planned_round,
            flat="no list",
        ),
    ),
    "appraisal:round_extend": (
        Ask(
            get={"signed_in": 404, "staff": 200},
            post={"signed_in": 404, "staff": 422},
            arguments=posts.the_round,
            flat="round_extend",
        ),
        Ask(
            "body",
            get={"above:staff": 200},
            post={"above:staff": 302},
            acts=("above:staff",),
            data=posts.extend,
            arguments=posts.the_round,
            flat="no list",
        ),
    ),
    "quotas:calendar": (
        Ask(get={"signed_in": 404, "system_admin": 200, "staff": 200}, post=NO_POST_HERE, flat="calendar"),
    ),
    "quotas:calendar_year": (
        Ask(
            get={"signed_in": 404, "system_admin": 200, "staff": 200},
            post={"signed_in": 404, "system_admin": 302},
            acts=("system_admin",),
            data=posts.take_year,
            arguments=posts.the_year,
            flat="no list",
        ),
    ),
    "appraisal:extensions": (
        Ask(
            get={"signed_in": 404, "official": 200},
            post={"anonymous": 302, "signed_in": 405},
            arguments=posts.the_round,
            flat="extensions",
        ),
    ),
    "appraisal:extension_ask": (
        Ask(
            "body",
            get=DESK_ASKS,
            post=dict.fromkeys(DESK_ASKS, 302),
            acts=tuple(DESK_ASKS),
            data=posts.ask_extension,
            arguments=posts.own_deadline,
            flat="no list",
        ),
    ),
    "appraisal:extension": (
        Ask(
            "extension",
            ("A1",),
            get=BY_AREA,
            post={"desk": 403, "above": 403, "above:staff": 302},
            acts=("above:staff",),
            data=posts.grant_extension,
            flat="no list",
        ),
        Ask(
            "extension",
            ("B1",),
            get=BY_AREA,
            post={"desk": 403, "above": 403, **dict.fromkeys(DESK_ASKS, 302)},
            acts=tuple(DESK_ASKS),
            data=posts.withdraw_extension,
            flat="no list",
        ),
    ),
    "appraisal:notices": (
        Ask(
            get=EVERYBODY,
            queries=("page=2", "q=市", "q=%00", "year=2026", "year=abc", "state=running", "award=%00"),
            flat="notices",
        ),
    ),
    "appraisal:notice": (
        Ask(
            "notice",
            ("A1", "B1", "A"),
            get={"anonymous": 200, "stranger": 200, "desk": 200, "above": 200},
            flat="notice",
        ),
    ),
    "appraisal:honours": (Ask(get=EVERYBODY, queries=("q=市", "year=2026", "page=2"), flat="honours"),),
    "appraisal:honour": (
        Ask("naming", ("P",), get={"anonymous": 200, "stranger": 200, "desk": 200}, flat="honour"),
    ),
    "appraisal:unit_passwords": (
        Ask(
            get={"signed_in": 404} | dict.fromkeys(IMPORTERS["employers"], 200),
            post={"signed_in": 404} | dict.fromkeys(IMPORTERS["employers"], 302),
            flat="no list",
        ),
    ),
    "appraisal:imports": (
        Ask(
            get={"signed_in": 403, "keeper": 200, "staff": 200, "union_reviewer": 200, "system_admin": 200},
            post=NO_POST_HERE,
            flat="no list",
        ),
    ),
    "appraisal:import_check": tuple(
        Ask(
            get={"signed_in": 302},
            post={"signed_in": 403} | dict.fromkeys(roles, 422),
            arguments=posts.kind(kind),
            flat="no list",
        )
        for kind, roles in IMPORTERS.items()
    ),
    "appraisal:import_confirm": tuple(
        Ask(
            get=NO_POST_HERE,
            post={"signed_in": 403} | dict.fromkeys(roles, 422),
            arguments=posts.kind(kind),
            flat="no list",
        )
        for kind, roles in IMPORTERS.items()
        if kind != "nominations"
    ),
    "appraisal:import_template": tuple(
        Ask(
            get={"signed_in": 403} | dict.fromkeys(roles, 200),
            post=NO_POST_HERE,
            arguments=posts.kind(kind),
            flat="no list",
        )
        for kind, roles in IMPORTERS.items()
    ),
    "appraisal:rounds": (Ask(get={"signed_in": 404, "official": 200}, post=NO_POST_HERE, flat="rounds"),),
    "appraisal:round_new": (
        Ask(get={"signed_in": 404, "staff": 200}, post={"signed_in": 404, "staff": 422}, flat="no list"),
        Ask(
            get={"signed_in": 404, "staff": 200},
            post={"signed_in": 404, "staff": 302},
            acts=("staff",),
            data=posts.new_round,
            flat="no list",
        ),
    ),
    "appraisal:round_plan": (
        Ask(
            get={"signed_in": 404, "staff": 200},
            post={"signed_in": 404, "staff": 302},
            acts=("staff",),
            data=posts.timetable,
            arguments=posts.planned_round,
            flat="no list",
        ),
        Ask(
            get={"signed_in": 404, "staff": 302},
            post={"signed_in": 404, "staff": 400},
            arguments=posts.the_round,
            flat="no list",
        ),
    ),
    "appraisal:round_hand_out": (
        Ask(
            get={"signed_in": 404, "staff": 302},
            post={"signed_in": 404, "staff": 422},
            arguments=posts.award_of_round,
            flat="no list",
        ),
    ),
    "appraisal:rules": (
        Ask("body", ("P",), get=READS_RULES, post=NO_POST_HERE, arguments=posts.none, flat="rules"),
    ),
    "appraisal:rule_edition": (
        Ask(
            "body",
            ("P",),
            get=READS_RULES,
            post=NO_POST_HERE,
            arguments=posts.rule_edition,
            queries=("against=2", "against=none"),
            flat="rule_edition",
        ),
        Ask("body", ("P",), get=PLANS, post=NO_POST_HERE, arguments=posts.rule_draft, flat="no list"),
    ),
    "appraisal:rule_new": (
        Ask(
            "body",
            ("P",),
            get=PLANS,
            post={"desk:staff": 302},
            acts=("desk:staff",),
            data=posts.compose,
            arguments=posts.rule_award,
            flat="no list",
        ),
    ),
    "appraisal:rule_edit": (
        Ask(
            "body",
            ("P",),
            get=PLANS,
            post={"desk:staff": 302},
            acts=("desk:staff",),
            data=posts.put_rule,
            arguments=posts.rule_draft,
            flat="rule_edit",
        ),
    ),
    "appraisal:rule_fields": (
        Ask(
            "body",
            ("P",),
            get=PLANS,
            post={"desk:staff": 302},
            acts=("desk:staff",),
            data=posts.put_field,
            arguments=posts.rule_draft,
            flat="rule_fields",
        ),
    ),
    "appraisal:rule_publish": (
        Ask(
            "body",
            ("P",),
            get=PLANS,
            post={"desk:staff": 302},
            acts=("desk:staff",),
            data=posts.draft_version,
            arguments=posts.rule_draft,
            flat="no list",
        ),
    ),
    "appraisal:rule_discard": (
        Ask(
            "body",
            ("P",),
            get=PLANS,
            post={"desk:staff": 302},
            acts=("desk:staff",),
            data=posts.draft_version,
            arguments=posts.rule_draft,
            flat="no list",
        ),
        Ask(
            "body",
            ("P",),
            get={"desk:staff": 409},
            post={"desk:staff": 409},
            data=posts.draft_version,
            arguments=posts.rule_edition,
            flat="no list",
        ),
    ),
    "appraisal:rule_try": (
        Ask(
            "body",
            ("P",),
            get=READS_RULES,
            post=dict.fromkeys(READS_RULES, 422),
            arguments=posts.rule_edition,
            flat="rule_try",
        ),
        Ask(
            "body",
            ("P",),
            get=PLANS,
            post={"desk:staff": 200},
            data=posts.a_list,
            arguments=posts.rule_draft,
            flat="no list",
        ),
    ),
    "workflows:open_round": (
        Ask(
            get={"signed_in": 404, "staff": 302},
            post={"signed_in": 404, "staff": 409},
            arguments=posts.the_round,
            flat="no list",
        ),
    ),
    "workflows:close_round": (
        Ask(
            get={"signed_in": 404, "staff": 200},
            post={"signed_in": 404, "staff": 302},
            acts=("staff",),
            arguments=posts.the_round,
            flat="no list",
        ),
    ),
    # --- the plan
    "quotas:password": (Ask(get=ALL_SIGNED_IN, post={"signed_in": 422}, flat="no list"),),
    "quotas:accounts": (
        Ask(
            get={"signed_in": 404, "system_admin": 200},
            post={"signed_in": 404, "system_admin": 400},
            queries=("q=秘", "state=inactive"),
            flat="accounts",
        ),
        Ask(
            get=None,
            post={"signed_in": 404, "system_admin": 200},
            acts=("system_admin",),
            data=posts.create_account,
            flat="no list",
        ),
    ),
    "quotas:resets": (
        Ask(
            get={"signed_in": 404, "administrator": 200},
            post={"signed_in": 404, "administrator": 400},
            flat="no list",
        ),
        Ask(
            get=None,
            post={"signed_in": 404, "administrator": 403, "security_admin": 200},
            acts=("security_admin",),
            data=posts.ask_reset,
            flat="no list",
        ),
        Ask(
            get=None,
            post={"signed_in": 404, "administrator": 302},
            acts=("administrator",),
            data=posts.decline_reset,
            flat="no list",
        ),
    ),
    "quotas:posts": (
        Ask(
            get={"signed_in": 404, "security_admin": 200},
            post={"signed_in": 404, "security_admin": 400},
            flat="posts",
        ),
        Ask(
            get=None,
            post={"signed_in": 404, "security_admin": 200},
            acts=("security_admin",),
            data=posts.appoint_official,
            flat="no list",
        ),
    ),
    "quotas:proposals": (
        Ask(
            get={"signed_in": 404, "security_admin": 200},
            post={"signed_in": 404, "security_admin": 302},
            flat="proposals",
        ),
        Ask(
            get=None,
            post={"signed_in": 404, "security_admin": 302},
            acts=("security_admin",),
            data=posts.refuse_post,
            flat="no list",
        ),
    ),
    "quotas:halves": (
        Ask(
            get={"signed_in": 404, "security_admin": 200, "system_admin": 200},
            post={"signed_in": 404, "security_admin": 302, "system_admin": 302},
            flat="no list",
        ),
    ),
    "quotas:hand_down": (
        Ask(
            "body",
            ("A", "P", "B"),
            get=dict.fromkeys(KEEPS, 200),
            post={"desk": 403, "above": 403} | dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.places_below,
            arguments=posts.of_places,
            flat="hand_down",
        ),
    ),
    "appraisal:calculations": (
        Ask(
            "body",
            ("A", "B"),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            arguments=posts.of_places,
            flat="calculations",
        ),
    ),
    "appraisal:calculation": (
        Ask(
            "calculation",
            ("A", "P", "B"),
            get=dict.fromkeys(KEEPS, 200),
            post=dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.draw_lots,
            flat="calculation",
        ),
    ),
    "appraisal:weights_form": (
        Ask(
            "calculation",
            ("A", "P", "B"),
            get=dict.fromkeys(KEEPS, 200),
            post=NO_POST_HERE,
            flat="no list",
        ),
    ),
    "appraisal:calculation_workbook": (
        Ask(
            "calculation",
            ("A", "P", "B"),
            get=dict.fromkeys(KEEPS, 409),
            post=NO_POST_HERE,
            flat="calculation_workbook",
        ),
    ),
    "quotas:login": (Ask(get=EVERYBODY, post=EVERYBODY, flat="no list"),),
    "quotas:logout": (Ask(get=NO_POST, post={"anonymous": 302, "signed_in": 302}, flat="no list"),),
    "quotas:help": (Ask(get=ALL_SIGNED_IN, post=NO_POST_HERE, flat="help"),),
    "quotas:ledger": (
        Ask(
            get={"signed_in": 404, "observer": 200, "audit_admin": 200},
            post=NO_POST_HERE,
            queries=("act=nomination", "after=99999999", "before=1", "stream=slate:1"),
            flat="ledger",
        ),
    ),
    "appraisal:readings": (
        Ask(
            get={"signed_in": 404, "observer": 200, "audit_admin": 200, "security_admin": 200},
            post=NO_POST,
            queries=("number=26-00001-1", "person=秘", "after=99999999", "before=1"),
            flat="readings",
        ),
    ),
    "quotas:organs": (
        Ask(
            get={"signed_in": 404, "keeper": 200, "staff": 200},
            post=NO_POST_HERE,
            queries=("q=市", "page=2"),
            flat="organs",
        ),
    ),
    "quotas:organ": (
        Ask(
            "organ",
            ("A1", "A", "P"),
            get=ORGANS,
            post=dict.fromkeys(ORGANS, 302),
            acts=tuple(ORGANS),
            data=posts.organ,
            flat="no list",
        ),
    ),
    "quotas:places": (
        Ask(get={"signed_in": 404, "official": 200}, post=NO_POST_HERE, queries=("award=1",), flat="places"),
    ),
    "quotas:set_places": (
        Ask(
            "places",
            ("A1", "B1", "A"),
            get=dict.fromkeys(KEEPS, 200),
            post=SEES_BODY | dict.fromkeys(KEEPS, 302),
            acts=KEEPS,
            data=posts.places,
            arguments=posts.of_places,
            flat="no list",
        ),
        Ask(
            "places",
            ("P",),
            get={"desk:staff": 200},
            post=SEES_BODY | {"desk:staff": 302},
            acts=("desk:staff",),
            data=posts.places,
            arguments=posts.of_places,
            flat="no list",
        ),
    ),
    "set_language": (
        Ask(
            get={"anonymous": 302, "signed_in": 302},
            post={"anonymous": 302, "signed_in": 302},
            data=posts.language,
            flat="no list",
        ),
    ),
}
