"""Every page begins with its document type: whatever stands before it is sent with each answer."""

import pytest

from quotas.base.states import Role
from tests.builders import make_body, make_official

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/login/", "/notices/", "/nowhere/"])
def test_pages_for_everybody(client, address):
    assert client.get(address).content.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("address", ["/", "/inbox/", "/notices/", "/nowhere/"])
def test_pages_of_who_has_signed_in(client, address):
    client.force_login(make_official(make_body(), Role.KEEPER))
    assert client.get(address).content.startswith(b"<!DOCTYPE html>")
