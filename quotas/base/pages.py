"""A page that acts: what happens between the request and the answer, decided once for all pages.

A page is a subclass of `ActPage`. It finds its things in `prepare`, shows them through `context`, and has a method for
each button. Such a method is written as if nothing could go wrong: bind the form, call one service, say what was done.

    class OrganPage(ActPage):
        template_name = "quotas/bodies/organ.html"

        def prepare(self, pk: int) -> None:
            self.organ = get_object_or_404(Organ.objects.edited_by(self.request.user), pk=pk)

        def context(self) -> dict[str, Any]:
            return {"organ": self.organ, "form": self.forms.get("form") or OrganForm(initial=…)}

        def act(self) -> HttpResponse:
            form = self.bind(OrganForm(self.request.POST))
            organs.update(organ_id=self.organ.pk, actor=self.request.user, **form.cleaned_data)
            return self.done(_("已保存。"), "quotas:organs")

No page catches a refusal: it goes through the method to `dispatch`, and from there to `answers.answer` together with
the form that was bound last. There is no table of forms and services, since services take different things and a call
is checked by the type checker, which a table is not.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views import View

from quotas.base import answers
from quotas.base.errors import DomainError

F = TypeVar("F", bound=BaseForm)
Acts = Mapping[str, Callable[[Any], HttpResponse]]
"""The methods of a page by the value of the pressed button (`act`); "" for a button without a value."""

READ = ["get", "head"]
"""The methods of a page without a button."""
PRESS = ["post"]
"""The methods of a button without a page of its own."""


class _NotWhole(Exception):  # noqa: N818 -- the way back from `bind`, never an error of the program
    """A form that was sent has something missing; the form says what."""


class ActPage(LoginRequiredMixin, View):
    """A page for people who have signed in. Whoever has not is asked to, whatever the method.

    GET and HEAD show, POST acts; a method that the page does not have is 405, a button that it does not have 400.
    """

    http_method_names = ["get", "head", "post"]
    template_name: ClassVar[str]
    acts: ClassVar[Acts] = {}

    request: Any
    """A `quotas.tree.requests.SignedIn`, which this floor does not know."""
    form: BaseForm | None = None
    """The form that was bound last: where a refusal goes."""
    forms: dict[str, BaseForm]
    """The forms that were sent, by the name under which the page shows them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sign-in, then the method, then what the address names, then the page or the act."""
        methods: list[str] = self._allowed_methods()  # type: ignore[attr-defined]
        if not request.user.is_authenticated or request.method not in methods:
            return super().dispatch(request, *args, **kwargs)
        self.forms = {}
        try:
            return self.prepare(*args, **kwargs) or super().dispatch(request, *args, **kwargs)
        except _NotWhole:
            return self.draw(status=answers.UNPROCESSABLE)
        except DomainError as error:
            return self.refused(error)

    def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Show; HEAD as well, of which the server leaves the body out."""
        return self.look()

    def post(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Act."""
        return self.act()

    # What a page says of itself

    def prepare(self, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Find what the address names, 404 where the user may not see it. An answer ends the request there."""

    def look(self) -> HttpResponseBase:
        """What GET answers."""
        return self.draw()

    def act(self) -> HttpResponse:
        """What POST does: the pressed button's row of `acts`. A page with one button overrides it."""
        pressed = self.acts.get(self.request.POST.get("act", ""))
        if pressed is None:
            raise BadRequest
        return pressed(self)

    def context(self) -> dict[str, Any]:
        """What the template needs; `forms` has what was sent."""
        return {}

    @property
    def address(self) -> str:
        """Where the page is, and where an act leads unless it says otherwise."""
        return str(self.request.path)

    @property
    def again_url(self) -> str:
        """Where a refusal that no form can help leads back to."""
        return self.address

    # What its methods use

    def bind(self, form: F, name: str = "form") -> F:
        """The form that was sent, shown as `name`, when it is whole; otherwise the page once more, with what was typed.

        What the service refuses afterwards is shown on it.
        """
        self.bind_all(**{name: form})
        return form

    def bind_all(self, **forms: BaseForm) -> None:
        """Several forms that were sent together, by name. A refusal is shown on the last one."""
        for name, form in forms.items():
            self.show_on(form, name)
        if [name for name, form in forms.items() if not form.is_valid()]:
            raise _NotWhole

    def show_on(self, form: BaseForm, name: str = "form") -> None:
        """From here on a refusal is shown on this form."""
        self.form = self.forms[name] = form

    def resent(self, **changed: Any) -> QueryDict:
        """What was sent, with these values instead."""
        data: QueryDict = self.request.POST.copy()
        for name, value in changed.items():
            data[name] = value
        return data

    def pressed(self, form: F) -> F:
        """The form of a button, in which nobody types: BadRequest unless it is whole. A refusal goes to a page."""
        if not form.is_valid():
            raise BadRequest
        return form

    def done(self, text: str, to: str = "", *args: Any) -> HttpResponse:
        """Say what was done, and go to `to` (an address, or the name of one with its arguments)."""
        messages.success(self.request, text)
        return redirect(to or self.address, *args)

    def draw(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page; `more` is put over its context."""
        return render(self.request, self.template_name, {**self.context(), **more}, status=status)

    def refused(self, error: DomainError) -> HttpResponse:
        """The answer to a refusal."""
        return answers.answer(self, self.form, error)
