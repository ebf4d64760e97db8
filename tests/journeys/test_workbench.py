"""A press on the workbench draws what it changed: what then stands on the page is what a page drawn anew would show."""

from random import Random

import pytest

from appraisal.records.states import NominationState
from appraisal.slates.views import workbench
from quotas.base import clock
from quotas.rounds.models import Allotment
from tests.builders import IN_TIME, make_share_rule
from tests.workflows.house import House
from workflows import turns

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PRESSES = 40
SHOWN = """() => {
  const rows = (id) => [...document.querySelectorAll(`#${id} > tr`)].map((row) => [
    row.id, row.querySelector("input.rank")?.value, row.querySelector("input[name=entry]")?.value,
    row.querySelector(".lead").innerText, row.querySelector("input[name=helped]")?.value,
    [...row.querySelectorAll("button")].map((button) => [button.id, button.disabled, button.getAttribute("aria-describedby")]),
  ]);
  const text = (id) => document.getElementById(id)?.innerText.replace(/\\s+/g, " ").trim() ?? null;
  const form = document.getElementById("workbench");
  return JSON.stringify({
    pool: rows("pool-rows"), lists: ["regular", "reserve", "separate"].map((kind) => [kind, rows(`rows-${kind}`),
    text(`head-${kind}`), document.getElementById(`rows-${kind}`) ? null : text(`group-${kind}`)]),
    texts: ["meter", "pool-count", "pool-why", "bench-fill", "list-changed", "bench-notes", "pool-pages"].map(text),
    guard: form.dataset.guard ?? null, entries: new FormData(form).getAll("entry"), page: new FormData(form).getAll("page"),
  });
}"""


@pytest.fixture
def house():
    with clock.travel(IN_TIME):
        made = House()
        make_share_rule(made.round_award.rule_version)
        county = Allotment.objects.filter(body=made.bodies["county"])
        county.update(places=7, reserve_places=3)
        for number in range(14):
            made.lying(
                NominationState.POOLED,
                nominee_name=f"单位{number}之家",
                non_public=bool(number % 2),
                score=number * 7 % 5 * 1000 or None,
            )
        turns.reconcile()
        yield made


def settled(page):
    """The answer has come and everything of it stands in its place."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    return page.evaluate(SHOWN)


@pytest.mark.parametrize("seed", range(2))
def test_what_stands_after_a_press_is_what_a_new_page_shows(house, visit, live_server, monkeypatch, seed):
    monkeypatch.setattr(workbench, "PER_PAGE", 5)
    keeper = visit(live_server).sign_in(house.people["county", "keeper"].username)
    page, chance = keeper.page, Random(seed)
    keeper.go(f"/tasks/{house.slate_task('county', 'compile_slate').pk}/")
    parts = 0
    for _press in range(PRESSES):
        buttons = page.locator("#pool-rows button:enabled, tbody[id^=rows-] button:enabled")
        chosen = buttons.nth(chance.randrange(buttons.count()))
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            chosen.click()
        parts += sent.value.headers.get("hx-reswap") == "none"
        shown = settled(page)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name="筛选").click()
        assert shown == settled(page)
    assert parts > PRESSES / 2


def test_the_focus_goes_on_to_the_next_row(house, visit, live_server):
    keeper = visit(live_server).sign_in(house.people["county", "keeper"].username)
    keeper.go(f"/tasks/{house.slate_task('county', 'compile_slate').pk}/")
    page = keeper.page
    ids = page.locator("#pool-rows > tr").evaluate_all("rows => rows.map((row) => row.id.slice(5))")
    page.locator(f"#regular-{ids[0]}").focus()
    for place in range(4):
        page.wait_for_function("id => document.activeElement.id === id", arg=f"regular-{ids[place]}")
        page.keyboard.press("Enter")
    page.wait_for_function("id => document.activeElement.id === id", arg=f"regular-{ids[4]}")
    page.locator(f"#up-{ids[2]}").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "id => document.querySelector('#rows-regular > tr:nth-child(2)').id === id", arg=f"row-{ids[2]}"
    )
    page.wait_for_function("id => document.activeElement.id === id", arg=f"up-{ids[2]}")
