"""How things look, for templates of every floor: icons, status, moments, figures, bars.

Nothing here knows a model. A tag takes words, figures and a *tone*, one of TONES; the shape that belongs to the tone
is always drawn beside the word, so that colour alone never carries a meaning. Sums are integers throughout and a
share is always rounded down: 49.96 % must never read 50 %.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, Form
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quotas import addresses
from quotas.base import clock, wording
from quotas.base.text import AtLeast

register = template.Library()

TONES = frozenset(
    {"todo", "soon", "late", "done", "returned", "declined", "frozen", "current", "skipped", "info"},
)
"""待办 ○, 临期 ◔, 逾期 ●, 通过 ✓, 退回 ↩, 不予推荐 ✕, 冻结 ▮, 办理中 ◉, 不经过 –, 说明."""

ICONS = (
    "inbox",
    "home",
    "nomination",
    "slate",
    "notice",
    "quota",
    "folder",
    "ledger",
    "chart",
    "library",
    "gear",
    "calendar",
    "help",
    "info",
    "warn",
    "out",
    "globe",
    "user",
    "search",
    "filter",
    "right",
    "left",
    "down",
    "up",
    "close",
    "check",
    "plus",
    "minus",
    "print",
    "download",
    "upload",
    "clock",
    "clip",
    "pin",
    "lock",
    "grip",
    "history",
)
"""The drawings of static/icons/px.svg."""

NAMES_WEEKDAY = timedelta(days=7)
"""Within this of now a moment carries its weekday."""

SCALE = 1000
"""Units of a bar from end to end; a bar is drawn in integers."""

TILES_JIANGSU: Mapping[str, tuple[int, int]] = {
    "3203": (0, 0),
    "3207": (2, 0),
    "3213": (1, 1),
    "3208": (2, 1),
    "3209": (3, 1),
    "3210": (2, 2),
    "3212": (3, 2),
    "3206": (4, 2),
    "3201": (0, 3),
    "3211": (1, 3),
    "3204": (2, 3),
    "3202": (3, 3),
    "3205": (4, 3),
}
"""Column and row of each city (first four digits of its region code), so that neighbours stay neighbours."""

TILE_COLUMNS = 5
TILE_WIDTH = 92
TILE_HEIGHT = 60
TILE_GAP = 6
TILE_SHAPE = 14
TILE_WORD = 13
"""Side of a shape, and width of a Chinese character of the word beside it; a Latin one takes half."""


def _part(thing: Any, name: str, default: Any = None) -> Any:
    """A member of a mapping or an attribute of an object, whichever `thing` is."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)


def _english() -> bool:
    return (get_language() or "").startswith("en")


# --- what every page has -----------------------------------------------------------------------------------


class ConstantNode(template.Node):
    """Part of a page that is the same for everybody, kept as it was drawn for each language."""

    def __init__(self, parts: template.NodeList) -> None:
        self.parts = parts
        self._drawn: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self._drawn:
            # An empty context instead of the page's: what is somebody's cannot get in.
            nothing = Context()
            nothing.template = context.template
            self._drawn[language] = self.parts.render(nothing)
        return self._drawn[language]


@register.tag
def constant(parser: template.base.Parser, _token: template.base.Token) -> ConstantNode:
    """`{% constant %}…{% endconstant %}`: drawn once a process and language. Nothing in it knows request or person."""
    parts = parser.parse(("endconstant",))
    parser.delete_first_token()
    return ConstantNode(parts)


NAVIGATION = ("nav", "nav_workflows", "nav_appraisal", "nav_quotas")
"""Each floor adds its part of the navigation; `nav` stands for all at once."""


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[Mapping[str, Any]]:
    """`{% navigation as items %}`: the lines of the navigation, from all floors."""
    return [item for name in NAVIGATION for item in context.get(name) or ()]


@register.simple_tag
def row_address(name: str, pk: int) -> str:
    """See `quotas.addresses.of_row`; for tables, where `url` would work it out anew for every row."""
    return addresses.of_row(name, pk)


# --- icons and status --------------------------------------------------------------------------------------


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """One drawing of static/icons/px.svg, for the eye only: the word stands beside it. `size`: "small" or "".

    Raises ValueError for a drawing that there is not.
    """
    if name not in ICONS:
        raise ValueError(f"no drawing {name!r}")
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" icon--{size}" if size else "",
        static("icons/px.svg"),
        name,
    )


