"""A recount of everything from the rows: what `manage.py verify` says. Writes nothing and believes no counter.

A rule of the house is one line; a line holds when nothing was found that differs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appraisal.gate.refusals import (
    BrokenBound,
    NomineeTwiceOnSlate,
    RanksBroken,
    SeparateLineExceeded,
    SeparateLineGone,
)
from appraisal.gate.services import gate
from appraisal.nominations.services import files
from appraisal.records.models import (
    Evidence,
    Honour,
    Naming,
    Nomination,
    Notice,
    Opinion,
    SignOff,
    Slate,
    SlateEntry,
)
from appraisal.records.services import labelling, lifecycle, unit_roles
from appraisal.records.services.offices import offices
from appraisal.records.states import (
    LIVE_STATES,
    NON_PUBLIC_CONTROLS,
    SUBMITTED_SLATE_STATES,
    EntryKind,
    NominationState,
    Outcome,
    SlateState,
)
from quotas.base.errors import Reason
from quotas.base.states import RoundState, Stage
from quotas.base.wording import sentence, word
from quotas.ledger.models import LedgerEntry
from quotas.ledger.services import ledger
from quotas.people.services import posts
from quotas.rounds.models import Allotment, PlacesLine, RoundAward
from quotas.rounds.services import allotments, parts
from quotas.selection import labels
from quotas.selection.plan import COUNTED, Rule
from quotas.tree.models import User

SHOWN_AT_MOST = 5
"""Differences that a line spells out; the others are counted."""

SIGNED_STATES = (
    SlateState.SIGNED,
    SlateState.ON_NOTICE,
    SlateState.SETTLING,
    SlateState.SENT_UP,
    SlateState.FINALISED,
    SlateState.NAMED,
)
NOTIFIED_STATES = SIGNED_STATES[2:]
WAITING_STATES = (
    SlateState.COMPILING,
    SlateState.SIGNING,
    SlateState.SIGNED,
    SlateState.ON_NOTICE,
    SlateState.SETTLING,
    SlateState.FINALISED,
)
"""The slate has not left its desk: its entries wait there in the pool."""

_WITH_UNIT = (NominationState.DRAFT, NominationState.ENDORSING)
_LEFT_ANYWHERE = (NominationState.WITHDRAWN, NominationState.DISQUALIFIED)


@dataclass(frozen=True)
class VerificationLine:
    """One rule: how much was looked at, and what differs, in words."""

    rule: str
    checked: int
    differences: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """Remarks that are not differences but worth knowing, for example that a slate has become short since it left."""

    @property
    def holds(self) -> bool:
        return not self.differences

    @property
    def label(self) -> str:
        """The rule in words."""
        return str(VERIFIED_RULES[self.rule])

    @property
    def detail(self) -> str:
        """What differs, the first few spelled out; empty where nothing does."""
        if len(self.differences) <= SHOWN_AT_MOST:
            return "\n".join(self.differences)
        more = difference("more", number=len(self.differences) - SHOWN_AT_MOST)
        return "\n".join((*self.differences[:SHOWN_AT_MOST], more))


def run() -> list[VerificationLine]:
    """One line for every rule, in the order of the process. The number of statements grows with the awards only."""
    rows = _Rows()
    return [_line(rule, list(check(rows))) for rule, check in CHECKS.items()]


class _Rows:
    """What several checks look at, read once."""

    @cached_property
    def slates(self) -> list[Slate]:
        found = Slate.objects.select_related("body", "round_award__award", "round_award__round")
        return list(found.order_by("pk"))

    @cached_property
    def submitted(self) -> list[Slate]:
        return [slate for slate in self.slates if slate.state in SUBMITTED_SLATE_STATES]

    @cached_property
    def reports(self) -> dict[int, gate.GateReport]:
        return gate.reports(slates=self.submitted)

    @cached_property
    def reports_as_left(self) -> dict[int, gate.GateReport]:
        """Reports on the slates that left with their plan, counted on the entries with which they left."""
        left = [slate for slate in self.slates if slate.state in gate.LEFT_STATES and slate.frozen_plan]
        return gate.reports(slates=left, as_left=True)

    def held(self, slate: Slate) -> gate.GateReport:
        """What a submitted list is held to: how it left, or how it stands where it has not."""
        return self.reports_as_left.get(slate.pk) or self.reports[slate.pk]

    @cached_property
    def entries(self) -> list[SlateEntry]:
        found = SlateEntry.objects.filter(removed_at=None).select_related(
            "nomination__employer", "slate__body", "slate__round_award__award", "slate__round_award__round"
        )
        return list(found.order_by("slate", "kind", "rank"))

    @cached_property
    def nominations(self) -> list[Nomination]:
        found = Nomination.objects.select_related("desk", "body", "round_award__award").order_by("pk")
        return list(found.defer("deeds", "summary", "honours", "identity_number", "phone"))

    @cached_property
    def told_states(self) -> dict[str, str]:
        """The state of each nomination and slate in the newest ledger row that names one."""
        rows = (
            LedgerEntry.objects.filter(
                Q(stream__startswith="nomination:") | Q(stream__startswith="slate:"), after__has_key="state"
            )
            .order_by("stream", "seq")
            .values_list("stream", "after__state")
        )
        return dict(rows.iterator(chunk_size=2000))

    @cached_property
    def replanned(self) -> dict[int, datetime]:
        """When the places of a slate's body were last changed, by number of the slate. Two statements."""
        at = dict(
            LedgerEntry.objects.filter(stream__startswith="allotment:")
            .values_list("stream")
            .annotate(Max("at"))
        )
        changed = {
            (round_award_id, body_id): at[stream]
            for pk, round_award_id, body_id in Allotment.objects.values_list(
                "pk", "round_award_id", "body_id"
            )
            if (stream := f"allotment:{pk}") in at
        }
        return {
            slate.pk: changed[place]
            for slate in self.slates
            if (place := (slate.round_award_id, slate.body_id)) in changed
        }

    @cached_property
    def decided(self) -> dict[int, datetime]:
        """When a naming was decided, by number of the slate."""
        return dict(Naming.objects.values_list("slate_id", "decided_at"))

    def since_gate(self, slate: Slate, changes: Mapping[int, datetime]) -> bool:
        """Whether one of these changes came after the gate last ran: the slate's next step will ask again.

        Always false for a slate that is judged as it left, since nothing later counts there.
        """
        if slate.pk in self.reports_as_left:
            return False
        gated = self.decided.get(slate.pk) or slate.sent_up_at or slate.submitted_at
        changed = changes.get(slate.pk)
        return gated is not None and changed is not None and changed >= gated

    @cached_property
    def loosened(self) -> dict[int, datetime]:
        """When a slate last lost an entry, by number of the slate."""
        removals = SlateEntry.objects.exclude(removed_at=None).order_by().values_list("slate_id")
        return dict(removals.annotate(Max("removed_at")))


