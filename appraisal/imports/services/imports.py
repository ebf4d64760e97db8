"""Registers and nominations that come in as tables: every row through the same service as a form, all or nothing.

A dry run is the real run with its transaction taken back at the end, so there is no second set of checks that
could differ. `actor` None is the system (a command on the server); a person imports where that person may act,
and learns nothing of units elsewhere.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar, cast
from uuid import uuid4

from django.db import transaction

from appraisal.imports.refusals import (
    ImportAwardUnknown,
    ImportBodyAmbiguous,
    ImportBodyUnknown,
    ImportEmployerDiffers,
    ImportEmployerUnknown,
    ImportFieldNotAsked,
    ImportNomineeNotUnit,
    ImportNotApplicant,
    ImportOutsideArea,
    ImportRowTwice,
    UnitPeopleDiffer,
)
from appraisal.nominations.services import nominations
from appraisal.nominations.services.nominations import NominationFields
from appraisal.records import rules
from appraisal.records.models import Employer, UnitPost
from appraisal.records.services.chunks import in_chunks
from appraisal.records.states import Channel, UnitRole
from appraisal.register.services import employers, unit_people
from appraisal.register.services.employers import EmployerFields
from appraisal.workbooks.columns import ANSWER
from appraisal.workbooks.import_rows import (
    EmployerRow,
    ImportSlip,
    NominationRow,
    PostRow,
    Report,
    RowProblem,
    Source,
)
from quotas.base import text
from quotas.base.errors import DomainError, FieldProblem, InvalidInput, answer_of
from quotas.base.states import NomineeKind
from quotas.editions.asked import read as read_answer
from quotas.editions.services import fields as edition_fields
from quotas.ledger.services import ledger
from quotas.people.refusals import NameRequired
from quotas.people.services import proposals
from quotas.people.services.accounts import Issued
from quotas.rounds.models import RoundAward
from quotas.rounds.services import vacancies
from quotas.tree.models import Body, User
from quotas.tree.permissions import Act, grants_of, holds
from quotas.tree.refusals import ActNotHeld

T = TypeVar("T")
RowT = TypeVar("RowT", EmployerRow, PostRow, NominationRow)

CHUNK = 500
"""Values in one IN list: SQLite takes no long ones."""

EMPLOYER_FIELDS = tuple(
    name
    for name in EmployerRow.__dataclass_fields__
    if name != "source" and not name.startswith(("applicant_", "endorser_"))
)
_COLUMNS = {"body_id": "body", "industry_body_id": "industry_body", "employer_id": "credit_code"}
_NOMINATION_FIELDS = tuple(
    name
    for name in NominationRow.__dataclass_fields__
    if name not in {"source", "award", "channel", "credit_code", "applicant", "answers"}
)


def may_import_employers(actor: User) -> bool:
    """Whether the person may bring in units for some area."""
    return Body.objects.granted_to(actor, Act.VERIFY_OWNERSHIP).exists()


def may_import_nominations(actor: User) -> bool:
    """Whether the person may bring in nominations for some area."""
    return Body.objects.granted_to(actor, Act.KEEP_SLATE).exists()


def import_employers(
    *,
    rows: Sequence[EmployerRow],
    actor: User | None,
    problems: Sequence[RowProblem] = (),
    dry_run: bool = False,
) -> Report:
    """Register the units. `problems` is what reading found: with one of them, as with any here, nothing is saved.

    A unit that is known with the same content is counted as unchanged; known with other content it is a problem,
    since a table never overwrites the register. Raises NotPermitted when the person may import for no area.
    """
    if actor is not None and not may_import_employers(actor):
        raise ActNotHeld(act=Act.VERIFY_OWNERSHIP)
    units = _Units(actor, rows)

    def bring_in(run: _Run[EmployerRow]) -> None:
        found = run.judge(units.judge)
        there = {place: unit for place, unit in found.items() if isinstance(unit, Employer)}
        run.unchanged = len(there)
        new = {place: fields for place, fields in found.items() if not isinstance(fields, Employer)}
        registered = run.accept(new, employers.register_many(units=list(new.values()), actor=actor))
        for unit in registered.values():
            run.made(unit.pk, unit.credit_code)
        there |= registered
        _open_accounts(run, [(rows[place], there[place]) for place in sorted(there)], actor)

    return _run("import_employers", rows, bring_in, actor, problems, dry_run=dry_run)


class _Units:
    """What each row says of its unit: one to be registered, or one that is known with the same content."""

    def __init__(self, actor: User | None, rows: Iterable[EmployerRow]) -> None:
        self._bodies = _Bodies()
        self._known = _by_code(actor, (row.credit_code for row in rows))
        self._first: dict[str, Source] = {}

    def judge(self, row: EmployerRow) -> EmployerFields | Employer:
        """What is to be registered, or the unit that is known; InvalidInput where the register says something else."""
        code = text.bare_code(row.credit_code)
        _once(self._first, code, row.source, "credit_code")
        body = self._bodies.find(row.body, "body")
        industry = self._bodies.find(row.industry_body, "industry_body") if row.industry_body else None
        values = {name: getattr(row, name) for name in EMPLOYER_FIELDS} | {
            "body": body,
            "industry_body": industry,
        }
        existing = self._known.get(code)
        if existing is None:
            return cast(EmployerFields, values)
        # A column that the table does not have says nothing about the unit.
        different = [
            heading.text
            for name, heading in row.source.headings.items()
            if name in values and not _same(getattr(existing, name), values[name])
        ]
        if different:
            raise InvalidInput(ImportEmployerDiffers("credit_code", name=existing.name, columns=different))
        return existing


_PEOPLE = {"applicant": UnitRole.APPLICANT, "endorser": UnitRole.ENDORSER}


def _open_accounts(
    run: "_Run[EmployerRow]", units: Iterable[tuple[EmployerRow, Employer]], actor: User | None
) -> None:
    """The accounts of the people who are named beside the units; each login name stands once in the file."""
    people: list[tuple[Source, str, unit_people.Person]] = []
    first: dict[str, Source] = {}
    for row, unit in units:
        for field, role in _PEOPLE.items():
            person = answer_of(_person, row, field, unit, role, first)
            if isinstance(person, DomainError):
                run.refuse(row.source, person)
            elif person is not None:
                people.append((row.source, field, person))
        if row.applicant_name and text.key(row.applicant_name) == text.key(row.endorser_name):
            run.refuse(row.source, InvalidInput(UnitPeopleDiffer("endorser_name", name=row.endorser_name)))
    # Only now, and only these: who registers units keeps nobody from what is done for those that are there.
    _lock_units(person.employer for _source, _field, person in people)
    found = unit_people.open_accounts(people=[person for _source, _field, person in people], actor=actor)
    for (source, field, person), answer in zip(people, found, strict=True):
        if isinstance(answer, InvalidInput):
            own = [each.at(f"{field}_{each.field}") for each in answer.problems]
            run.refuse(source, InvalidInput(*own))
        elif isinstance(answer, DomainError):
            run.refuse(source, answer)
        elif answer is not None:
            run.hand_out(person.employer.name, person.role.label, answer)


def _person(
    row: EmployerRow, field: str, unit: Employer, role: UnitRole, first: dict[str, Source]
) -> unit_people.Person | None:
    """The person of a row; InvalidInput for a login name or telephone number without a name, or the login name of an earlier row."""
    name, username, phone = (getattr(row, f"{field}_{part}") for part in ("name", "username", "phone"))
    if not name and (username or phone):
        raise InvalidInput(NameRequired(f"{field}_name"))
    if username:
        _once(first, text.login(username), row.source, f"{field}_username")
    return unit_people.Person(unit, role, name, username, phone) if name else None


def may_import_posts(actor: User) -> bool:
    """Whether the person may open accounts and propose people for posts."""
    return grants_of(actor).any(Act.MANAGE_ACCOUNTS)


def vacant_posts() -> list[tuple[str, str, str]]:
    """Code and name of the body, and the post, of every vacant post that a workbook can fill, from the province down."""
    return [(body.code, body.name, str(role.label)) for body, role in vacancies.everywhere()]


def import_posts(
    *, rows: Sequence[PostRow], actor: User | None, problems: Sequence[RowProblem] = (), dry_run: bool = False
) -> Report:
    """
    Open the accounts of the people and propose them for the posts, which somebody else grants.

    `problems` and NotPermitted as in `import_employers`; the report's slips hold first halves of passwords.
    """
    if actor is not None and not may_import_posts(actor):
        raise ActNotHeld(act=Act.MANAGE_ACCOUNTS)
    people = _People()

    def bring_in(run: _Run[PostRow]) -> None:
        wanted = run.judge(people.judge)
        done = run.accept(wanted, proposals.propose(wanted=list(wanted.values()), actor=actor))
        posts: dict[int, list[proposals.WantedPost]] = {}
        for place, proposed in done.items():
            if proposed.proposal is None:
                run.unchanged += 1
            else:
                run.made(proposed.proposal.pk, wanted[place].login)
                posts.setdefault(proposed.proposal.user_id, []).append(wanted[place])
        for issued in (proposed.issued for proposed in done.values() if proposed.issued is not None):
            theirs = posts.get(issued.user.pk, [])
            bodies = dict.fromkeys(post.body.name for post in theirs)
            run.hand_out("、".join(bodies), "、".join(str(post.role.label) for post in theirs), issued)

    return _run("import_posts", rows, bring_in, actor, problems, dry_run=dry_run)


class _People:
    """What each row says of a person: the post for which the person is to be proposed."""

    def __init__(self) -> None:
        self._bodies = _Bodies()
        self._first: dict[Any, Source] = {}

    def judge(self, row: PostRow) -> proposals.WantedPost:
        """The person for the post; InvalidInput for an unknown body, a missing name, or what an earlier row says."""
        body = self._bodies.find(row.body, "body")
        if not row.name:
            raise InvalidInput(NameRequired("name"))
        wanted = proposals.WantedPost(body, row.role, row.username, row.name, row.email, row.phone)
        _once(self._first, (body.pk, row.role, wanted.login), row.source, "username")
        return wanted


@transaction.atomic
def import_nominations(
    *,
    round_id: int,
    rows: Sequence[NominationRow],
    actor: User | None,
    problems: Sequence[RowProblem] = (),
    dry_run: bool = False,
) -> Report:
    """Make drafts in the round, each as the work of its applicant, who goes on with it.

    Two rows with the same nominee for the same award are a problem which names both places, on whatever sheets
    they stand. `problems` and NotPermitted as in `import_employers`.
    """
    if actor is not None and not may_import_nominations(actor):
        raise ActNotHeld(act=Act.KEEP_SLATE)
    drafts = _Drafts(round_id, actor, rows)

    def bring_in(run: _Run[NominationRow]) -> None:
        wanted = run.judge(drafts.judge)
        answers = nominations.create_many(drafts=list(wanted.values()), dry_run=dry_run or bool(run.problems))
        for nomination in run.accept(wanted, answers).values():
            run.made(nomination.pk, nomination.number)

    return _run("import_nominations", rows, bring_in, actor, problems, dry_run=dry_run)


_NO = "否"
"""Says of a field that an award does not ask what is so anyway."""


class _Drafts:
    """What each row says of a nomination: the draft to be made, in the name of its applicant."""

    def __init__(self, round_id: int, actor: User | None, rows: Sequence[NominationRow]) -> None:
        self._desks = _Desks(actor)
        self._awards = _Awards(round_id)
        self._units = _by_code(actor, (row.credit_code for row in rows))
        self._applicants = _Applicants(row.applicant for row in rows)
        self._first: dict[tuple[int, str], Source] = {}

    def judge(self, row: NominationRow) -> nominations.NominationDraft:
        """The draft; InvalidInput where the row points to nothing, or says again what an earlier one says."""
        award = self._awards.find(row.award)
        unit = self._units.get(text.bare_code(row.credit_code))
        if unit is None:
            raise InvalidInput(ImportEmployerUnknown("credit_code", credit_code=row.credit_code))
        _require_own_name(award, unit, row)
        _once(self._first, (award.pk, _nominee(award, unit, row)), row.source, "nominee_name")
        desk = unit.industry_body if row.channel == Channel.INDUSTRY else unit.body
        self._desks.require(desk, "credit_code")
        return nominations.NominationDraft(
            form_key=uuid4(),
            round_award_id=award.pk,
            employer_id=unit.pk,
            channel=row.channel,
            actor=self._applicants.find(row.applicant, unit),
            fields=cast(NominationFields, self._fields(row, award)),
        )

    def _fields(self, row: NominationRow, award: RoundAward) -> dict[str, Any]:
        """The columns of the row, and its answers to the fields that the award asks.

        InvalidInput for an answer to a field that it does not ask.
        """
        asked = {text.key(field.label): field for field in edition_fields.of(award.rule_version_id)}
        told = {text.key(heading): (heading, written) for heading, written in row.answers.items()}
        unasked = [
            ImportFieldNotAsked(f"{ANSWER}{told[key][0]}", label=told[key][0], award=award.award.name)
            for key in told
            if key not in asked and told[key][1] != _NO
        ]
        if unasked:
            raise InvalidInput(*unasked)
        answers = {field.key: read_answer(field, told[key][1]) for key, field in asked.items() if key in told}
        return {**{name: getattr(row, name) for name in _NOMINATION_FIELDS}, "answers": answers}


# --- one run -------------------------------------------------------------------------------------------------


class _Run(Generic[RowT]):
    """What one run has found and done so far. Rows are known by their place among all."""

    def __init__(self, rows: Sequence[RowT], problems: Sequence[RowProblem]) -> None:
        self._rows: Sequence[RowT] = rows
        self.problems = list(problems)
        self.created: list[tuple[int, str]] = []
        self.unchanged = 0
        self.slips: list[ImportSlip] = []

    def judge(self, judge: Callable[[RowT], T]) -> dict[int, T]:
        """What every row says, by place; without those that say nothing good, whose reasons go among the problems."""
        return self.accept(range(len(self._rows)), (answer_of(judge, row) for row in self._rows))

    def accept(self, places: Iterable[int], answers: Iterable[T | DomainError]) -> dict[int, T]:
        """The answers at these places that are no refusals; the reasons of those go among the problems."""
        accepted = {}
        for place, answer in zip(places, answers, strict=True):
            if isinstance(answer, DomainError):
                self.refuse(self._rows[place].source, answer)
            else:
                accepted[place] = answer
        return accepted

    def refuse(self, source: Source, refusal: DomainError) -> None:
        """The reasons of a refusal go among the problems, at their cells."""
        self.problems += _located(source, refusal)

    def made(self, pk: int, told: str) -> None:
        """A row was written, which the ledger tells as `told`."""
        self.created.append((pk, told))

    def hand_out(self, place: str, post: Any, issued: Issued) -> None:
        """Somebody gets a one-time password, or a half."""
        user = issued.user
        self.slips.append(ImportSlip(place, str(post), user.name, user.username, user.phone, issued.password))


def _run(
    act: str,
    rows: Sequence[RowT],
    bring_in: Callable[[_Run[RowT]], None],
    actor: User | None,
    problems: Sequence[RowProblem],
    *,
    dry_run: bool,
) -> Report:
    """Bring in every row, gather every refusal, and keep the whole only when there was none."""
    run = _Run(rows, problems)
    with transaction.atomic():
        bring_in(run)
        if run.problems or dry_run:
            transaction.set_rollback(True)
        elif run.created or run.slips:
            # A stream of its own: two imports at the same time need not wait for each other.
            ledger.append(
                stream=f"import:{uuid4().hex}",
                act=act,
                actor=actor,
                after={"created": [told for _pk, told in run.created]}
                | ({"accounts": len(run.slips)} if run.slips else {}),
            )
    saved = not run.problems and not dry_run
    return Report(
        rows=len(rows),
        created=len(run.created),
        unchanged=run.unchanged,
        problems=tuple(sorted(run.problems, key=_reading_order)),
        saved=saved,
        made=tuple(pk for pk, _told in run.created) if saved else (),
        accounts=len(run.slips),
        slips=tuple(run.slips) if saved else (),
    )


def _reading_order(problem: RowProblem) -> tuple[str, int, int, str]:
    """As one goes through the workbook: by sheet, row and column (A … Z, AA …)."""
    return problem.sheet, problem.row or 0, len(problem.letter), problem.letter


def _located(source: Source, refusal: DomainError) -> list[RowProblem]:
    """The reasons of a refusal at the cells they belong to."""
    if isinstance(refusal, InvalidInput):
        return [source.problem(each.at(_column_of(each))) for each in refusal.problems]
    return [source.problem(reason) for reason in refusal.reasons]


def _column_of(problem: FieldProblem) -> str | None:
    """Services name a foreign key by its number, tables by what it points to."""
    return _COLUMNS.get(problem.field or "", problem.field)


def _once(first: dict[Any, Source], key: object, source: Source, field: str) -> None:
    """Refuse a row that says again what an earlier row said, and name both places."""
    earlier = first.setdefault(key, source)
    if earlier is not source:
        raise InvalidInput(ImportRowTwice(field, sheet=earlier.sheet, row=earlier.row))


def _nominee(award: RoundAward, unit: Employer, row: NominationRow) -> str:
    """What makes two rows the same nominee's. A person without a number is refused later, as that."""
    return rules.nominee_key(
        award.award.nominee_kind,
        credit_code=unit.credit_code,
        name=row.nominee_name,
        identity_number=text.bare_code(row.identity_number) or f"{unit.credit_code}{row.nominee_name}",
    )