@register.simple_tag
@cache
def shape(tone: str) -> SafeString:
    """The shape of a tone in its colour, without a word (the word is near)."""
    checked = _tone(tone)
    return format_html(
        '<svg class="icon tone-{}" aria-hidden="true" focusable="false"><use href="{}#s-{}"></use></svg>',
        checked,
        static("icons/px.svg"),
        checked,
    )


@register.simple_tag
def status(label: Any, tone: str = "", *, plain: bool = False) -> SafeString:
    """
    A status by shape and word. `label` is the word, or anything with `label` and `tone` of its own.

    `plain` leaves out the ground, for use inside a sentence or a dense row.
    """
    word = _part(label, "label", label)
    checked = _tone(tone or _part(label, "tone", "todo"))
    return format_html(
        '<span class="status tone-{}{}">{}<span>{}</span></span>',
        checked,
        " status--plain" if plain else "",
        shape(checked),
        word,
    )


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"{tone!r} is no tone; there are {', '.join(sorted(TONES))}")
    return str(tone)


# --- moments -----------------------------------------------------------------------------------------------


def _local(value: datetime) -> datetime:
    return timezone.localtime(value, clock.SHANGHAI)


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月20日; 20 November 2026. Nothing for None."""
    if not value:
        return ""
    local = _local(value) if isinstance(value, datetime) else value
    return format_date(local, "j F Y" if _english() else "Y年n月j日")


@register.filter
def dated(value: date | datetime | None) -> str:
    """The day as a `<time>` that no line break takes apart, for documents and narrow columns."""
    if not value:
        return ""
    return format_html('<time class="nowrap" datetime="{}">{}</time>', iso(value), day(value))


@register.filter
def cited(source: str) -> str:
    """See `quotas.base.wording.cited`."""
    return wording.cited(source)


@register.filter
def moment(value: date | datetime | None) -> str:
    """2026年11月20日 17:30, with the weekday when it is within 7 days; a plain date is written as a day."""
    if not isinstance(value, datetime):
        return day(value)
    local = _local(value)
    near = abs(value - clock.now()) <= NAMES_WEEKDAY
    if _english():
        return format_date(local, "l, j F Y, H:i" if near else "j F Y, H:i")
    return format_date(local, "Y年n月j日（l）H:i" if near else "Y年n月j日 H:i")


@register.filter
def short_moment(value: date | datetime | None) -> str:
    """11月20日 17:30, for tables; with the year when it is another one."""
    if not value:
        return ""
    local = _local(value) if isinstance(value, datetime) else value
    this_year = local.year == clock.today().year
    time = f" {local:%H:%M}" if isinstance(local, datetime) else ""
    if _english():
        return format_date(local, "j M" if this_year else "j M Y") + time
    year = "" if this_year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日{time}"


@register.filter
def iso(value: date | datetime | None) -> str:
    """The machine's form, for <time datetime>."""
    return value.isoformat() if value else ""


@register.simple_tag
def due(at: datetime | None) -> SafeString | str:
    """A deadline for a table: late, today, soon, or plain; to the minute, never "3 hours ago"."""
    if at is None:
        return ""
    now = clock.now()
    local = _local(at)
    if at < now:
        tone, words = "late", _("逾期 %(moment)s") % {"moment": short_moment(at)}
    elif local.date() == clock.today():
        tone, words = "soon", _("今天 %(time)s") % {"time": f"{local:%H:%M}"}
    elif clock.near(at):
        tone, words = "soon", f"{short_moment(at)} {format_date(local, 'D')}"
    else:
        return format_html('<time datetime="{}" class="nowrap">{}</time>', at.isoformat(), short_moment(at))
    return format_html(
        '<time datetime="{}">{}</time>', at.isoformat(), status(words, tone, plain=tone != "late")
    )


# --- figures -----------------------------------------------------------------------------------------------


@register.filter
def figure(value: int | None) -> str:
    """12,345; −1; 1,000+ where counting stopped; a dash for None, because "not counted" differs from zero."""
    if value is None:
        return "—"
    return f"{int(value):,}".replace("-", "−") + ("+" if isinstance(value, AtLeast) else "")


@register.filter
def in_rows(form: Form) -> list[list[BoundField]]:
    """The visible fields of a form as they stand: those that it names in `pairs` side by side, the others alone."""
    fields = {field.name: field for field in form.visible_fields()}
    pair_of = {name: pair for pair in getattr(form, "pairs", ()) for name in pair}
    rows = dict.fromkeys(pair_of.get(name, (name,)) for name in fields)
    return [[fields[name] for name in row if name in fields] for row in rows]