@dataclass(frozen=True)
class Remark:
    """A finding that does not count as a difference."""

    text: str


Finding = str | Remark | None
"""What differs, for everything that was looked at; None where nothing does."""


def _line(rule: str, findings: Sequence[Finding]) -> VerificationLine:
    return VerificationLine(
        rule,
        len(findings),
        tuple(finding for finding in findings if isinstance(finding, str)),
        tuple(finding.text for finding in findings if isinstance(finding, Remark)),
    )


def _places(rows: _Rows) -> Iterator[Finding]:
    """Regular places are never cut below what a slate has taken; of the others it may have too many until its next step."""
    for slate in rows.submitted:
        excused = rows.since_gate(slate, rows.replanned)
        over = [
            line
            for line in rows.held(slate).places.values()
            if line.left < 0 and (line.kind == EntryKind.REGULAR or not excused)
        ]
        lines = _of(rows.held(slate).violations, SeparateLineExceeded, SeparateLineGone)
        yield _slate_finding(
            slate,
            [
                *(
                    difference(
                        "places", kind=EntryKind(line.kind).label, used=line.used, places=line.available
                    )
                    for line in over
                ),
                *([] if excused else lines),
            ],
        )


def _shares(rows: _Rows) -> Iterator[Finding]:
    """A slate that has left kept its rules when it left. One that has not was let through by the gate's last run.

    A slate that lost an entry or got other places since then may be short; this is a remark, not a difference.
    """
    for slate in rows.submitted:
        broken = _of(rows.held(slate).violations, BrokenBound)
        if broken:
            excused = rows.since_gate(slate, rows.loosened) or rows.since_gate(slate, rows.replanned)
            yield _short(slate, broken, "short_until") if excused else _slate_finding(slate, broken)
        elif slate.pk in rows.reports_as_left:
            since = _of(rows.reports[slate.pk].violations, BrokenBound)
            yield _short(slate, since, "short_since") if since else None
        else:
            yield None


