"""What is sent to each address: forms that would be accepted from the right person, so that a refusal means the person."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from appraisal.records.models import Nomination
from quotas.base import clock
from quotas.base.states import Role
from quotas.bodies.models import Organ
from quotas.editions.models import RuleVersion
from quotas.people.models import PasswordReset, Proposal
from quotas.rounds.services import allotments
from quotas.tree.models import Post, User
from tests.builders import make_credit_code, make_newcomer
from tests.matrix.world import Thing, World

PDF = b"%PDF-1.4\n%%EOF\n"


# --- arguments of addresses


def none(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {}


def by_number(_world: World, thing: Thing | None) -> dict[str, Any]:
    return {"pk": thing.pk} if thing else {}


def the_round(world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"code": world.round.code}


def planned_round(world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"code": world.planned.code}


def rule_award(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"award": "a-main"}


def rule_edition(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"award": "a-main", "number": 1}


def rule_draft(world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"award": "a-main", "number": world.draft.number}


def award_of_round(world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"code": world.round.code, "pk": world.awards["main"].pk}


def of_places(world: World, thing: Thing | None) -> dict[str, Any]:
    return {"round_award_id": world.awards["main"].pk, "body_id": thing.pk}


def flow(name: str) -> Callable[[World, Thing | None], dict[str, Any]]:
    return lambda _world, _thing: {"flow": name}


def kind(name: str) -> Callable[[World, Thing | None], dict[str, Any]]:
    return lambda _world, _thing: {"kind": name}


# --- forms


def nothing(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {}


def _filled(form: Any) -> dict[str, Any]:
    """A form as its page shows it."""
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def _page(client: Client, address: str, name: str, **query: Any) -> dict[str, Any]:
    return _filled(client.get(address, query).context[name])


def save(world: World, thing: Thing) -> dict[str, Any]:
    """The form of a unit's task as its owner sees it."""
    address = reverse("workflows:task", args=[thing.pk])
    for role in ("applicant", "endorser"):
        answer = world.people[f"{role} {thing.unit}"].client.get(address)
        if answer.status_code == 200:
            changed = {
                "deeds": "新的事迹。",
                "party_opinion": "同意。",
                "identity_number": "11010519491231002X",
            }
            return _filled(answer.context["form"]) | changed | {"act": "save"}
    raise AssertionError(address)


def opinion(_world: World, thing: Thing) -> dict[str, Any]:
    return {"version": _version(thing), "decision": "approve", "text": "", "return_route": ""}


def _version(thing: Thing) -> int:
    return type(thing.row).objects.values_list("version", flat=True).get(pk=thing.row.pk)


def version(_world: World, thing: Thing) -> dict[str, Any]:
    return {"version": _version(thing)}


def reason(_world: World, thing: Thing) -> dict[str, Any]:
    return {"version": _version(thing), "reason": "材料不实"}


def take_over(world: World, _thing: Thing) -> dict[str, Any]:
    return {"held_by": world.people["post withdrawn"].user.pk, "reason": "休假"}


def approve(_world: World, thing: Thing) -> dict[str, Any]:
    return {"item": f"{thing.pk}:{_version(thing)}", "text": ""}


def tick(_world: World, thing: Thing) -> dict[str, Any]:
    return {"ids": thing.pk}


def score(_world: World, thing: Thing) -> dict[str, Any]:
    return {"version": _version(thing), "score": "90"}


def entries(_world: World, thing: Thing) -> dict[str, Any]:
    first = thing.row.entries.get(rank=1).nomination_id
    return {"version": _version(thing), "entry": f"{first}:regular", f"rank-{first}": 1, "act": "save"}


def sign(_world: World, thing: Thing) -> dict[str, Any]:
    return {"version": _version(thing), "decision": "sign", "opinion": ""}


def publish(_world: World, thing: Thing) -> dict[str, Any]:
    return {"version": _version(thing), "starts_on": clock.today().isoformat(), "contact": "025-00000000"}


def scores(_world: World, thing: Thing) -> dict[str, Any]:
    """A score for everything that waits for one at the body of the list."""
    pool = Nomination.objects.filter(
        round_award=thing.row.round_award_id, desk=thing.row.body_id, status="pooled"
    )
    return {
        key: value
        for number, version in pool.values_list("pk", "version")
        for key, value in ((f"score-{number}", "90"), (f"version-{number}", version))
    }


