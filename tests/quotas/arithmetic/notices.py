"""A provincial notice for individuals, with its eight overlapping bounds, and a pool of 40 kinds of people for it."""

from itertools import count, product

from quotas.arithmetic.completion import CompletionProblem, Limit, Stock
from quotas.arithmetic.shares import Bound

# Code → sense, per cent, base (None: everybody).
NOTICE = {
    "产业工人": ("min", 35, None),
    "一线": ("min", 20, None),
    "科教": ("min", 20, None),
    "农民工": ("min", 10, None),
    "企业负责人": ("max", 13, None),
    "县处级": ("max", 20, "机关事业"),
    "非公": ("min", 35, None),
    "女": ("min", 20, None),
}

_IN_ENTERPRISES = [
    {"产业工人"},
    {"产业工人", "一线"},
    {"产业工人", "农民工"},
    {"产业工人", "一线", "农民工"},
    {"科教"},
    {"企业负责人"},
    {"企业负责人", "科教"},
    {"其他"},
]
_IN_OFFICES = [
    {"机关事业"},
    {"机关事业", "县处级"},
    {"机关事业", "科教"},
    {"机关事业", "科教", "县处级"},
]
KINDS = [
    *(
        frozenset(post | owned | sex)
        for post, owned, sex in product(_IN_ENTERPRISES, (set(), {"非公"}), (set(), {"女"}))
    ),
    *(frozenset(post | sex) for post, sex in product(_IN_OFFICES, (set(), {"女"}))),
]


def notice(places=100, *, at_least=None, stock=None, **per_cent):
    """The notice as a problem; `per_cent` changes figures of it, `stock` is by default 1 to 6 people of each kind."""
    number = count()
    return CompletionProblem(
        limits=tuple(
            Limit(
                code,
                Bound(code, sense, "share", per_cent.get(code, figure), 100),
                base=tuple(base is None or base in kind for kind in KINDS),
                counted=tuple(code in kind for kind in KINDS),
            )
            for code, (sense, figure, base) in NOTICE.items()
        ),
        stock=stock or tuple(Stock(0, 1 + next(number) * 5 % 6) for _ in KINDS),
        places=places,
        at_least=places if at_least is None else at_least,
    )