def _short(slate: Slate, broken: Sequence[str], code: str) -> Remark:
    return Remark(difference(code, problem=_slate_finding(slate, broken) or ""))


def _slots(_rows: _Rows) -> Iterator[Finding]:
    """Slots and parts lie within the places of their body, and lines of separate places make up their number."""
    held: dict[int, dict[str, Rule]] = {}
    for row in Allotment.objects.order_by("pk").for_board():
        figures = allotments.places_of(row, row.lines.all())
        if figures.parts and row.round_award_id not in held:
            held[row.round_award_id] = allotments.partable(row.round_award_id)
        known = held.get(row.round_award_id, {})
        wrong = list(allotments.line_violations(row.body, row.round_award.award, figures, known))
        told = "".join(f"{one.what}{one.figures}" for one in map(sentence, wrong))
        if row.separate_places != figures.separate_places:
            told += difference(
                "separate",
                body=row.body.name,
                award=row.round_award.award.name,
                places=row.separate_places,
                lines=figures.separate_places,
            )
        yield told or None


def _parts(_rows: _Rows) -> Iterator[Finding]:
    """Parts sum to what the rule asks. A change of places may leave them apart, so this is a remark, not a difference."""
    given = set(PlacesLine.objects.order_by().values_list("allotment__round_award", flat=True))
    for round_award_id in RoundAward.objects.order_by("pk").values_list("pk", flat=True):
        told = parts.drift(round_award_id=round_award_id) if round_award_id in given else []
        yield Remark("".join(f"{one.what}{one.figures}" for one in map(sentence, told))) if told else None


def _ranks(rows: _Rows) -> Iterator[Finding]:
    for slate in rows.submitted:
        yield _slate_finding(slate, _of(rows.reports[slate.pk].violations, RanksBroken, NomineeTwiceOnSlate))


def _of(violations: Iterable[Reason], *kinds: type[Reason]) -> list[str]:
    said = [sentence(violation) for violation in violations if isinstance(violation, kinds)]
    return [f"{one.what}{one.figures}" for one in said]


def _committed(rows: _Rows) -> Iterator[Finding]:
    regular = dict(
        SlateEntry.objects.filter(
            removed_at=None, kind=EntryKind.REGULAR, slate__state__in=SUBMITTED_SLATE_STATES
        )
        .order_by()
        .values_list("slate")
        .annotate(Count("pk"))
    )
    counted = {(slate.round_award_id, slate.body_id): regular.get(slate.pk, 0) for slate in rows.submitted}
    for allotment in Allotment.objects.select_related("body", "round_award__award").order_by("pk"):
        entries = counted.get((allotment.round_award_id, allotment.body_id), 0)
        yield (
            None
            if allotment.committed == entries
            else difference(
                "committed",
                body=allotment.body.name,
                award=allotment.round_award.award.name,
                committed=allotment.committed,
                entries=entries,
            )
        )


