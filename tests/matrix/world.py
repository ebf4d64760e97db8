"""
A province in which everything that could leak lies somewhere else as well, and everything that lies somewhere bears a mark.

The tree, the posts and who may read which mark are written here by hand and worked out with nothing of the project:
what the querysets say is compared with it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from appraisal.nominations.services import reviews
from appraisal.notices.services import notices
from appraisal.records.models import (
    Employer,
    Evidence,
    Naming,
    Nomination,
    Notice,
    Objection,
    Opinion,
    SignOff,
    Slate,
    SlateEntry,
)
from appraisal.records.states import EntryKind, EvidenceKind, NominationState, Outcome, SlateState, UnitRole
from quotas.base import clock
from quotas.base.states import Level, NomineeKind, Office, Role, RoundState, Stage
from quotas.ledger.services import ledger
from quotas.rounds.models import Allotment, ExtensionRequest, RoundAward
from quotas.rounds.services import apportionments
from quotas.tree.models import Body, User
from tests.builders import (
    OPENED,
    make_allotment,
    make_award,
    make_body,
    make_credit_code,
    make_employer,
    make_nomination,
    make_official,
    make_post,
    make_procedure,
    make_round,
    make_round_award,
    make_rule_version,
    make_share_rule,
    make_unit_person,
    make_user,
)
from tests.workflows.house import open_task
from workflows import turns
from workflows.querysets import of_nomination, of_slate

# --- the tree, by hand ---------------------------------------------------------------------------------------

ABOVE = {"P": None, "A": "P", "B": "P", "I": "P", "A1": "A", "A2": "A", "B1": "B", "B2": "B"}
"""Province, two cities with two counties each, an industry union: each body and the one above it."""

LEVELS = {"P": Level.PROVINCE, "A": Level.CITY, "B": Level.CITY, "I": Level.INDUSTRY}
NAMES = {
    "P": "江苏省",
    "A": "甲市",
    "B": "乙市",
    "I": "教科工会",
    "A1": "甲一县",
    "A2": "甲二县",
    "B1": "乙一县",
    "B2": "乙二县",
}
FIRST_BODIES = ("A1", "A2", "B1", "B2", "I")
"""Where units hand in."""
ASKING_UNITS = ("A1", "B1")
"""Those whose people ask."""

ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
OFFICIALS = tuple(role for role in Role if role not in ADMINISTRATORS)
"""The roles that look at an area."""


def upward(body: str) -> Iterator[str]:
    """The body and all above it."""
    here: str | None = body
    while here is not None:
        yield here
        here = ABOVE[here]


# --- people --------------------------------------------------------------------------------------------------


@dataclass
class Person:
    """Somebody who asks: the posts at bodies, the unit, the browser."""

    name: str
    posts: tuple[tuple[str, Role], ...] = ()
    unit: str = ""
    unit_role: UnitRole | None = None
    user: User | None = None
    client: Client = field(default_factory=Client)

    @property
    def signed_in(self) -> bool:
        return self.user is not None and self.user.is_active

    @property
    def looks_at(self) -> list[str]:
        """The bodies at which the person has a post that looks."""
        return [body for body, role in self.posts if role in OFFICIALS]

    def holds(self, body: str, *roles: Role) -> bool:
        return any(at == body and role in roles for at, role in self.posts)

    def sees(self, body: str) -> bool:
        """Whether the body lies in the person's area."""
        return any(root in upward(body) for root in self.looks_at)

    def reads_ledger_of(self, body: str | None) -> bool:
        """Without a body: of a draft, which only the audit administrator reads about."""
        if body is None:
            return self.holds("P", Role.AUDIT_ADMIN)
        readers = [at for at, role in self.posts if role in {Role.OBSERVER, Role.AUDIT_ADMIN}]
        return any(at in upward(body) for at in readers)


# --- marks ---------------------------------------------------------------------------------------------------

MARK = r"秘[^<>\s\"'、，。；（）()]*?密|1990000\d{4}|3205819\d{10}[0-9X]|91320500MA\d{7}[0-9A-Z]|26-\d{5}-0"
"""What marks look like: words between 秘 and 密, telephones, identity cards, credit codes, application numbers."""

Readers = Callable[[Person], bool]


@dataclass
class Thing:
    """
    Something with an address of its own. Looking at it inherits upward from `body`; `desk` is where it is dealt with
    now; `unit` is whose it is.
    """

    pk: int
    body: str
    desk: str
    unit: str = ""
    row: Any = None


