"""
Who is proposed for which post 岗位人选: accounts opened by one administrator, posts granted by another.

The system administrator opens accounts and proposes; the security administrator grants or refuses. An account that gets
its first post has a password in two halves, one from each of them (`one_time`): neither can sign in as its holder.
Nobody proposes or grants for himself, and the three administrators' own posts are not filled in this way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from quotas.base import clock, text
from quotas.base.errors import DomainError, InvalidInput, NotPermitted, Reason, RuleViolation, answer_of
from quotas.base.refusals import ReasonRequired
from quotas.base.states import ProposalState, Role
from quotas.bodies.services import bodies
from quotas.ledger.services import ledger
from quotas.people.models import Proposal
from quotas.people.refusals import (
    FirstHalfMissing,
    LoginOfTwoPeople,
    OwnPost,
    PostMissing,
    PostNotProposed,
    ProposalsChanged,
    UserInactive,
    UsernameTaken,
)
from quotas.people.services import one_time, openings, posts
from quotas.people.services.accounts import Issued, stream
from quotas.people.services.openings import CHUNK, Opening
from quotas.tree.models import Body, Post, User
from quotas.tree.permissions import ADMINISTRATORS, Act, require


@dataclass(frozen=True, slots=True)
class WantedPost:
    """A person for a post. Without a login name one is made of body and post: "320581.keeper"."""

    body: Body
    role: Role
    username: str
    name: str
    email: str = ""
    phone: str = ""

    @property
    def login(self) -> str:
        """The login name as it is compared."""
        return text.login(self.username or f"{self.body.code}.{self.role.value}")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of one `WantedPost`: the account opened for it or renewed, or nothing to do because it is so already."""

    proposal: Proposal | None
    issued: Issued | None


@dataclass(frozen=True, slots=True)
class HalfSlip:
    """What one person is handed: the posts, the login name, and the password or the half of it."""

    user: User
    posts: tuple[Post, ...]
    password: str

    def __repr__(self) -> str:
        return f"Slip(user={self.user.pk})"


@transaction.atomic
def propose(*, wanted: Sequence[WantedPost], actor: User | None) -> list[Proposed | DomainError]:
    """
    Open the accounts that are missing and propose their owners; in the order given what became of each.

    By those who manage accounts. An account that exists is taken where the name is the same; one without any post gets
    a new first half. A fixed number of statements for any number of people. The caller takes everything back where one
    of the answers is a refusal.
    """
    province = bodies.province()
    require(actor, Act.MANAGE_ACCOUNTS, province.pk)
    known = openings.by_login(each.login for each in wanted)
    list(User.objects.select_for_update().filter(pk__in=[user.pk for user in known.values()]).order_by("pk"))
    book = _Book(wanted, known)
    refused = {
        place: refusal
        for place, each in enumerate(wanted)
        if (refusal := answer_of(book.judge, each, actor)) is not None
    }
    # The account of somebody with several posts is opened or renewed for the first of them.
    first: dict[str, int] = {}
    for place, each in enumerate(wanted):
        if place not in refused:
            first.setdefault(each.login, place)
    new = {
        place: _opening(wanted[place], province.pk) for login, place in first.items() if login not in known
    }
    opened = dict(zip(new, openings.open_many(openings=list(new.values()), actor=actor), strict=True))
    issued = {place: answer for place, answer in opened.items() if isinstance(answer, Issued)}
    refused |= {place: answer for place, answer in opened.items() if isinstance(answer, DomainError)}
    users = known | {wanted[place].login: account.user for place, account in issued.items()}
    issued |= _renewed({place: known[login] for login, place in first.items() if login in known}, book)
    made = _written(
        {
            place: (users[each.login], book.post(each))
            for place, each in enumerate(wanted)
            if place not in refused and each.login in users
        },
        actor,
    )
    return [
        refused.get(place) or Proposed(made.get(place), issued.get(place)) for place in range(len(wanted))
    ]


def _opening(wanted: WantedPost, province: int) -> Opening:
    username = wanted.username or f"{wanted.body.code}.{wanted.role.value}"
    return Opening(username, wanted.name, province, wanted.email, wanted.phone, halved=True)