def _require_own_name(award: RoundAward, unit: Employer, row: NominationRow) -> None:
    """An award for units takes the unit's name: another name in the table would be lost without a word."""
    names = {text.key(name) for name in ("", unit.name, unit.union_name)}
    if award.award.nominee_kind == NomineeKind.UNIT and text.key(row.nominee_name) not in names:
        raise InvalidInput(ImportNomineeNotUnit("nominee_name", value=row.nominee_name, name=unit.name))


# --- what rows point to --------------------------------------------------------------------------------------


def _by_code(actor: User | None, codes: Iterable[str]) -> dict[str, Employer]:
    """The units of the register by credit code, with their bodies; those which the actor may see."""
    units = Employer.objects.all() if actor is None else Employer.objects.visible_to(actor)
    wanted = sorted({text.bare_code(code) for code in codes})
    return {
        employer.credit_code: employer
        for start in range(0, len(wanted), CHUNK)
        for employer in units.filter(credit_code__in=wanted[start : start + CHUNK]).select_related(
            "body", "industry_body"
        )
    }


def _lock_units(units: Iterable[Employer]) -> None:
    """All units by number, as `nominations.create_many` locks them; rows that refer to them are written meanwhile."""
    locked = Employer.objects.select_for_update(of=("self",), no_key=True)
    for some in in_chunks(sorted({unit.pk for unit in units})):
        list(locked.filter(pk__in=some).order_by("pk").values_list("pk", flat=True))