def remove_entry(_world: World, thing: Thing) -> dict[str, Any]:
    """The last entry: about the first there is an objection."""
    entry = thing.row.entries.order_by("rank").last()
    return {"version": _version(thing), "nomination": entry.nomination_id, "reason": "x", "act": "remove"}


def name(_world: World, thing: Thing) -> dict[str, Any]:
    return {
        "version": _version(thing),
        "title": "决定",
        "document_number": "2号",
        "decided_on": clock.today().isoformat(),
    }


def finding(_world: World, _thing: Thing) -> dict[str, Any]:
    return {"finding": "unfounded", "text": "经核查，异议不成立。"}


def objection(_world: World, thing: Thing) -> dict[str, Any]:
    return {
        "entry": thing.row.entries.get(rank=1).pk,
        "objector": "某人",
        "objector_contact": "某处",
        "text": "有异议",
        "received_on": clock.today().isoformat(),
    }


def upload(_world: World, _thing: Thing) -> dict[str, Any]:
    return {"kind": "deeds", "file": SimpleUploadedFile("a.pdf", PDF, "application/pdf")}


def apply(world: World, thing: Thing) -> dict[str, Any]:
    """The first award for which the unit can still apply."""
    client = world.people[f"applicant {thing.unit}"].client
    cards = client.get(reverse("workflows:apply"), {"employer": thing.pk}).context["cards"]
    card = next(card for card in cards if not card.prospect.violations)
    prefix = card.form.prefix
    return {
        "employer": thing.pk,
        "prospect": card.prospect.code,
        f"{prefix}-form_key": str(uuid4()),
        f"{prefix}-nominee_name": "新人",
        f"{prefix}-identity_number": "11010519491231002X",
    }


def register(world: World, thing: Thing) -> dict[str, Any]:
    return {
        # Whoever is refused sees what was typed.
        "credit_code": world.mark(make_credit_code(5_000_000), lambda _person: True),
        "name": "新单位",
        "body": thing.pk,
        "sector": "enterprise",
        "control": "private",
        "employees": 10,
        "union_members": 5,
        "party_members": 1,
    }


def update_employer(world: World, thing: Thing) -> dict[str, Any]:
    address = reverse("appraisal:employer", args=[thing.pk])
    shown = _page(world.people[f"applicant {thing.unit}"].client, address, "facts_form")
    return shown | {"facts-address": "新址", "act": "update"}


def verify(_world: World, thing: Thing) -> dict[str, Any]:
    return {
        "act": "verify",
        "ownership-version": _version(thing),
        "ownership-control": "foreign",
        "ownership-proof": "章程",
    }


def appoint(world: World, thing: Thing) -> dict[str, Any]:
    """The unit's own applicant becomes its endorser as well: nobody else's account is known there."""
    name = world.people[f"applicant {thing.unit}"].user.username
    return {"act": "appoint", "post-username": name, "post-role": "endorser"}


def open_account(_world: World, _thing: Thing) -> dict[str, Any]:
    return {
        "act": "open_account",
        "account-username": "newcomer",
        "account-name": "新人",
        "account-role": "applicant",
    }


def create_account(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"act": "create", "username": "newcomer", "name": "新人", "email": ""}


def ask_reset(world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"act": "ask", "user": world.people["system_admin P"].user.pk}


def decline_reset(world: World, _thing: Thing | None) -> dict[str, Any]:
    reset, _made = PasswordReset.objects.get_or_create(
        user=world.people["keeper B1"].user,
        asked_by=world.people["system_admin P"].user,
        asked_as=Role.SYSTEM_ADMIN,
        defaults={"reactivates": False, "asked_at": clock.now(), "nonce": "nonce"},
    )
    return {"act": "decline", "reset": reset.pk, "reason": "没有当面核实"}


def appoint_official(_world: World, _thing: Thing | None) -> dict[str, Any]:
    if not User.objects.filter(username="u-newcomer").exists():
        newcomer = make_newcomer("u-newcomer")
        # Not among those for whom halves are made anew.
        newcomer.must_change_password = False
        newcomer.save()
    return {"act": "appoint", "username": "u-newcomer", "role": "keeper"}


