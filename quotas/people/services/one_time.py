"""One-time passwords by the hundred: made by chance, in one part or in two for two people, hashed quickly.

The password of an account without a post comes in two halves. The person who opens the account has the first, the
person who grants the first post the second; until both exist, nothing opens the account. Each half is hashed by
itself, so that a lost one is made anew without the other. A reset by two is put together once, from the halves of
whoever asked and whoever confirms.
"""

import base64
import hashlib
import hmac
import secrets
from hmac import compare_digest
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.utils.translation import gettext_noop as _

from quotas.base import text

# Read out over the telephone and copied from paper: nothing that looks like something else (0 o, 1 l i).
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUP = 4
_WHOLE, _HALF = 4, 3
"""Groups of letters: 16 letters of 31 are 79 bits; 12 are 59, which is what is left to guess for who has one half."""
_ABSENT = "-"


class OneTime(NamedTuple):
    """A one-time password, or a half of one, with the hash of all there is. The text is known here and nowhere else."""

    text: str
    encoded: str

    def __repr__(self) -> str:
        return "OneTime()"


class OneTimePasswordHasher(BasePasswordHasher):
    """
    Keeps passwords that chance has made, never one that a person has chosen.

    Stretching makes guesses expensive where people choose words. Here an attacker who has stolen the table faces 2^79
    guesses, or 2^59 for a half that he lacks, each of a thousand rounds; no list of words helps him, and the password
    is replaced at the first sign-in. A thousand rounds take a third of a millisecond, so that 4,000 accounts are
    opened in two seconds and not in twenty minutes.

    "onetime$salt$hash", and "$salt$hash" once more for a second half; "$-$-" stands for one that nobody has made yet.
    `must_update`: whoever signs in with it has it stored by the first hasher of the settings from then on.
    """

    algorithm = "onetime"
    iterations = 1_000

    def encode(self, password: str, salt: str) -> str:
        """The password as a whole."""
        return f"{self.algorithm}${self.part(_plain(password), salt)}"

    def part(self, plain: str, salt: str) -> str:
        """The salt and hash of a part."""
        digest = hashlib.pbkdf2_hmac("sha256", plain.encode(), salt.encode(), self.iterations)
        return f"{salt}${base64.b64encode(digest[:24]).decode()}"

    def verify(self, password: str, encoded: str) -> bool:
        """Whether these are all parts, in either order: two slips of paper do not say which comes first."""
        parts = self.decode(encoded)["parts"]
        plain = _plain(password)
        right = False
        if plain and all(salt != _ABSENT for salt, _hash in parts):
            size = len(plain) // len(parts)
            pieces = [plain[start : start + size] for start in range(0, size * len(parts), size)]
            for order in (pieces, pieces[::-1]):
                found = [self.part(piece, salt) for piece, (salt, _hash) in zip(order, parts, strict=True)]
                wanted = [f"{salt}${known}" for salt, known in parts]
                whole = "".join(pieces) == plain
                right |= compare_digest("|".join(found), "|".join(wanted)) and whole
        if not right:
            # As long as a wrong password of any other account takes: the time tells nobody who never signed in.
            hasher = get_hasher("default")
            hasher.encode(password, hasher.salt())
        return right

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts as (salt, hash)."""
        algorithm, *rest = encoded.split("$")
        return {
            "algorithm": algorithm,
            "parts": [(rest[place], rest[place + 1]) for place in range(0, len(rest), 2)],
        }

    def must_update(self, encoded: str) -> bool:  # noqa: ARG002 -- Django's signature
        """Always: see the class."""
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: `verify` takes its time itself."""

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """How many parts there are."""
        return {_("algorithm"): self.algorithm, _("parts"): len(self.decode(encoded)["parts"])}


def whole() -> OneTime:
    """As "k7mw-3xqp-9dtr-hv2c"."""
    shown = _by_chance(_WHOLE)
    return OneTime(shown, f"{OneTimePasswordHasher.algorithm}${_part(shown)}")


def first_half(encoded: str = "") -> OneTime:
    """
    The half for the person who opens the account, such as "k7mw-3xqp-9dtr"; it opens nothing without the other.

    In place of the first half of `encoded`, where this is one of halves: the second one of it stays good.
    """
    shown = _by_chance(_HALF)
    second = encoded.split("$", 3)[3] if is_halved(encoded) else f"{_ABSENT}${_ABSENT}"
    return OneTime(shown, f"{OneTimePasswordHasher.algorithm}${_part(shown)}${second}")


def second_half(encoded: str) -> OneTime:
    """The half for the person who grants the post, added to `encoded` or replacing its second half."""
    shown = _by_chance(_HALF)
    first = "$".join(encoded.split("$")[:3])
    return OneTime(shown, f"{first}${_part(shown)}")


def derived_half(message: str) -> str:
    """A half that the secret key makes of the message: the same whenever it is worked out, and stored nowhere."""
    seed = hmac.digest(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256)
    return _spelled(int.from_bytes(seed), _HALF)


def completed(first: str) -> tuple[str, OneTime]:
    """A second half for this first one, and the password of both as a whole, of which no half is made anew."""
    second = _by_chance(_HALF)
    shown = f"{first}-{second}"
    return second, OneTime(shown, f"{OneTimePasswordHasher.algorithm}${_part(shown)}")


def is_halved(encoded: str) -> bool:
    """Whether the password is a one-time password in halves, both there or not."""
    return encoded.startswith(f"{OneTimePasswordHasher.algorithm}$") and encoded.count("$") == 4


def _part(shown: str) -> str:
    return OneTimePasswordHasher().part(_plain(shown), secrets.token_urlsafe(9))


def _by_chance(groups: int) -> str:
    return _spelled(secrets.randbits(256), groups)


def _spelled(number: int, groups: int) -> str:
    """The number, of 256 bits, in letters: 31 to the power of 16 is 2^79, so that none is likelier than another."""
    letters = []
    for _each in range(groups * _GROUP):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "-".join("".join(letters[start : start + _GROUP]) for start in range(0, len(letters), _GROUP))


def _plain(password: str) -> str:
    """The letters alone: typed from paper in any case, with or without the strokes between the groups."""
    return text.key(text.compact(password)) if len(password) <= 100 else ""