@register.filter
def mixed(value: Fraction | None) -> str:
    """3 又 5/13, a claim as it is read; a dash for None."""
    return "—" if value is None else wording.mixed(value)


@register.simple_tag
def percent(count: int, base: int) -> str:
    """60 %, 33.3 %: count of base, rounded down to a tenth; a dash when there is no base."""
    if base <= 0:
        return "—"
    whole, tenths = divmod(count * SCALE // base, 10)
    return f"{whole}.{tenths} %" if tenths else f"{whole} %"


# --- addresses ---------------------------------------------------------------------------------------------

POSITION = ("page", "after", "before")
"""Parameters that say which page of a list; another filter or order starts at the first page again."""


def _query(context: Context) -> dict[str, list[str]]:
    """What the address says besides its position. The lists are those of the request: nobody changes them."""
    return {name: values for name, values in context["request"].GET.lists() if name not in POSITION}


def _address(query: dict[str, list[str]]) -> str:
    return f"?{urlencode(query, doseq=True)}"


@register.simple_tag(takes_context=True)
def chip_link(context: Context, name: str, value: Any, single: Any = None) -> dict[str, Any]:
    """Where a filter chip leads (`address`: this list with the value put on or taken off) and whether it is on."""
    query, text = _query(context), str(value)
    chosen = query.get(name, [])
    active = text in chosen
    others = [] if single else [other for other in chosen if other != text]
    query[name] = others if active else [*others, text]
    return {"address": _address(query), "active": active}


@register.simple_tag(takes_context=True)
def sort_link(context: Context, key: str) -> dict[str, str]:
    """Where a column's head leads (?sort=key, again: ?sort=-key) and in which direction the column is sorted."""
    query = _query(context)
    current = query.get("sort", [""])[-1]
    query["sort"] = [f"-{key}" if current == key else key]
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "") if key else ""
    return {"address": _address(query), "direction": direction}


@register.simple_tag(takes_context=True)
def query_value(context: Context, name: str) -> str:
    """What the address says for `name`; empty when it says nothing."""
    value: str = context["request"].GET.get(name, "")
    return value


@register.simple_tag(takes_context=True)
def hidden_query(context: Context, leave_out: str) -> SafeString:
    """The filters of the address as hidden inputs, for a search form that must not lose them."""
    pairs = [
        (name, value) for name, values in _query(context).items() if name != leave_out for value in values
    ]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


# --- pictures ----------------------------------------------------------------------------------------------