def refuse_post(_world: World, _thing: Thing | None) -> dict[str, Any]:
    """A proposal that waits: made anew, since each try is taken back."""
    post = Post.objects.filter(role="observer").order_by("pk").first()
    user = User.objects.get(username="u-nobody")
    made = Proposal.objects.create(user=user, post=post, proposed_at=clock.now())
    return {"seen": made.pk, f"reason-{made.pk}": "不是本单位的人"}


def dismiss(_world: World, thing: Thing) -> dict[str, Any]:
    return {"act": "dismiss", "post": thing.row.posts.get(role="endorser").pk}


def extend(_world: World, thing: Thing) -> dict[str, Any]:
    return {"stage": "county", "body": thing.pk, "due_at": "2026-12-01T10:00", "reason": "延期"}


def the_year(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"year": 2024}


def take_year(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"act": "take"}


def own_deadline(world: World, thing: Thing) -> dict[str, Any]:
    return {"code": world.round.code, "stage": "unit", "body_id": thing.pk}


def ask_extension(_world: World, _thing: Thing) -> dict[str, Any]:
    return {"wanted": "2030-12-01T10:00", "reason": "水灾"}


def grant_extension(_world: World, _thing: Thing) -> dict[str, Any]:
    return {"act": "grant", "due_at": "", "answer": ""}


def withdraw_extension(_world: World, _thing: Thing) -> dict[str, Any]:
    return {"act": "withdraw"}


def new_round(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {
        "name": "新一轮评选",
        "year": 2028,
        "code": "r2028",
        "source": "1号",
        "unit_notice_days": 5,
        "notice_days": 5,
        "notice_unit": "workday",
        "reserve_policy": "ranked",
        "contact": "025-00000000",
    }


def timetable(_world: World, _thing: Thing | None) -> dict[str, Any]:
    windows = enumerate(("unit", "county", "city", "province"), start=1)
    moments = {
        stage: {
            f"{stage}_opens_at": f"2027-01-0{number}T09:00",
            f"{stage}_due_at": f"2027-0{number + 1}-01T17:30",
        }
        for number, stage in windows
    }
    return {"act": "timetable"} | {name: at for pair in moments.values() for name, at in pair.items()}


def compose(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"source": "1号", "based_on": ""}


def draft_version(world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"version": RuleVersion.objects.get(pk=world.draft.pk).version}


def put_rule(world: World, thing: Thing | None) -> dict[str, Any]:
    return draft_version(world, thing) | {
        "act": "rule",
        "counted": ["front_line:yes"],
        "sense": "min",
        "kind": "count",
        "numerator": 1,
        "basis": "listed",
        "label": "一线职工",
        "clause": "一",
    }


def put_field(world: World, thing: Thing | None) -> dict[str, Any]:
    return draft_version(world, thing) | {
        "act": "field",
        "label": "行业",
        "type": "choice",
        "options": "制造业\n物流业",
        "countable": "on",
    }


def a_list(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"text": "推荐对象,所有制\n甲,非公有制\n乙,公有制", "stage": "province"}


def places(world: World, thing: Thing) -> dict[str, Any]:
    shown = allotments.digest(round_award_id=world.awards["main"].pk, body_id=thing.pk)
    line = {"separate_s1_purpose": "竞赛单列", "separate_s1_places": 1}
    return {"places": 6, "reserve_places": 2, "reason": "调整", "plan": shown, **line}


def places_below(world: World, thing: Thing) -> dict[str, Any]:
    below = thing.row.children.values_list("pk", flat=True)
    shown = allotments.digest_below(round_award_id=world.awards["main"].pk, parent_id=thing.pk)
    return {f"body_{number}": 1 for number in below} | {"reason": "调整", "plan": shown}


def draw_lots(_world: World, thing: Thing) -> dict[str, Any]:
    return {"act": "draw", "version": _version(thing)}


def language(_world: World, _thing: Thing | None) -> dict[str, Any]:
    return {"language": "zh-hans"}


def organ(_world: World, thing: Thing | None) -> dict[str, Any]:
    found = Organ.objects.get(pk=thing.pk)
    return {
        "version": found.version,
        "name": found.name,
        "telephone": f"0512-{uuid4().hex[:8]}",
        "address": "某路 1 号",
    }