def _entries(rows: _Rows) -> Iterator[Finding]:
    for entry in rows.entries:
        nomination = entry.nomination
        yield (
            None
            if _stands_rightly(entry)
            else difference(
                "entry",
                body=entry.slate.body.name,
                award=entry.slate.round_award.award.name,
                number=nomination.number,
                state=nomination.get_status_display(),
                slate_state=entry.slate.get_state_display(),
            )
        )


def _stands_rightly(entry: SlateEntry) -> bool:
    """Whether the nomination of an entry is where the state of the slate says."""
    slate, nomination = entry.slate, entry.nomination
    if slate.state in WAITING_STATES:
        if slate.round_award.round.state == RoundState.CLOSED:
            return bool(nomination.status == NominationState.NOT_SELECTED)
        return nomination.status == NominationState.POOLED and nomination.desk_id == slate.body_id
    if slate.state == SlateState.SENT_UP:
        # One that was returned from above begins again below, in a later pass.
        return nomination.stage > slate.stage or nomination.review_pass > 1
    expected = NominationState.NOT_SELECTED if entry.kind == EntryKind.RESERVE else NominationState.NAMED
    return bool(nomination.status == expected)


def _reviewed(rows: _Rows) -> Iterator[Finding]:
    """What stands on a slate was approved there by every office that is asked, in one and the same pass."""
    approved: dict[tuple[int, int], dict[int, set[str]]] = {}
    for nomination_id, body_id, review_pass, office in Opinion.objects.filter(
        outcome=Outcome.APPROVE
    ).values_list("nomination_id", "body_id", "review_pass", "office"):
        passes = approved.setdefault((nomination_id, body_id), {})
        passes.setdefault(review_pass, set()).add(office)
    for entry in rows.entries:
        slate = entry.slate
        asked = set(offices(slate.round_award.award, slate.body))
        passes = approved.get((entry.nomination_id, slate.body_id), {})
        yield (
            None
            if any(asked <= offices for offices in passes.values())
            else difference("reviewed", number=entry.nomination.number, body=slate.body.name)
        )


def _classified(rows: _Rows) -> Iterator[Finding]:
    """Non-public is what was verified as controlled by neither state nor collective, and nothing else."""
    for nomination in rows.nominations:
        counts = nomination.ownership_verified and nomination.frozen_control in NON_PUBLIC_CONTROLS
        yield (
            None
            if nomination.non_public == counts
            else difference(
                "classified", number=nomination.number, control=nomination.get_frozen_control_display()
            )
        )


def _labelled(rows: _Rows) -> Iterator[Finding]:
    """What rules count of a nomination is what its columns and its answers say."""
    for nomination in rows.nominations:
        same = nomination.labels == labels.written(labelling.carried(nomination))
        yield None if same else difference("labelled", number=nomination.number)


def _held(rows: _Rows) -> Iterator[Finding]:
    """What a nomination says was held before, a naming of another round says as well; and it leaves none out.

    A title that was lost since, or given since, changes nothing of what was so on the day of submission.
    """
    history = labelling.History()
    for nomination in rows.nominations:
        if nomination.submitted_at is None:
            continue
        said = frozenset(nomination.held.split())
        same = said <= history.ever(nomination) and said >= history.when_submitted(nomination)
        yield None if same else difference("held", number=nomination.number)


def _reclassified(rows: _Rows) -> Iterator[Finding]:
    """What was named was settled before; what still waits on a slate is a remark, not a difference."""
    for entry in rows.entries:
        nomination, slate = entry.nomination, entry.slate
        open_ = nomination.ownership_changed and not nomination.ownership_affirmed
        figures = {"number": nomination.number, "body": slate.body.name}
        if not open_ or slate.state == SlateState.SENT_UP:
            yield None
        elif slate.state == SlateState.NAMED and nomination.status == NominationState.NAMED:
            verified = nomination.employer.verified_at
            decided = rows.decided.get(slate.pk)
            late = verified is not None and decided is not None and verified > decided
            told = difference("reclassified", **figures)
            yield Remark(told) if late else told
        else:
            yield Remark(difference("reclassified", **figures))


