"""The fields of editions: what an application is asked, what entries differ in by it, and how drafts get theirs.

Which labels exist for an award, and what they are called, is decided here and nowhere else: those that units bring
(`quotas.editions.label_words.register_labels`) and those of the countable fields.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext

from quotas.base import text
from quotas.base.errors import FieldProblem, InvalidInput
from quotas.base.states import FieldType
from quotas.editions.asked import (
    CELL_TYPES,
    COUNTABLE_TYPES,
    FIELD_PARTS,
    MOST_NUMBER,
    TABULAR,
    AskedField,
    Option,
    field_of,
    told_of,
)
from quotas.editions.label_words import LabelWord, facet_word, is_optional, known_labels, label_word
from quotas.editions.models import EditionField, RuleVersion
from quotas.editions.refusals import (
    EditionChanged,
    FieldAskedOfItself,
    FieldCellsTooMany,
    FieldColumnLabelWrong,
    FieldColumnsRequired,
    FieldColumnTypeWrong,
    FieldColumnUnfit,
    FieldCounted,
    FieldKeyTaken,
    FieldLabelRequired,
    FieldLabelTwice,
    FieldLinesWrong,
    FieldNotCountable,
    FieldOptionsRequired,
    FieldOptionTooLong,
    FieldOptionTwice,
    FieldPersonalNotPublic,
    FieldPersonPartsWrong,
    FieldRangeWrong,
    FieldsTooMany,
    FieldTypeUnknown,
    RuleLabelUnknown,
    StandardFieldThere,
)
from quotas.editions.services import drafts
from quotas.editions.services.settled import Settled
from quotas.editions.standard import PERSON, STANDARD
from quotas.selection.labels import Domain, FacetValues, Label, chosen, facet_of, label, predicate_of
from quotas.tree.models import User

MOST_FIELDS = 60
LEAST_OPTIONS, MOST_OPTIONS, MOST_OPTION = 2, 60, 40
"""How many options a choice has, and the characters of one."""
MOST_LABEL = 40
MOST_COLUMNS, MOST_LINES = 8, 30
"""Columns and lines of one table."""
MOST_CELLS = 600
"""Cells of all tables of an edition together: what a page can carry, and somebody fill in."""
MOST_COLUMN_LABEL, MOST_CELL = 20, 200
"""Characters of the name of a column, and of a cell."""


class ColumnFields(TypedDict, total=False):
    """What `put_field` takes of a column of a table. Without a type it is text."""

    label: str
    type: str
    options: Sequence[str]
    unit: str
    least: int | None
    most: int | None
    required: bool


class FieldFields(TypedDict, total=False):
    """What `put_field` takes of a field besides its key. `options` are their names, in order; `parts` are of a person."""

    label: str
    type: str
    section: str
    options: Sequence[str]
    columns: Sequence[ColumnFields]
    parts: Sequence[str]
    unit: str
    least: int | None
    most: int | None
    required: bool
    asked_of: Sequence[str]
    asked_of_not: Sequence[str]
    countable: bool
    listed: bool
    public: bool
    personal: bool
    help: str


# --- reading -------------------------------------------------------------------------------------------------

_fields: Settled[AskedField] = Settled(
    "fields", key="key", order="order", columns=FIELD_PARTS, build=field_of
)
of, of_many, forget = _fields.of, _fields.of_many, Settled.forget


def domain_of(version_id: int, nominee_kind: str) -> Domain:
    """What the entries of an edition can differ in. One statement, or none, as `of`."""
    return domain(nominee_kind, of(version_id))


@lru_cache(maxsize=512)
def domain(nominee_kind: str, fields: tuple[AskedField, ...]) -> Domain:
    """What entries can differ in by their unit and by these fields."""
    labels: dict[str, list[Label]] = {}
    for one in sorted(known_labels(nominee_kind)):
        labels.setdefault(facet_of(one), []).append(Label(one))
    given = [FacetValues(facet, tuple(each), is_optional(facet)) for facet, each in sorted(labels.items())]
    return (*given, *(field.facet for field in fields if field.countable))


class Offer(NamedTuple):
    """A facet to choose from: what it is called, and its labels with their words."""

    facet: str
    word: str
    labels: list[tuple[Label, str]]


def offered(nominee_kind: str, fields: Iterable[AskedField]) -> list[Offer]:
    """What forms offer to choose from: the facets of units, and the countable fields. No statement.

    A facet of one value tells nobody apart and is left out.
    """
    given: dict[str, list[tuple[Label, str]]] = {}
    for one in known_labels(nominee_kind):
        given.setdefault(facet_of(one), []).append((Label(one), label_word(one)))
    return [
        *(Offer(facet, facet_word(facet), labels) for facet, labels in given.items() if len(labels) > 1),
        *(
            Offer(
                field.key,
                gettext(field.label),
                [(label(field.key, value), field.value_word(value)) for value in field.values],
            )
            for field in fields
            if field.countable
        ),
    ]


def word_of(name: str) -> str | None:
    """What a label "key:option", or the facet "key", of a field is called; None where no edition has one.

    The newest edition that knows it says so. One statement for a field that is no standard one.
    """
    key, _colon, value = name.partition(":")
    for field in _known(key):
        if not value:
            return gettext(field.label)
        if value in field.values:
            return field.value_word(value)
    return None


def labels_of_facet(facet: str) -> tuple[Label, ...]:
    """The labels that a field gives, as the newest edition that has it says; none for no field."""
    return next((field.facet.labels for field in _known(facet)), ())


_EDITIONS_ASKED = 20
"""An option that was withdrawn longer ago than so many editions is shown by its key."""


def _known(key: str) -> Iterator[AskedField]:
    """The field with this key: as a standard one, or as the newest editions have it."""
    if key in STANDARD:
        yield STANDARD[key]
    elif _KEY.fullmatch(key):
        yield from map(asked, EditionField.objects.filter(key=key).order_by("-id")[:_EDITIONS_ASKED])


_KEY = re.compile("[a-z][a-z0-9_]{0,39}")


def asked(row: EditionField) -> AskedField:
    """A row as the value that it holds."""
    return field_of({name: getattr(row, name) for name in FIELD_PARTS})


def stated(version: RuleVersion) -> tuple[AskedField, ...]:
    """The fields of an edition that was read with them."""
    return tuple(asked(row) for row in version.fields.all())


def rows_of(version: RuleVersion, fields: Iterable[AskedField]) -> Iterator[EditionField]:
    """The rows of these fields, not saved, in their order."""
    for order, field in enumerate(fields, start=1):
        yield EditionField(version=version, order=order, **told_of(field))


# --- composing -----------------------------------------------------------------------------------------------


@transaction.atomic
def put_field(
    *, version_id: int, version: int, actor: User | None, replaces: str = "", **fields: Unpack[FieldFields]
) -> RuleVersion:
    """
    Add a field to a draft, at the end of its section, or put it in the place of the field with the key `replaces`.

    Keys of fields and options are given, never typed. Raises EditionPublished and EditionChanged as `composing.put_rule`
    does, and InvalidInput with everything that is wrong, each at its part; FieldKeyTaken where another edition uses
    the field and type, name or options would become others; FieldCounted where a rule or another field of the
    draft counts what would go.
    """
    draft = drafts.lock(version_id, version, actor)
    there = list(of(draft.pk))
    before = _there(there, replaces) if replaces else None
    made = _made(draft, before, fields)
    others = [field for field in there if field is not before]
    problems = [*faults(made, others, draft.award.nominee_kind), *_kept_faults(draft, made, before)]
    if before is None and len(there) >= MOST_FIELDS:
        problems.append(FieldsTooMany("label", most=MOST_FIELDS))
    if problems:
        raise InvalidInput(*problems)
    now = [made if field is before else field for field in there] if before else [*there, made]
    _write(draft, now)
    return drafts.touch(
        draft,
        "put_field",
        actor,
        before={} if before is None else told_of(before),
        after={"edition": draft.number, **told_of(made)},
    )


@transaction.atomic
def take_standard(*, version_id: int, version: int, actor: User | None, key: str) -> RuleVersion:
    """Take a standard field into a draft, at the end. Raises as `put_field` does; StandardFieldThere when it has it."""
    draft = drafts.lock(version_id, version, actor)
    there = of(draft.pk)
    field = STANDARD.get(key)
    if field is None:
        raise InvalidInput(FieldTypeUnknown("key"))
    if any(each.key == key for each in there):
        raise InvalidInput(StandardFieldThere("key", label=field.label))
    problems = [each.at("key") for each in faults(field, there, draft.award.nominee_kind)]
    if len(there) >= MOST_FIELDS:
        problems.append(FieldsTooMany("key", most=MOST_FIELDS))
    if problems:
        raise InvalidInput(*problems)
    _write(draft, [*there, field])
    return drafts.touch(draft, "put_field", actor, after={"edition": draft.number, **told_of(field)})


@transaction.atomic
def drop_field(*, version_id: int, version: int, actor: User | None, key: str) -> RuleVersion:
    """Take a field out of a draft. Raises as `put_field` does; EditionChanged when it is gone already."""
    draft = drafts.lock(version_id, version, actor)
    there = of(draft.pk)
    gone = _there(there, key)
    users = _users(draft, gone.facet.labels, but=gone)
    if users:
        raise InvalidInput(FieldCounted(None, users=users))
    _write(draft, [field for field in there if field is not gone])
    return drafts.touch(draft, "drop_field", actor, before=told_of(gone), after={"edition": draft.number})


@transaction.atomic
def move_field(*, version_id: int, version: int, actor: User | None, key: str, by: int) -> RuleVersion:
    """Move a field of a draft up (-1) or down (1) by one place; at an end it stays where it is."""
    draft = drafts.lock(version_id, version, actor)
    there = list(of(draft.pk))
    place = there.index(_there(there, key))
    to = min(max(place + (1 if by > 0 else -1), 0), len(there) - 1)
    if to == place:
        return draft
    there[place], there[to] = there[to], there[place]
    _write(draft, there)
    return drafts.touch(
        draft,
        "move_field",
        actor,
        after={"edition": draft.number, "label": there[to].label, "fields": [each.label for each in there]},
    )


def faults(field: AskedField, others: Iterable[AskedField], nominee_kind: str) -> Iterator[FieldProblem]:
    """Everything that makes a field senseless by itself or beside the others of its edition."""
    others = tuple(others)
    if text.is_blank(field.label):
        yield FieldLabelRequired("label")
    elif text.key(field.label) in {text.key(each.label) for each in others}:
        yield FieldLabelTwice("label", label=field.label)
    if field.type in {FieldType.CHOICE, FieldType.CHOICES}:
        yield from _option_faults(field.options)
    if field.countable and field.type not in COUNTABLE_TYPES:
        yield FieldNotCountable("countable")
    if field.public and field.personal:
        yield FieldPersonalNotPublic("public")
    if field.type in TABULAR:
        yield from _table_faults(field, others)
    else:
        yield from _range_faults(field)
    known = {one for facet in domain(nominee_kind, others) for one in facet.labels}
    for one in field.asked_of.labels:
        if facet_of(one) == field.key:
            yield FieldAskedOfItself("asked_of")
        elif one not in known:
            yield RuleLabelUnknown("asked_of", name=LabelWord(one))


def _range_faults(field: AskedField) -> Iterator[FieldProblem]:
    lowest = 0 if field.type == FieldType.NUMBER else 1
    least, most = field.least or lowest, MOST_NUMBER if field.most is None else field.most
    if not 0 <= least <= most <= MOST_NUMBER or most < lowest:
        yield FieldRangeWrong("most", least=least, most=most)


def _table_faults(field: AskedField, others: Sequence[AskedField]) -> Iterator[FieldProblem]:
    """What makes the columns of a table senseless, each by itself and beside the others, and a table too large."""
    if not 1 <= len(field.columns) <= MOST_COLUMNS:
        yield FieldColumnsRequired("columns", most=MOST_COLUMNS)
    if not 1 <= (field.lines if field.most is None else field.most) <= MOST_LINES:
        yield FieldLinesWrong("most", most=MOST_LINES)
    if field.type == FieldType.PERSON and not field.personal:
        yield FieldPersonalNotPublic("personal")
    if field.type == FieldType.PERSON:
        yield from _person_faults(field)
    cells = sum(each.lines * len(each.columns) for each in (field, *others))
    if cells > MOST_CELLS:
        yield FieldCellsTooMany("most", cells=cells, most=MOST_CELLS)
    for number, column in enumerate(field.columns, start=1):
        for wrong in _column_faults(column, field.columns[: number - 1]):
            yield FieldColumnUnfit("columns", line=number, column=column.label, problem=wrong)


def _person_faults(person: AskedField) -> Iterator[FieldProblem]:
    """Columns that are none of the ready parts as these stand; without the name, the name."""
    wrong = [column.label for column in person.columns if PERSON.get(column.key) != column]
    if PERSON["name"] not in person.columns and not wrong:
        wrong = [PERSON["name"].label]
    if wrong:
        yield FieldPersonPartsWrong("columns", columns=wrong, ready=[part.label for part in PERSON.values()])


def _column_faults(column: AskedField, before: Iterable[AskedField]) -> Iterator[FieldProblem]:
    if text.is_blank(column.label) or len(column.label) > MOST_COLUMN_LABEL:
        yield FieldColumnLabelWrong("columns", most=MOST_COLUMN_LABEL)
    elif text.key(column.label) in {text.key(each.label) for each in before}:
        yield FieldLabelTwice("columns", label=column.label)
    if column.type not in CELL_TYPES:
        yield FieldColumnTypeWrong("columns")
    if column.type == FieldType.CHOICE:
        yield from _option_faults(column.options)
    if column.type == FieldType.TEXT and column.limit > MOST_CELL:
        yield FieldRangeWrong("columns", least=1, most=column.limit)
    yield from _range_faults(column)


def _option_faults(options: Sequence[Option]) -> Iterator[FieldProblem]:
    if not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        yield FieldOptionsRequired("options", least=LEAST_OPTIONS, most=MOST_OPTIONS)
    seen: set[str] = set()
    for option in options:
        if len(option.label) > MOST_OPTION:
            yield FieldOptionTooLong("options", option=option.label, most=MOST_OPTION)
        if text.key(option.label) in seen:
            yield FieldOptionTwice("options", option=option.label)
        seen.add(text.key(option.label))


def _kept_faults(draft: RuleVersion, made: AskedField, before: AskedField | None) -> Iterator[FieldProblem]:
    """What a change would do to others: editions that have the field as it is, rules and fields that count it."""
    if before is None:
        return
    elsewhere = [*_elsewhere(draft, before.key)]
    words = {option.key: option.label for each in elsewhere for option in each.options}
    if any((each.type, each.label) != (made.type, made.label) for each in elsewhere) or any(
        words.get(option.key, option.label) != option.label for option in made.options
    ):
        yield FieldKeyTaken("label", label=before.label)
    gone = {*before.facet.labels} - {*made.facet.labels}
    users = _users(draft, gone, but=before)
    if users:
        yield FieldCounted("options" if made.countable else "countable", users=users)


def _elsewhere(draft: RuleVersion, key: str) -> Iterator[AskedField]:
    """The field as other editions have it, the newest first, and as a standard one."""
    if key in STANDARD:
        yield STANDARD[key]
    for row in EditionField.objects.filter(key=key).exclude(version=draft.pk).order_by("-id"):
        yield asked(row)


def _users(draft: RuleVersion, labels: Iterable[Label], *, but: AskedField) -> list[str]:
    """The rules and fields of a draft that name one of the labels."""
    wanted = {*labels}
    if not wanted:
        return []
    rules = [
        rule.label
        for rule in draft.rules.all()
        if rule.each == but.key
        or not wanted.isdisjoint([*predicate_of(rule.counted).labels, *predicate_of(rule.base).labels])
    ]
    asked = [
        field.label
        for field in of(draft.pk)
        if field.key != but.key and not wanted.isdisjoint(field.asked_of.labels)
    ]
    return [*rules, *asked]


def _made(draft: RuleVersion, before: AskedField | None, given: FieldFields) -> AskedField:
    """What was stated, with its keys, and with nothing that its type has no use for."""
    try:
        type_ = FieldType(str(given.get("type", "")))
    except ValueError:
        raise InvalidInput(FieldTypeUnknown("type")) from None
    person, told = type_ == FieldType.PERSON, type_ != FieldType.FILE
    field = AskedField(
        key=before.key if before else _free_key(draft),
        label=text.name(given.get("label", "")),
        type=type_,
        section=text.name(given.get("section", "")),
        unit=text.name(given.get("unit", "")) if type_ == FieldType.NUMBER else "",
        least=given.get("least") if type_ == FieldType.NUMBER else None,
        most=given.get("most") if type_ in _BOUNDED else None,
        required=bool(given.get("required")),
        asked_of=chosen(given.get("asked_of", ()), given.get("asked_of_not", ())),
        countable=bool(given.get("countable")),
        # A file is read where the evidence is, and stands nowhere else.
        listed=told and bool(given.get("listed")),
        public=told and bool(given.get("public")),
        personal=told and (person or bool(given.get("personal"))),
        help=text.line(given.get("help", "")),
    )
    known = [*([before] if before else []), *_elsewhere(draft, field.key)]
    if type_ in {FieldType.CHOICE, FieldType.CHOICES}:
        return replace(field, options=_options(known, given.get("options", ())))
    if type_ == FieldType.TABLE:
        return replace(field, columns=_columns(known, given.get("columns", ())))
    if person:
        parts = {"name", *given.get("parts", ())}
        return replace(field, columns=tuple(column for key, column in PERSON.items() if key in parts))
    # Of a yes-or-no they are names of its two answers, which the form does not ask.
    same = before is not None and before.type == type_ == FieldType.YES_NO
    return replace(field, options=before.options) if before and same else field


_BOUNDED = frozenset({FieldType.NUMBER, FieldType.TEXT, FieldType.LONG_TEXT, FieldType.TABLE})


def _options(fields: Iterable[AskedField], given: Iterable[str]) -> tuple[Option, ...]:
    """The options by these names: one that any of the fields has keeps its key, a new one gets the next."""
    names = [name for each in given if (name := text.name(each))]
    known: dict[str, str] = {}
    for each in fields:
        for option in each.options:
            known.setdefault(text.key(option.label), option.key)
    free = _free(known.values(), len(names))
    return tuple(Option(known.get(text.key(name)) or next(free), name) for name in names)


def _columns(fields: Iterable[AskedField], given: Iterable[ColumnFields]) -> tuple[AskedField, ...]:
    """The columns that are stated: one that any of the fields has, with its name and type, keeps its key."""
    wanted = list(given)
    known: dict[tuple[str, str], list[AskedField]] = {}
    for each in fields:
        for column in each.columns:
            known.setdefault((text.key(column.label), column.type), []).append(column)
    free = _free((column.key for columns in known.values() for column in columns), len(wanted))
    made = []
    for stated in wanted:
        column = _column(stated)
        like = known.get((text.key(column.label), column.type), [])
        options = _options(like, stated.get("options", ())) if column.type == FieldType.CHOICE else ()
        made.append(replace(column, key=like[0].key if like else next(free), options=options))
    return tuple(made)


def _column(given: ColumnFields) -> AskedField:
    """A column without its key and its options. What is no type stays one that no column may be."""
    stated = str(given.get("type") or FieldType.TEXT.value)
    type_ = FieldType(stated) if stated in FieldType.values else FieldType.TABLE
    number = type_ == FieldType.NUMBER
    return AskedField(
        key="",
        label=text.name(given.get("label", "")),
        type=type_,
        unit=text.name(given.get("unit", "")) if number else "",
        least=given.get("least") if number else None,
        most=given.get("most") if number or type_ == FieldType.TEXT else None,
        required=bool(given.get("required")),
    )


def _free(taken: Iterable[str], number: int) -> Iterator[str]:
    """The next keys that are not taken, so many."""
    used = set(taken)
    return (key for key in map(str, range(1, len(used) + number + 1)) if key not in used)


def _free_key(draft: RuleVersion) -> str:
    """A key that no edition has used: the number of the award and of the field within it."""
    taken = set(
        EditionField.objects.filter(key__startswith=f"x{draft.award_id}_").values_list("key", flat=True)
    )
    numbers = (f"x{draft.award_id}_{number}" for number in range(1, len(taken) + 2))
    return next(key for key in numbers if key not in taken)


def _there(fields: Iterable[AskedField], key: str) -> AskedField:
    for field in fields:
        if field.key == key:
            return field
    raise EditionChanged


def _write(draft: RuleVersion, fields: Iterable[AskedField]) -> None:
    draft.fields.all().delete()
    EditionField.objects.bulk_create(rows_of(draft, fields))