class _Book:
    """What holds for the people of a proposal before it: posts by body and role, held and proposed posts by person."""

    def __init__(self, wanted: Sequence[WantedPost], known: Mapping[str, User]) -> None:
        found = Post.objects.filter(body__in={each.body.pk for each in wanted}).select_related("body")
        self._posts: dict[tuple[int, Role], Post] = {(post.body_id, Role(post.role)): post for post in found}
        self.known = known
        numbers = [user.pk for user in known.values()]
        self.held: dict[int, list[Post]] = {}
        for user, post in _held(numbers):
            self.held.setdefault(user, []).append(post)
        self.waiting: dict[int, list[Post]] = {}
        for proposal in Proposal.objects.waiting().filter(user__in=numbers):
            self.waiting.setdefault(proposal.user_id, []).append(proposal.post)
        self._units = posts.unit_paths_of(numbers)
        self._names: dict[str, str] = {}
        self._planned: dict[str, list[Post]] = {}

    def post(self, wanted: WantedPost) -> Post:
        """The post; InvalidInput where the body has none of that kind, or where it is one of the three administrators'."""
        if wanted.role in ADMINISTRATORS:
            raise InvalidInput(PostNotProposed("role", role=wanted.role))
        post = self._posts.get((wanted.body.pk, wanted.role))
        if post is None:
            raise InvalidInput(PostMissing("role", body=wanted.body.short_name, role=wanted.role))
        return post

    def judge(self, wanted: WantedPost, actor: User | None) -> None:
        """Raise what is wrong with the person for the post, seen together with the rows before."""
        post = self.post(wanted)
        name = text.name(wanted.name)
        user = self.known.get(wanted.login)
        if user is not None:
            if text.key(user.name) != text.key(name):
                raise InvalidInput(UsernameTaken("username", username=wanted.username or user.username))
            if actor is not None and user.pk == actor.pk:
                raise OwnPost
            if not user.is_active:
                raise InvalidInput(UserInactive("username", name=user.name))
        earlier = self._names.setdefault(wanted.login, text.key(name))
        if earlier != text.key(name):
            raise InvalidInput(LoginOfTwoPeople("username", username=wanted.username))
        held = self._planned.setdefault(
            wanted.login,
            [*self.held.get(user.pk, ()), *self.waiting.get(user.pk, ())] if user is not None else [],
        )
        units = self._units.get(user.pk, frozenset()) if user is not None else frozenset()
        clashes = posts.conflicts(user or User(name=name), post, held, units)
        if clashes:
            raise RuleViolation(*clashes)
        held.append(post)


def _renewed(places: Mapping[int, User], book: _Book) -> dict[int, Issued]:
    """A new first half for the accounts without any post: whoever knows their password could sign in as its holder."""
    renewed = {}
    for place, user in places.items():
        waits = book.waiting.get(user.pk) and one_time.is_halved(user.password)
        if book.held.get(user.pk) or waits:
            continue
        half = one_time.first_half(user.password)
        user.password, user.must_change_password = half.encoded, True
        renewed[place] = Issued(user, half.text)
    User.objects.bulk_update(
        [issued.user for issued in renewed.values()], ["password", "must_change_password"], batch_size=CHUNK
    )
    return renewed


def _written(people: Mapping[int, tuple[User, Post]], actor: User | None) -> dict[int, Proposal]:
    """The proposals that are new, with a row in the ledger each."""
    pairs = {(user.pk, post.pk) for user, post in people.values()}
    there = {(user, post.pk) for user, post in _held({user for user, _post in pairs})} | set(
        Proposal.objects.filter(
            state=ProposalState.WAITING, user__in={user for user, _post in pairs}
        ).values_list("user_id", "post_id")
    )
    now = clock.now()
    made = {
        place: Proposal(user=user, post=post, proposed_by=actor, proposed_at=now)
        for place, (user, post) in people.items()
        if (user.pk, post.pk) not in there
    }
    Proposal.objects.bulk_create(made.values(), batch_size=CHUNK)
    _record("propose_post", made.values(), actor)
    return made