def _signatures(rows: _Rows) -> Iterator[Finding]:
    signed: dict[tuple[int, int], set[str]] = {}
    for slate_id, sign_pass, office in SignOff.objects.filter(signed=True).values_list(
        "slate_id", "sign_pass", "office"
    ):
        signed.setdefault((slate_id, sign_pass), set()).add(office)
    for slate in rows.slates:
        if slate.state not in SIGNED_STATES:
            continue
        missing = set(offices(slate.round_award.award, slate.body)) - signed.get(
            (slate.pk, slate.sign_pass), set()
        )
        yield _slate_finding(
            slate, [difference("signature", office=office.label) for office in sorted(missing)]
        )


def _notices(rows: _Rows) -> Iterator[Finding]:
    """What has passed its notice has one that ran to its end; what is on notice has one that runs."""
    newest: Mapping[int, Notice] = {
        notice.slate_id: notice for notice in Notice.objects.defer("rows").order_by("pk")
    }
    for slate in rows.slates:
        if slate.state not in NOTIFIED_STATES and slate.state != SlateState.ON_NOTICE:
            continue
        notice = newest.get(slate.pk)
        running = notice is not None and notice.closed_at is None
        right = notice is not None and running == (slate.state == SlateState.ON_NOTICE)
        yield (
            None if right else _slate_finding(slate, [difference("notice", state=slate.get_state_display())])
        )


def _desks(rows: _Rows) -> Iterator[Finding]:
    left = {(slate.round_award_id, slate.body_id) for slate in rows.slates if slate.state in gate.LEFT_STATES}
    taken = {(entry.nomination_id, entry.slate.body_id) for entry in rows.entries}
    for nomination in rows.nominations:
        yield (
            None
            if _lies_rightly(nomination) and not _is_stranded(nomination, left, taken)
            else difference(
                "desk",
                number=nomination.number,
                state=nomination.get_status_display(),
                stage=nomination.get_stage_display(),
                desk=nomination.desk.name if nomination.desk else "—",
            )
        )


def _lies_rightly(nomination: Nomination) -> bool:
    """Whether state, stage and desk of a nomination agree: with the unit there is no desk, elsewhere it is of the stage."""
    desk = nomination.desk
    if desk is None:
        return nomination.stage == Stage.UNIT and nomination.status in (*_WITH_UNIT, *_LEFT_ANYWHERE)
    return nomination.stage == desk.stage and nomination.status not in _WITH_UNIT


def _is_stranded(nomination: Nomination, left: set[tuple[int, int]], taken: set[tuple[int, int]]) -> bool:
    """Under way at a desk whose slate has left without it; or in the pool of one that has left at all."""
    at_desk = (NominationState.IN_REVIEW, NominationState.RETURNED, NominationState.POOLED)
    if nomination.desk_id is None or nomination.status not in at_desk:
        return False
    if (nomination.round_award_id, nomination.desk_id) not in left:
        return False
    return nomination.status == NominationState.POOLED or (nomination.pk, nomination.desk_id) not in taken


def _named(rows: _Rows) -> Iterator[Finding]:
    """Everybody named stands on a slate that was named, at the stage where the award ends."""
    on_list = {
        entry.nomination_id
        for entry in rows.entries
        if entry.slate.state == SlateState.NAMED and entry.kind in COUNTED
    }
    for nomination in rows.nominations:
        if nomination.status == NominationState.NAMED:
            right = nomination.pk in on_list and nomination.stage == nomination.round_award.award.final_stage
            yield None if right else difference("named", number=nomination.number)


def _titles(rows: _Rows) -> Iterator[Finding]:
    """Whoever is named bears the title in the honours register, by the key under which it is known; nobody else does."""
    borne = dict(
        Honour.objects.borne().filter(nomination__isnull=False).values_list("nomination", "holder_key")
    )
    for nomination in rows.nominations:
        bears = borne.get(nomination.pk)
        if bears is not None or nomination.status == NominationState.NAMED:
            right = nomination.status == NominationState.NAMED and bears == nomination.nominee_key
            yield None if right else difference("title", number=nomination.number)