def _same(stored: object, given: object) -> bool:
    """Whether a value of a table says what is stored already; the form of its characters aside."""
    if isinstance(stored, str) and isinstance(given, str):
        return text.key(stored) == text.key(given)
    return stored == given


class _Bodies:
    """The bodies by code and name. One statement."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[Body]] = {}
        for body in Body.objects.open():
            for word in {body.code, body.name, body.short_name}:
                self._by_word.setdefault(text.key(word), []).append(body)

    def find(self, word: str, field: str) -> Body:
        """The body with this code or name; InvalidInput when there is none, or more than one of that name."""
        found = self._by_word.get(text.key(word), [])
        if not found:
            raise InvalidInput(ImportBodyUnknown(field, value=word))
        if len(found) > 1:
            raise InvalidInput(ImportBodyAmbiguous(field, value=word, codes=[body.code for body in found]))
        return found[0]


class _Desks:
    """At which bodies the actor keeps the list, asked once for each."""

    def __init__(self, actor: User | None) -> None:
        self._actor = actor
        self._known: dict[int, bool] = {}

    def require(self, body: Body | None, field: str) -> None:
        """InvalidInput unless the actor keeps the list there. No body at all is the service's question."""
        if body is None or self._actor is None:
            return
        if body.pk not in self._known:
            self._known[body.pk] = holds(self._actor, Act.KEEP_SLATE, body.pk)
        if not self._known[body.pk]:
            raise InvalidInput(ImportOutsideArea(field, body=body.name, act=Act.KEEP_SLATE))