@transaction.atomic
def decide(*, seen: Iterable[int], refused: Mapping[int, str], actor: User | None) -> list[HalfSlip]:
    """
    Grant the proposals that were `seen` but those `refused`, each for its reason; the second halves of the passwords.

    By those who manage posts, for others than themselves, and never by whoever proposed. Raises Conflict(
    ProposalsChanged) when one of them has been decided meanwhile; RuleViolation with every proposal that nobody may
    grant, which has to be refused; InvalidInput(ReasonRequired("reason")). All or nothing.
    """
    province = bodies.province()
    numbers = set(seen)
    users = Proposal.objects.filter(pk__in=numbers).values_list("user_id", flat=True)
    # People first, as everywhere a post is granted; then what is proposed for them.
    list(User.objects.select_for_update().filter(pk__in=list(users)).order_by("pk"))
    proposals = list(Proposal.objects.select_for_update(of=("self",)).waiting().filter(pk__in=numbers))
    require(actor, Act.MANAGE_POSTS, province.pk)
    if {proposal.pk for proposal in proposals} != numbers:
        raise ProposalsChanged
    reasons = {pk: text.line(reason) for pk, reason in refused.items()}
    if any(pk in numbers and not reason for pk, reason in reasons.items()):
        raise InvalidInput(ReasonRequired("reason"))
    granted = [proposal for proposal in proposals if proposal.pk not in reasons]
    held = _require_grantable(granted, actor)
    membership = User.groups.through
    membership.objects.bulk_create(
        [membership(user_id=each.user_id, group_id=each.post.group_id) for each in granted],
        ignore_conflicts=True,
        batch_size=CHUNK,
    )
    now = clock.now()
    for proposal in proposals:
        proposal.state = ProposalState.REFUSED if proposal.pk in reasons else ProposalState.GRANTED
        proposal.decided_by, proposal.decided_at = actor, now
        proposal.reason = reasons.get(proposal.pk, "")[:200]
    Proposal.objects.bulk_update(proposals, ["state", "decided_by", "decided_at", "reason"], batch_size=CHUNK)
    _record("appoint", granted, actor)
    _record("refuse_post", [each for each in proposals if each.pk in reasons], actor)
    return _second_halves(granted, held)


def conflicts_of(proposals: Sequence[Proposal], actor: User | None) -> dict[int, list[Reason]]:
    """What forbids each of these proposals, seen together, for this person to grant; for the list and under the lock."""
    held: dict[int, list[Post]] = {}
    for user, post in _held({proposal.user_id for proposal in proposals}):
        held.setdefault(user, []).append(post)
    return _conflicts(proposals, held, actor)


def _conflicts(
    proposals: Sequence[Proposal], held: dict[int, list[Post]], actor: User | None
) -> dict[int, list[Reason]]:
    units = posts.unit_paths_of({proposal.user_id for proposal in proposals})
    found = {}
    for proposal in proposals:
        user = proposal.user
        violations: list[Reason] = []
        if actor is not None and actor.pk in {user.pk, proposal.proposed_by_id}:
            violations.append(OwnPost())
        if not user.is_active:
            violations.append(UserInactive(name=user.name))
        elif not held.get(user.pk) and not one_time.is_halved(user.password):
            # Somebody has set another password since, and knows it as a whole.
            violations.append(FirstHalfMissing(name=user.name))
        violations += posts.conflicts(
            user, proposal.post, held.get(user.pk, ()), units.get(user.pk, frozenset())
        )
        if violations:
            found[proposal.pk] = violations
        else:
            held.setdefault(user.pk, []).append(proposal.post)
    return found


def _require_grantable(granted: Sequence[Proposal], actor: User | None) -> frozenset[int]:
    """Those who hold a post already; RuleViolation with all that nobody may grant."""
    held: dict[int, list[Post]] = {}
    for user, post in _held({proposal.user_id for proposal in granted}):
        held.setdefault(user, []).append(post)
    officials = frozenset(held)
    found = _conflicts(granted, held, actor)
    if found:
        raise RuleViolation(*(violation for each in found.values() for violation in each))
    return officials