def _live_once(rows: _Rows) -> Iterator[Finding]:
    live: dict[tuple[int, str], list[str]] = {}
    for nomination in rows.nominations:
        if nomination.status in LIVE_STATES:
            live.setdefault((nomination.round_award_id, nomination.nominee_key), []).append(nomination.number)
    for numbers in live.values():
        yield None if len(numbers) == 1 else difference("live_twice", numbers=numbers)


def _ledger_states(rows: _Rows) -> Iterator[Finding]:
    states = [
        *((lifecycle.nomination_stream(row.pk), row.status, str(row)) for row in rows.nominations),
        *((lifecycle.slate_stream(row.pk), row.state, str(row)) for row in rows.slates),
    ]
    for stream, state, name in states:
        told = rows.told_states.get(stream)
        yield None if told == state else difference("ledger_state", name=name, told=told or "—", state=state)


def _ledger_chain(_rows: _Rows) -> Iterator[Finding]:
    problems = ledger.check()
    yield None if not problems else f"{sentence(problems[0]).what}{sentence(problems[0]).figures}"
    for problem in problems[1:]:
        yield str(sentence(problem).what)


def _files(_rows: _Rows) -> Iterator[Finding]:
    """Every file that was ever uploaded is there, byte for byte; what nobody knows is a remark."""
    known = set()
    rows = Evidence.objects.order_by("pk").values_list("file", "name", "sha256", "nomination__number")
    for path, name, digest, number in rows.iterator():
        known.add(path)
        found = files.digest_of(path)
        if found == digest:
            yield None
        else:
            yield difference("file_changed" if found else "file_lost", number=number, name=name, path=path)
    orphans = files.unknown(known)
    if orphans:
        yield Remark(difference("file_orphaned", number=len(orphans), path=orphans[0]))


def _slate_finding(slate: Slate, problems: Sequence[str]) -> Finding:
    if not problems:
        return None
    return difference(
        "slate", body=slate.body.name, award=slate.round_award.award.name, problem="".join(problems)
    )


def _posts_apart(_rows: _Rows) -> Iterator[Finding]:
    """What `posts.appoint` and `unit_people.appoint` would refuse, for every person with a post, however it came about."""
    people = list(
        User.objects.filter(groups__post__isnull=False).distinct().prefetch_related("groups__post__body")
    )
    units = unit_roles.paths_of([user.pk for user in people])
    for user in people:
        held = sorted(
            (group.post for group in user.groups.all() if hasattr(group, "post")), key=lambda post: post.pk
        )
        found = [
            f"{sentence(violation).what}{sentence(violation).figures}"
            for place, post in enumerate(held)
            for violation in posts.conflicts(user, post, held[:place], units.get(user.pk, ()))
        ]
        yield "".join(found) or None


CHECKS: Mapping[str, Callable[[_Rows], Iterator[Finding]]] = {
    "places": _places,
    "shares": _shares,
    "slots": _slots,
    "parts": _parts,
    "ranks": _ranks,
    "committed": _committed,
    "entries": _entries,
    "reviewed": _reviewed,
    "classified": _classified,
    "labelled": _labelled,
    "held": _held,
    "reclassified": _reclassified,
    "signatures": _signatures,
    "notices": _notices,
    "desks": _desks,
    "named": _named,
    "titles": _titles,
    "live_once": _live_once,
    "posts_apart": _posts_apart,
    "ledger_states": _ledger_states,
    "ledger_chain": _ledger_chain,
    "files": _files,
}
"""The rules by name; `VERIFIED_RULES` says them in words."""


# --- what is recounted and what was found, in words ------------------------------------------------------------