class World:
    """The rows, the people and the marks."""

    def __init__(self) -> None:
        self.bodies: dict[str, Body] = {}
        self.people: dict[str, Person] = {}
        self.marks: dict[str, Readers] = {}
        self.units: dict[tuple[str, bool], Employer] = {}
        self.things: dict[tuple[str, str], Thing] = {}
        self.nominations: list[Thing] = []
        self.slates: list[Thing] = []
        self.files: dict[int, int] = {}
        self.applicants: dict[str, User] = {}
        self._serial = 0
        self._build_bodies()
        self._build_people()
        self._build_awards()
        for body in FIRST_BODIES:
            self._build_unit(body)
        for body in FIRST_BODIES:
            self._build_nominations(body)
        self._build_slates()
        self._build_calculations()
        turns.reconcile()
        self._build_tasks()
        self._withdraw_post()

    # what the answers ask

    def thing(self, kind: str, home: str) -> Thing:
        return self.things[kind, home]

    def may_read(self, person: Person, mark: str) -> bool:
        """A mark that nobody planted may be read by nobody."""
        readers = self.marks.get(mark)
        return readers is not None and readers(person)

    # building

    def mark(self, text: str, readers: Readers) -> str:
        self.marks[text] = readers
        return text

    def word(self, what: str, at: str, readers: Readers) -> str:
        self._serial += 1
        return self.mark(f"秘{what}{at}{self._serial}密", readers)

    def next(self) -> int:
        self._serial += 1
        return self._serial

    def _build_bodies(self) -> None:
        for key, above in ABOVE.items():
            level = LEVELS.get(key, Level.COUNTY)
            parent = self.bodies[above] if above else None
            self.bodies[key] = make_body(level=level, parent=parent, name=NAMES[key])
            self.things["body", key] = Thing(self.bodies[key].pk, key, key, row=self.bodies[key])
            organ = self.bodies[key].organs.get(kind="union")
            self.things["organ", key] = Thing(organ.pk, key, key, row=organ)
            # Whoever sets its places sits above it.
            self.things["places", key] = Thing(self.bodies[key].pk, key, above or key, row=self.bodies[key])

    def _build_people(self) -> None:
        seats = [(body, role) for body in ("A1", "A", "P") for role in OFFICIALS if role != Role.STAFF]
        seats += [("P", Role.STAFF), ("B1", Role.KEEPER), ("I", Role.UNION_REVIEWER)]
        seats += [("P", role) for role in ADMINISTRATORS]
        self._add(Person("anonymous"))
        for body, role in seats:
            user = make_official(self.bodies[body], role, username=f"u-{body}-{role.value}")
            self._add(Person(f"{role.value} {body}", ((body, role),), user=user))
        self._add(Person("no post", user=make_user("u-nobody")))
        inactive = make_official(self.bodies["A1"], Role.KEEPER, username="u-inactive")
        withdrawn = make_official(self.bodies["A1"], Role.UNION_REVIEWER, username="u-withdrawn")
        self._add(Person("post withdrawn", user=withdrawn))
        self._add(Person("inactive", user=inactive))
        for person in self.people.values():
            self._name(person)
        inactive.is_active = False
        inactive.save()

    def _add(self, person: Person) -> None:
        self.people[person.name] = person
        if person.user is not None:
            person.client.force_login(person.user)

    def _name(self, person: Person) -> None:
        """Officials' names are for officials: units are answered by offices."""
        if person.user is None:
            return
        body = person.posts[0][0] if person.posts else "A1"

        def colleagues(reader: Person) -> bool:
            lines = any(body in upward(at) or at in upward(body) for at in reader.looks_at)
            appoints = reader.holds("P", Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
            return reader is person or lines or appoints or reader.reads_ledger_of(body)

        person.user.name = self.word("官", body, colleagues)
        person.user.save()

    def _build_awards(self) -> None:
        self.round = make_round("r2026")
        self.planned = make_round("r2027", state=RoundState.PLANNED)
        person = make_award("a-main", name="个人奖", nominee_kind=NomineeKind.PERSON)
        self.awards: dict[str, RoundAward] = {
            "main": make_round_award(self.round, person, places=900, share=None),
        }
        for name in ("signing", "signed", "notice", "settling", "gone"):
            award = make_award(f"a-{name}", name=f"奖{name}", nominee_kind=NomineeKind.PERSON)
            self.awards[name] = make_round_award(self.round, award, places=900, share=None)
        self.draft = make_rule_version(person, number=2)
        self.draft.source = self.word("草稿", "P", lambda reader: reader.holds("P", Role.STAFF))
        self.draft.composed_by, self.draft.published_at = self.people["staff P"].user, None
        self.draft.save()
        make_share_rule(self.draft)
        for round_award in self.awards.values():
            for key in ABOVE:
                make_allotment(round_award, self.bodies[key], places=5, reserve_places=2)

    def _build_unit(self, body: str) -> None:
        """A unit whose name is nobody else's, and one whose name has been published."""

        def readers(person: Person) -> bool:
            return person.unit == body or any(person.sees(place) for place in places)

        def named_to(person: Person) -> bool:
            # The ledger says in a sentence of what an act was.
            return readers(person) or person.reads_ledger_of(body)

        def told(person: Person) -> bool:
            return readers(person) or person.reads_ledger_of(body) or person.holds("P", Role.SYSTEM_ADMIN)

        def officials(person: Person) -> bool:
            verifying = (Role.UNION_REVIEWER, Role.KEEPER, Role.STAFF)
            manages = person.holds("P", Role.SYSTEM_ADMIN)
            return person.unit == body or manages or person.holds(body, *verifying)

        # The units of the industry union lie in a county of B.
        places = ("I", "B") if body == "I" else (body,)
        for public in (False, True):
            code = make_credit_code(self.next())
            self.units[body, public] = make_employer(
                self._county_of(body),
                name=f"公开单位{body}" if public else self.word("单位", body, named_to),
                credit_code=self.mark(code, readers),
                address=self.word("址", body, readers),
                verified_on_proof=self.word("据", body, readers),
                verified_by=self.people["union_reviewer A1" if body[0] == "A" else "keeper B1"].user,
                industry_body=self.bodies["I"] if body == "I" else None,
            )
        unit = self.units[body, False]
        self.things["employer", body] = Thing(unit.pk, body, body, unit=body, row=unit)
        for role in UnitRole:
            username = self.word("号", body, officials)
            user = make_unit_person(
                self.units[body, False], role, username=username, name=self.word("人", body, told)
            )
            make_unit_person_too(user, self.units[body, True], role)
            self.applicants.setdefault(body, user)
            person = Person(f"{role.value} {body}", unit=body, unit_role=role, user=user)
            if body in ASKING_UNITS:
                self._add(person)
            self.marks[username] = lambda person, user=user, officials=officials: (
                person.user is user or officials(person)
            )

    def _county_of(self, body: str) -> Body:
        """Units of the industry union lie in some county too, and here in one where nobody looks."""
        return make_body(parent=self.bodies["B"], name="乙三县") if body == "I" else self.bodies[body]

    def _build_nominations(self, first: str) -> None:
        city = "P" if first == "I" else ABOVE[first]
        lying = [
            ("draft", NominationState.DRAFT, None),
            ("endorsing", NominationState.ENDORSING, None),
            ("in_review", NominationState.IN_REVIEW, first),
            ("claimed", NominationState.IN_REVIEW, first),
            ("held", NominationState.IN_REVIEW, first),
            ("half", NominationState.IN_REVIEW, first),
            ("returned", NominationState.RETURNED, first),
            ("pooled", NominationState.POOLED, first),
            ("declined", NominationState.DECLINED, first),
            ("at_city", NominationState.IN_REVIEW, city),
            ("pooled_at_city", NominationState.POOLED, city),
            ("at_province", NominationState.IN_REVIEW, "P"),
            ("pooled_at_province", NominationState.POOLED, "P"),
        ]
        for kind, status, desk in lying:
            thing = self.nominate("main", first, status, desk)
            self.things[f"nomination/{kind}", first] = thing
            self.things[f"evidence/{kind}", first] = self._like(thing, self.files[thing.pk])

    def nominate(
        self, award: str, first: str, status: NominationState, desk: str | None, *, public: bool = False
    ) -> Thing:
        """A nomination with a mark in everything that is not for everybody."""
        number = self.next()
        handed_in = desk is not None

        def readers(person: Person) -> bool:
            return person.unit == first or (handed_in and person.sees(first))

        def named_to(person: Person) -> bool:
            # The ledger says in a sentence of what an act was.
            return readers(person) or person.reads_ledger_of(first if handed_in else None)

        def numbered_to(person: Person) -> bool:
            # Who opened the personal data of what, by its number alone, is shown to the security administrator too.
            return named_to(person) or (desk is not None and person.holds("P", Role.SECURITY_ADMIN))

        def deciders(person: Person) -> bool:
            reviewing = desk is not None and person.holds(desk, Role.UNION_REVIEWER, Role.PARTY_REVIEWER)
            return person.unit == first or (readers(person) and reviewing)

        word = lambda what: self.word(what, first, readers)
        nomination = make_nomination(
            self.awards[award],
            self.bodies[desk] if desk else None,
            employer=self.units[first, public],
            body=self.bodies[first],
            status=status,
            number=self.mark(f"26-{number:05d}-0", numbered_to),
            nominee_name=f"公示名{number}" if public else self.word("名", first, named_to),
            nominee_key=f"key:{number}",
            created_by=self.applicants[first],
            identity_number=self.mark(f"3205819{number:010d}X", deciders),
            phone=self.mark(f"1990000{number:04d}", deciders),
            deeds=word("事"),
            summary=word("要"),
            honours=word("誉"),
            position="班长" if public else word("职"),
            due_at=clock.now() + timedelta(days=10),
        )
        make_procedure(nomination, party_opinion=word("党"))
        file = Evidence.objects.create(
            nomination=nomination,
            kind=EvidenceKind.DEEDS,
            name=f"{word('件')}.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=nomination.created_by,
            uploaded_at=OPENED,
            file=ContentFile(f"%PDF-1.4 {word('文')}".encode(), name="x.pdf"),
        )
        self._opinions(nomination, first, status, desk, readers)
        ledger.append(
            stream=f"nomination:{nomination.pk}",
            act="save",
            actor=nomination.created_by,
            body=self.bodies[first] if handed_in else None,
            reason=self.word("由", first, named_to),
        )
        thing = Thing(nomination.pk, first, desk or first, unit=first, row=nomination)
        self.nominations.append(thing)
        self.files[thing.pk] = file.pk
        return thing

    def _opinions(
        self, nomination: Nomination, first: str, status: NominationState, desk: str | None, readers: Readers
    ) -> None:
        """Approvals of every body that it has passed; at the desk, one that returned or declined it."""
        if desk is None:
            return
        passed = [body for body in upward(first) if body not in set(upward(desk))]
        if status == NominationState.POOLED:
            passed.append(desk)
        given = [(body, Outcome.APPROVE) for body in passed]
        if status in {NominationState.RETURNED, NominationState.DECLINED}:
            outcome = Outcome.RETURN if status == NominationState.RETURNED else Outcome.DECLINE
            given.append((desk, outcome))
        for body, outcome in given:
            who = self.people.get(f"union_reviewer {body}", self.people["keeper B1"])
            Opinion.objects.create(
                nomination=nomination,
                stage=self.bodies[body].stage,
                body=self.bodies[body],
                office=Office.UNION,
                review_pass=1,
                outcome=outcome,
                return_route="returner" if outcome == Outcome.RETURN else "",
                text=self.word("见", first, readers),
                actor=who.user,
                at=clock.now(),
            )

    # lists

    def _build_slates(self) -> None:
        for body in ABOVE:
            self._slate("main", body, SlateState.COMPILING, self._pooled_there(body))
            self._slate(
                "signing", body, SlateState.SIGNING, self._entries("signing", body, NominationState.POOLED)
            )
            self._slate(
                "signed", body, SlateState.SIGNED, self._entries("signed", body, NominationState.POOLED)
            )
            state = SlateState.FINALISED if body == "P" else SlateState.ON_NOTICE
            self._slate(
                "notice", body, state, self._entries("notice", body, NominationState.POOLED, public=True)
            )
            settling = self._entries("settling", body, NominationState.POOLED, public=True)
            settling += self._entries("settling", body, NominationState.POOLED, public=True)
            self._slate("settling", body, SlateState.SETTLING, settling)
            named = body == "P"
            self._slate(
                "gone",
                body,
                SlateState.NAMED if named else SlateState.SENT_UP,
                self._entries(
                    "gone", body, NominationState.NAMED if named else NominationState.IN_REVIEW, public=True
                ),
            )

    def _pooled_there(self, body: str) -> list[Thing]:
        return [
            thing
            for thing in self.nominations
            if thing.row.status == NominationState.POOLED and thing.desk == body
        ][:2]

    def _entries(
        self, award: str, body: str, status: NominationState, *, public: bool = False
    ) -> list[Thing]:
        firsts = {"P": ["A1", "B1"], "A": ["A1"], "B": ["B1"]}.get(body, [body])
        desk = ABOVE[body] if status == NominationState.IN_REVIEW else body
        return [self.nominate(award, first, status, desk, public=public) for first in firsts]

    def _slate(self, award: str, body: str, state: SlateState, entries: list[Thing]) -> None:
        compiling = state == SlateState.COMPILING
        keeper = self.people.get(f"keeper {body}", self.people["keeper P"])
        leader = self.people.get(f"union_leader {body}", self.people["union_leader P"])
        slate = Slate.objects.create(
            round_award=self.awards[award],
            body=self.bodies[body],
            stage=self.bodies[body].stage,
            state=state,
            sign_pass=2,
            submitted_at=None if compiling else OPENED,
            sent_up_at=OPENED if state == SlateState.SENT_UP else None,
        )

        def readers(person: Person) -> bool:
            return body in person.looks_at if compiling else person.sees(body)

        for rank, thing in enumerate(entries, start=1):
            SlateEntry.objects.create(slate=slate, nomination_id=thing.pk, kind=EntryKind.REGULAR, rank=rank)
        SignOff.objects.create(
            slate=slate,
            office=Office.UNION,
            sign_pass=1,
            signed=False,
            text=self.word("签", body, readers),
            actor=leader.user,
            at=clock.now(),
        )
        ledger.append(
            stream=f"slate:{slate.pk}",
            act="set_entries",
            actor=keeper.user,
            body=self.bodies[body],
            reason=self.word("单", body, lambda person: readers(person) or person.reads_ledger_of(body)),
        )
        allotment = Allotment.objects.get(round_award=self.awards[award], body=self.bodies[body])
        allotment.committed = 0 if compiling else len(entries)
        allotment.save()
        thing = Thing(slate.pk, body, body, row=slate)
        self.slates.append(thing)
        self.things[f"slate/{award}", body] = thing
        if state in {SlateState.ON_NOTICE, SlateState.SETTLING, SlateState.SENT_UP}:
            self._notice(thing, keeper, over=state != SlateState.ON_NOTICE)
        if state == SlateState.NAMED:
            naming = Naming.objects.create(
                slate=slate,
                round_award=slate.round_award,
                title="命名决定",
                document_number="1号",
                decided_on=clock.today(),
                rows=notices.preview(slate_id=slate.pk),
                decided_by=keeper.user,
                decided_at=clock.now(),
            )
            self.things["naming", body] = Thing(naming.pk, body, body, row=naming)

    def _build_calculations(self) -> None:
        """Before the draw, about another award than the one of which a calculation is begun."""
        for body in ("P", "A", "B"):
            made = apportionments.begin(
                round_award_id=self.awards["signing"].pk,
                parent_id=self.bodies[body].pk,
                # A stand-in for whoever handed down there: B has nobody here.
                actor=make_official(self.bodies[body], Role.KEEPER),
            )
            self.things["calculation", body] = Thing(made.pk, body, body, row=made)

    def _notice(self, slate: Thing, keeper: Person, *, over: bool) -> None:
        body = slate.body
        begins = clock.today() - timedelta(days=20 if over else 8)
        notice = Notice.objects.create(
            slate=slate.row,
            title="公示",
            starts_on=begins,
            ends_on=begins + timedelta(days=7),
            computed_ends_on=begins + timedelta(days=7),
            days=5,
            unit="workday",
            contact="025-00000000",
            rows=notices.preview(slate_id=slate.pk),
            published_by=keeper.user,
            published_at=clock.now() - timedelta(days=20),
            closed_at=clock.now() if over else None,
        )
        self.things["notice", body] = Thing(notice.pk, body, body, row=notice)
        self._extension(body, keeper)
        if slate.row.state != SlateState.SETTLING:
            return

        def keepers(person: Person) -> bool:
            return person.holds(body, Role.KEEPER, Role.STAFF)

        objection = Objection.objects.create(
            notice=notice,
            entry=slate.row.entries.get(rank=1),
            objector=self.word("异议人", body, keepers),
            objector_contact=self.word("联系", body, keepers),
            text=self.word("异议", body, keepers),
            received_on=clock.today(),
            recorded_by=keeper.user,
            recorded_at=clock.now(),
        )
        self.things["objection", body] = Thing(objection.pk, body, body, row=objection)

    def _extension(self, body: str, keeper: Person) -> None:
        """The body asks for more time at its own stage, once."""
        if ("extension", body) in self.things:
            return
        request = ExtensionRequest.objects.create(
            round=self.round,
            stage=self.bodies[body].stage,
            body=self.bodies[body],
            wanted=clock.now() + timedelta(days=300),
            reason=self.word(
                "延期理由", body, lambda person: person.sees(body) or person.holds("P", Role.STAFF)
            ),
            asked_by=keeper.user,
            asked_at=clock.now(),
        )
        self.things["extension", body] = Thing(request.pk, body, body, row=request)

    # tasks

    def _build_tasks(self) -> None:
        of_units = {
            "complete_application": "draft",
            "unit_endorsement": "endorsing",
            "correction": "returned",
        }
        reviews = {"county": "in_review", "city": "at_city", "province": "at_province"}
        for first in ("A1", "B1"):
            for node, kind in of_units.items():
                self._task(node, self.thing(f"nomination/{kind}", first), first)
            for stage, kind in reviews.items():
                for office in Office:
                    self._task(f"{stage}_{office.value}", self.thing(f"nomination/{kind}", first), first)
            self._task("province_scoring", self._scored(first), first)
        of_lists = {
            "compile_slate": "main",
            "union_sign": "signing",
            "party_sign": "signing",
            "publish_notice": "signed",
            "settle_objections": "settling",
        }
        for body in ("A1", "B1", "A", "P"):
            for node, award in of_lists.items():
                self._task_of_list(node, self.thing(f"slate/{award}", body), body)
        self._hold("A1")
        self._task_of_list("naming_decision", self.thing("slate/notice", "P"), "P")

    def _scored(self, first: str) -> Thing:
        return self.thing("nomination/pooled_at_province", first)

    def _task(self, node: str, thing: Thing, home: str) -> None:
        task = open_task(of_nomination(thing.pk), node)
        self.things[f"task/{node}", home] = self._like(thing, task.pk)

    def _task_of_list(self, node: str, thing: Thing, home: str) -> None:
        task = open_task(of_slate(thing.pk), node)
        self.things[f"task/{node}", home] = self._like(thing, task.pk)

    def _hold(self, first: str) -> None:
        """A task in the hands of a colleague."""
        held = self.thing("nomination/held", first)
        task = open_task(of_nomination(held.pk), "county_union")
        turns.claim(task_id=task.pk, actor=self.people[f"union_reviewer {first}"].user)
        self.things["task/held", first] = self._like(held, task.pk)

    def _withdraw_post(self) -> None:
        """Somebody who had taken one task and done another before the post was withdrawn."""
        person = self.people["post withdrawn"]
        taken, half = self.thing("nomination/claimed", "A1"), self.thing("nomination/half", "A1")
        task = open_task(of_nomination(taken.pk), "county_union")
        turns.claim(task_id=task.pk, actor=person.user)
        self.things["task/claimed", "A1"] = self._like(taken, task.pk)
        task = open_task(of_nomination(half.pk), "county_union")
        turns.perform(
            task.pk,
            person.user,
            reviews.give_opinion,
            nomination_id=half.pk,
            version=1,
            office=Office.UNION,
            actor=person.user,
            outcome=Outcome.APPROVE,
            text="",
            return_route="",
        )
        self.things["task/done", "A1"] = self._like(half, task.pk)
        person.user.groups.clear()
        person.posts = ()

    @staticmethod
    def _like(thing: Thing, pk: int) -> Thing:
        """Another thing of the same owner and place."""
        return Thing(pk, thing.body, thing.desk, unit=thing.unit, row=thing.row)


def make_unit_person_too(user: User, employer: Employer, role: UnitRole) -> None:
    """The same person acts for another unit as well."""
    employer.posts.create(user=user, role=role)


__all__ = ["FIRST_BODIES", "MARK", "OFFICIALS", "Person", "Stage", "Thing", "World", "make_post", "upward"]