def _second_halves(granted: Iterable[Proposal], officials: frozenset[int]) -> list[HalfSlip]:
    """For everybody whose first post this is."""
    people: dict[int, list[Proposal]] = {}
    for proposal in granted:
        if proposal.user_id not in officials:
            people.setdefault(proposal.user_id, []).append(proposal)
    slips = []
    for proposals in people.values():
        user = proposals[0].user
        half = one_time.second_half(user.password)
        user.password = half.encoded
        slips.append(HalfSlip(user, tuple(proposal.post for proposal in proposals), half.text))
    User.objects.bulk_update([slip.user for slip in slips], ["password"], batch_size=CHUNK)
    return slips


@transaction.atomic
def reissue(*, actor: User) -> list[HalfSlip]:
    """
    New halves for everybody whose halves have not opened the account yet, in place of those on a sheet that was lost.

    The system administrator gets the first halves, the security administrator the second; the other half stays good.
    """
    province = bodies.province()
    first = _holds(actor, Act.MANAGE_ACCOUNTS, province)
    if not first:
        require(actor, Act.MANAGE_POSTS, province.pk)
    slips = [slip for slip in _not_signed_in(lock=True) if first or slip.posts]
    make = one_time.first_half if first else one_time.second_half
    renewed = []
    for slip in slips:
        half = make(slip.user.password)
        slip.user.password = half.encoded
        renewed.append(HalfSlip(slip.user, slip.posts, half.text))
    User.objects.bulk_update([slip.user for slip in renewed], ["password"], batch_size=CHUNK)
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                stream(slip.user.pk),
                "reissue_half",
                actor,
                province,
                after={"username": slip.user.username, "name": slip.user.name},
            )
            for slip in renewed
        ]
    )
    return _with_waiting(renewed)


def number_not_signed_in(actor: User) -> int:
    """For how many accounts the person could make new halves."""
    first = _holds(actor, Act.MANAGE_ACCOUNTS, bodies.province())
    return sum(first or bool(slip.posts) for slip in _not_signed_in(lock=False))


def _not_signed_in(*, lock: bool) -> list[HalfSlip]:
    halved = User.objects.filter(
        is_active=True,
        must_change_password=True,
        password__startswith=f"{one_time.OneTimePasswordHasher.algorithm}$",
    ).order_by("pk")
    users = [
        user for user in (halved.select_for_update() if lock else halved) if one_time.is_halved(user.password)
    ]
    held: dict[int, list[Post]] = {}
    for number, post in _held({user.pk for user in users}):
        held.setdefault(number, []).append(post)
    return [HalfSlip(user, tuple(held.get(user.pk, ())), "") for user in users]


def _with_waiting(slips: Sequence[HalfSlip]) -> list[HalfSlip]:
    """Where a person holds no post yet, the posts for which the person waits: so that a slip says where it goes."""
    waiting: dict[int, list[Post]] = {}
    for proposal in Proposal.objects.waiting().filter(user__in=[slip.user.pk for slip in slips]):
        waiting.setdefault(proposal.user_id, []).append(proposal.post)
    return [
        HalfSlip(slip.user, slip.posts or tuple(waiting.get(slip.user.pk, ())), slip.password)
        for slip in slips
    ]


def _holds(actor: User, act: Act, body: Body) -> bool:
    try:
        require(actor, act, body.pk)
    except NotPermitted:
        return False
    return True


def _held(users: Iterable[int]) -> Iterable[tuple[int, Post]]:
    """The posts of these people, with their bodies. Two statements for every CHUNK."""
    numbers = sorted(users)
    for start in range(0, len(numbers), CHUNK):
        rows = list(
            User.groups.through.objects.filter(user__in=numbers[start : start + CHUNK]).values_list(
                "user_id", "group_id"
            )
        )
        by_group = {
            post.group_id: post
            for post in Post.objects.filter(group__in={group for _user, group in rows}).select_related("body")
        }
        yield from ((user, by_group[group]) for user, group in rows if group in by_group)


def _record(act: str, proposals: Iterable[Proposal], actor: User | None) -> None:
    ledger.append_many(
        rows=[
            ledger.LedgerDraft(
                f"user:{proposal.user_id}",
                act,
                actor,
                proposal.post.body_id,
                after={
                    "user": proposal.user_id,
                    "name": proposal.user.name,
                    "role": proposal.post.role,
                },
                reason=proposal.reason,
            )
            for proposal in proposals
        ]
    )