VERIFIED_RULES: dict[str, str | Promise] = {
    "places": _("已提交名单的正选、后备、单列均不超过名额"),
    "shares": _("已提交名单的占比、分类名额和分解数均符合规定"),
    "slots": _("分类名额和分解数都在名额之内"),
    "parts": _("各单位的分解数合计与整体的占比要求一致"),
    "ranks": _("推荐顺序连续，同一推荐对象不重复"),
    "committed": _("已用名额与名单正选数一致"),
    "entries": _("名单条目与申报状态一致"),
    "reviewed": _("名单上的申报均经本级各部门审核通过"),
    "classified": _("计入非公有制的申报均已核验为非公有制"),
    "labelled": _("规则统计所用的类别与申报内容一致"),
    "held": _("申报时记下的曾获荣誉与以往的命名一致"),
    "reclassified": _("命名前，登记变更的单位均已确认按哪次核验计"),
    "signatures": _("已签发名单的签发部门齐全"),
    "notices": _("公示与名单状态一致"),
    "desks": _("申报的状态、层级与所在单位一致"),
    "named": _("已命名的申报均在命名名单上"),
    "titles": _("荣誉库中本系统命名的与申报状态一致"),
    "live_once": _("同一推荐对象在同一奖项中只有一份有效申报"),
    "posts_apart": _("三员分立，不得兼任的岗位由不同的人担任"),
    "ledger_states": _("台账记载与当前状态一致"),
    "ledger_chain": _("台账逐条衔接、未被改动"),
    "files": _("上传的材料都在，内容与上传时一致"),
}
"""The rules that `manage.py verify` recounts, by their names."""


_DIFFERENCES: dict[str, str | Promise] = {
    "file_lost": _("%(number)s 的材料“%(name)s”（%(path)s）不见了。"),
    "file_changed": _("%(number)s 的材料“%(name)s”（%(path)s）与上传时不一致。"),
    "file_orphaned": _("上传目录中有 %(number)s 个文件没有对应的记录，例如 %(path)s。"),
    "slate": _("%(body)s“%(award)s”名单：%(problem)s"),
    "places": _("%(kind)s %(used)s 个，名额 %(places)s 个。"),
    "separate": _("%(body)s“%(award)s”：单列名额 %(places)s 个，各项单列合计 %(lines)s 个。"),
    "committed": _("%(body)s“%(award)s”：已用名额记为 %(committed)s 个，名单正选 %(entries)s 个。"),
    "entry": _("%(body)s“%(award)s”名单（%(slate_state)s）上的 %(number)s 状态为“%(state)s”。"),
    "reviewed": _("%(number)s 在%(body)s的名单上，但本级审核意见不齐全。"),
    "classified": _("%(number)s 的所有制计数与申报时核验的控股情况（%(control)s）不一致。"),
    "labelled": _("%(number)s 统计所用的类别与申报内容不一致。"),
    "held": _("%(number)s 申报时记下的曾获荣誉与以往的命名不一致。"),
    "reclassified": _("%(body)s名单上的 %(number)s 所在单位重新核验过所有制，还没有确认按哪次计。"),
    "signature": _("缺少%(office)s的签发。"),
    "notice": _("状态为“%(state)s”，但没有相应的公示记录。"),
    "desk": _("%(number)s 状态为“%(state)s”，层级为%(stage)s，所在单位为 %(desk)s。"),
    "named": _("%(number)s 已命名，但不在评定层级的命名名单上。"),
    "title": _("%(number)s 的申报状态与荣誉库的记录不一致。"),
    "live_twice": _("有效申报重复：%(numbers)s。"),
    "ledger_state": _("%(name)s：台账记载为 %(told)s，当前为 %(state)s。"),
    "short_until": _("%(problem)s提交后有移出或名额调整，下一步办理时须再核验。"),
    "short_since": _("%(problem)s离开本级时符合规定，此后有对象被取消资格。"),
    "more": _("另有 %(number)s 处。"),
}


def difference(code: str, **figures: object) -> str:
    """One difference that the recount found, in words."""
    return str(_DIFFERENCES[code]) % {name: word(value) for name, value in figures.items()}
