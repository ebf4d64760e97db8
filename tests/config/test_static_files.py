from django.contrib.staticfiles import finders


def test_our_own_files_and_htmx_are_found():
    assert finders.find("css/pingxuan.css")
    assert finders.find("django_htmx/htmx-2.min.js")


def test_the_interface_of_the_engine_is_not_handed_out():
    found = [
        path for finder in finders.get_finders() for path, _storage in finder.list([]) if "viewflow" in path
    ]
    assert not found
