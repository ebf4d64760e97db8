"""The request of a person who has signed in, for views behind `login_required`."""

from django.http import HttpRequest

from quotas.tree.models import User


class SignedIn(HttpRequest):
    """A request whose `user` is an account. A type only: Django never makes one."""

    user: User