class _Awards:
    """The awards of a round by name and code. One statement."""

    def __init__(self, round_id: int) -> None:
        self._by_word: dict[str, RoundAward] = {}
        for award in RoundAward.objects.filter(round=round_id).select_related("award"):
            for word in (award.award.code, award.award.name, award.award.short_name):
                self._by_word[text.key(word)] = award

    def find(self, word: str) -> RoundAward:
        """The award with this name or code; InvalidInput with those there are."""
        found = self._by_word.get(text.key(word))
        if found is None:
            names = list(dict.fromkeys(award.award.name for award in self._by_word.values()))
            raise InvalidInput(ImportAwardUnknown("award", value=word, awards=names))
        return found


class _Applicants:
    """Who applies for which unit, by account. A statement for every CHUNK of accounts."""

    def __init__(self, usernames: Iterable[str]) -> None:
        self._users: dict[tuple[str, int], User] = {}
        wanted = sorted({text.login(username) for username in usernames})
        for start in range(0, len(wanted), CHUNK):
            people = User.objects.of_login(wanted[start : start + CHUNK]).filter(is_active=True)
            posts = UnitPost.objects.filter(user__in=people, role=UnitRole.APPLICANT).select_related("user")
            self._users |= {(text.login(post.user.username), post.employer_id): post.user for post in posts}

    def find(self, username: str, unit: Employer) -> User:
        """
        The applicant of the unit with this account; InvalidInput when there is no such person.

        Whether the account exists at all is nobody's to find out here.
        """
        user = self._users.get((text.login(username), unit.pk))
        if user is None:
            raise InvalidInput(ImportNotApplicant("applicant", value=username, unit=unit.name))
        return user