@register.simple_tag
def bar(count: int, base: int, required: int | None = None, tone: str = "info") -> SafeString:
    """
    A bar from 0 to `base` filled to `count`, with a mark at `required`. The figures must stand beside it.

    A `required` or `count` above `base` widens the scale, so that nothing is drawn outside.
    """
    scale = max(base, count, required or 0, 1)
    mark = (
        format_html('<line class="bar__mark" x1="{0}" x2="{0}" y1="-2" y2="14"/>', required * SCALE // scale)
        if required is not None
        else ""
    )
    return format_html(
        '<svg class="bar bar--{}" viewBox="0 0 {} 12" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="bar__ground" width="{}" height="12"/>'
        '<rect class="bar__fill" width="{}" height="12"/>{}</svg>',
        _tone(tone),
        SCALE,
        SCALE,
        max(count, 0) * SCALE // scale,
        mark,
    )


@register.inclusion_tag("partials/quota/meter.html")
def meter(check: Any) -> dict[str, Any]:
    """One rule of a quota as bar, figures and sentence; see the template for the members of `check`."""
    holds = _part(check, "holds")
    broken = "soon" if _part(check, "advised", False) else "late"
    return {"check": check, "tone": "todo" if holds is None else "done" if holds else broken}


@register.filter
def kept(checks: Sequence[Any]) -> list[Any]:
    """The rules of a quota meter that hold."""
    return [check for check in checks if _part(check, "holds")]


@register.inclusion_tag("partials/quota/bars.html")
def bars(
    rows: Sequence[Any], *, caption: str = "", total: int | None = None, unit: str = ""
) -> dict[str, Any]:
    """A table of bars: a funnel, a distribution, a progress by city. `total` sets the full length."""
    longest = max((_part(row, "count", 0) for row in rows), default=0)
    return {"rows": rows, "caption": caption, "total": total or longest, "unit": unit}


@dataclass(frozen=True)
class RailStep:
    """One step of a timetable strip. `state` is done, today, next or ahead; `tone` is its shape."""

    label: str
    at: date | datetime
    state: str
    tone: str
    note: str = ""


@register.inclusion_tag("partials/timing/timetable.html")
def timetable(moments: Iterable[Any], *, label: str = "") -> dict[str, Any]:
    """The round's timetable as a strip with today on it. `moments`: label, at (date or datetime), note."""
    now, today = clock.now(), clock.today()
    steps: list[RailStep] = []
    shown_today = False
    for item in moments:
        at = _part(item, "at")
        past = at < now if isinstance(at, datetime) else at < today
        state = "done" if past else "ahead"
        if not past and not shown_today:
            shown_today = True
            steps.append(RailStep(_("今天"), today, "today", "current"))
            state = "next"
        tone = "done" if past else "todo"
        steps.append(RailStep(_part(item, "label"), at, state, tone, _part(item, "note", "")))
    if steps and not shown_today:
        steps.append(RailStep(_("今天"), today, "today", "current"))
    return {"steps": steps, "label": label or _("时间安排")}


@dataclass(frozen=True)
class Tile:
    """One region of a tile map: where it is drawn, what it says, how dark it is (0 to 4) or in which tone it stands."""

    name: str
    value: str
    note: str
    url: str
    level: int | str
    word: str
    tone: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        """The middle of the tile, across."""
        return self.x + TILE_WIDTH // 2

    @property
    def name_y(self) -> int:
        """The line on which the name stands."""
        return self.y + (18 if self.word else 23)

    @property
    def value_y(self) -> int:
        """The line on which the figure stands."""
        return self.y + (36 if self.word else 46)

    @property
    def word_y(self) -> int:
        """The line on which the word stands."""
        return self.y + 53

    @property
    def shape_x(self) -> int:
        """Where the shape before the word begins: both together stand in the middle."""
        wide = sum(1 for character in self.word if east_asian_width(character) in "WF")
        narrow = len(self.word) - wide
        return self.middle - (wide * TILE_WORD + narrow * TILE_WORD // 2 + TILE_SHAPE + 2) // 2

    @property
    def shape_y(self) -> int:
        """The top of the shape."""
        return self.word_y - TILE_SHAPE + 2

    @property
    def word_x(self) -> int:
        """Where the word begins."""
        return self.shape_x + TILE_SHAPE + 2


@register.inclusion_tag("partials/quota/tile_map.html")
def tile_map(regions: Sequence[Any], *, caption: str, unit: str = "") -> dict[str, Any]:
    """
    Regions as tiles where they lie, with the table behind. `regions`: code, name, note, url, and either `value`, a
    number (darker for more), or `text` with `word` and `tone` (one of TONES), which is drawn by its shape.

    A code without a place of its own is put below the map, in the order given.
    """
    most = max((_part(region, "value", 0) for region in regions), default=0)
    tiles: list[Tile] = []
    rest = (1 + max((row for _column, row in TILES_JIANGSU.values()), default=-1)) * TILE_COLUMNS
    for region in regions:
        place = TILES_JIANGSU.get(str(_part(region, "code", ""))[:4])
        if place is None:
            row, column = divmod(rest, TILE_COLUMNS)
            rest += 1
        else:
            column, row = place
        value, tone = _part(region, "value", 0), _part(region, "tone", "")
        tiles.append(
            Tile(
                name=_part(region, "name"),
                value=_part(region, "text", "") if tone else figure(value),
                note=_part(region, "note", ""),
                url=_part(region, "url", ""),
                level=_tone(tone) if tone else -(-value * 4 // most) if most > 0 else 0,
                word=str(_part(region, "word", "")),
                tone=tone,
                x=column * (TILE_WIDTH + TILE_GAP),
                y=row * (TILE_HEIGHT + TILE_GAP),
            ),
        )
    height = max((tile.y for tile in tiles), default=0) + TILE_HEIGHT
    width = TILE_COLUMNS * (TILE_WIDTH + TILE_GAP) - TILE_GAP
    return {
        "tiles": tiles,
        "caption": caption,
        "unit": unit,
        "view_box": f"-1 -1 {width + 2} {height + 2}",
        "tile_width": TILE_WIDTH,
        "tile_height": TILE_HEIGHT,
    }
