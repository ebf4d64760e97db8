"""The gallery's own addresses: the pages of the tests, under the shells that the system uses."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from tests.look import samples

HERE = samples.__file__.rpartition("/")[0]


def _show(request: HttpRequest, name: str, context: dict) -> HttpResponse:
    with open(f"{HERE}/{name}", encoding="utf-8") as source:  # noqa: PTH123  # no Path arithmetic for one file
        template = engines["django"].from_string(source.read())
    return HttpResponse(template.render(context, request))


def gallery(request: HttpRequest) -> HttpResponse:
    page = Paginator(range(312), 12).get_page(request.GET.get("page", 4))
    messages.success(request, "已通过“常熟市第1纺织厂工会”，进入苏州市联审。")
    context = {"page_obj": page, "pages": list(page.paginator.get_elided_page_range(page.number))}
    return _show(request, "gallery.html", samples.shell() | samples.parts() | context)


def notice(request: HttpRequest) -> HttpResponse:
    return _show(request, "notice.html", samples.parts())


def template_only(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(engines["django"].get_template(name).render({"form": samples.SampleForm()}, request))


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("好")


accounts = ([path("login", nothing, name="login"), path("logout", nothing, name="logout")], "quotas")

papers = ([path("notices", nothing, name="notices"), path("honours", nothing, name="honours")], "appraisal")

urlpatterns = [
    path("", nothing),
    path("gallery/", gallery),
    path("notice/", notice),
    path("template/<path:name>", template_only),
    path("accounts/", include(accounts)),
    path("papers/", include(papers)),
    path("i18n/", include("django.conf.urls.i18n")),
]
