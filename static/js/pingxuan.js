/* Pingxuan: what makes the pages quicker. Every page works without it.
 *
 * It reads attributes and never knows a page:
 *   data-list, data-row          a list and its rows: j k move, o opens, x ticks, a r n p press what carries data-key,
 *                                or go to the address in the row's data-key-a, data-key-r
 *   data-tick, data-tick-all     boxes of rows; Shift ticks a range; data-ticked shows the number
 *   data-confirm                 the question before a form or button that cannot be undone; data-confirm-act names the act
 *   data-guard                   a form whose unsaved content is worth a warning; ="changed": it is unsaved already
 *   data-limit           a text whose characters are counted without spaces; it may be exceeded, the server says so
 *   data-insert="id"             puts the button's text into the field
 *   data-print                   prints the page
 *   data-open="id", data-close   opens a dialog; closes a message
 *   data-frame-show="url"        a file that is shown in the page's data-frame; data-frame-step, data-frame-close move within it
 *   data-errors                  the summary that gets the focus
 */

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const sentence = (name) => $(`#sentence-${name}`)?.content.textContent ?? "";

document.documentElement.classList.add("js");

/* -- messages ------------------------------------------------------------------------------------------- */

function say(text, level = "error") {
  const place = $("#messages");
  if (!place || !text) return;
  const message = document.createElement("div");
  message.className = `message message--${level}`;
  message.setAttribute("role", "alert");
  const body = document.createElement("div");
  body.className = "message__body";
  body.textContent = text;
  message.append(body);
  place.append(message);
  message.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const closing = event.target.closest("[data-close]");
  if (closing) closing.closest(".message")?.remove();
  if (event.target.closest("[data-print]")) window.print();
  const opening = event.target.closest("[data-open]");
  if (opening) document.getElementById(opening.dataset.open)?.showModal();
  const outside = $$("details.menu[open]").filter((menu) => !menu.contains(event.target));
  outside.forEach((menu) => menu.removeAttribute("open"));
});

/* -- forms: ask, send once, keep what is unsaved ---------------------------------------------------------- */

const changed = new WeakSet();
const confirmed = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) changed.add(form);
});

window.addEventListener("beforeunload", (event) => {
  const unsaved = (form) => changed.has(form) || form.dataset.guard === "changed";
  if ($$("form[data-guard]").some(unsaved)) event.preventDefault();
});

async function agreed(asker, button) {
  const dialog = $("#confirm");
  $("[data-confirm-title]", dialog).textContent = asker.dataset.confirm;
  $("[data-confirm-text]", dialog).textContent = asker.dataset.confirmText ?? "";
  $("[data-confirm-act]", dialog).textContent = asker.dataset.confirmAct ?? button?.textContent.trim() ?? "";
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "yes";
}

async function ask(form, button, asker) {
  if (!(await agreed(asker, button))) return;
  confirmed.add(form);
  form.requestSubmit(button ?? undefined);
}

// A button of htmx sends no form, so it is asked here.
document.addEventListener("htmx:confirm", async (event) => {
  const asker = event.detail.elt;
  if (!asker.dataset.confirm || asker.matches("form")) return;
  event.preventDefault();
  if (await agreed(asker, asker)) event.detail.issueRequest(true);
});

/* A form that was sent and whose answer is another page. */
const LEAVING = "form[data-sent]:not([hx-post], [hx-get])";

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    const button = event.submitter;
    const asker = [button, form].find((element) => element?.dataset.confirm);
    if (asker && !confirmed.has(form) && $("#confirm")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(form, button, asker);
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    changed.delete(form);
    if (form.dataset.guard) form.dataset.guard = "";
    if (form.method === "get") return;
    form.dataset.sent = "1";
    // After the browser has read the pressed button's value into the form.
    setTimeout(() => {
      // Also those that stand elsewhere and name the form.
      [...form.elements].filter((each) => each.type === "submit").forEach((each) => each.setAttribute("aria-disabled", "true"));
      if (button) {
        button.setAttribute("aria-busy", "true");
        button.dataset.label = button.textContent;
        if (!button.children.length) button.textContent = sentence("busy") || button.textContent;
      }
    });
  },
  true,
);

function release(form) {
  confirmed.delete(form);
  delete form.dataset.sent;
  const buttons = [...form.elements].filter((each) => each.type === "submit");
  buttons.forEach((each) => {
    each.removeAttribute("aria-disabled");
    each.removeAttribute("aria-busy");
    if (each.dataset.label && !each.children.length) each.textContent = each.dataset.label;
  });
}

// Coming back by the browser's history finds the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) $$("form[data-sent]").forEach(release);
});

document.addEventListener("click", (event) => {
  const phrase = event.target.closest("[data-insert]");
  if (!phrase) return;
  const field = document.getElementById(phrase.dataset.insert);
  const before = field.value.trimEnd();
  field.value = before + (before && !/[。；！？.;!?]$/.test(before) ? "；" : "") + phrase.textContent.trim();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

/* -- counters -------------------------------------------------------------------------------------------- */

function count(field) {
  let place = field.nextElementSibling;
  if (!place?.classList.contains("field__count")) {
    place = document.createElement("div");
    place.className = "field__count";
    place.setAttribute("aria-hidden", "true");
    field.after(place);
  }
  // Code points, as the server counts them; against data-limit without spaces, as the notices count a text.
  const counted = field.dataset.limit ? field.value.replace(/\s+/gu, "") : field.value;
  const used = [...counted].length;
  const limit = Number(field.dataset.limit ?? field.maxLength);
  place.textContent = `${used} / ${limit}`;
  place.toggleAttribute("data-near", used >= limit * 0.9 && used < limit);
  place.toggleAttribute("data-over", field.dataset.limit ? used > limit : used >= limit);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("textarea[maxlength], textarea[data-limit]")) count(event.target);
});

/* -- lists: ticking and keys ----------------------------------------------------------------------------- */

let lastTick = null;

function tally() {
  $$("form").forEach((form) => {
    const place = $("[data-ticked]", form);
    if (!place) return;
    const boxes = $$("input[data-tick]", form);
    const ticked = boxes.filter((box) => box.checked).length;
    place.textContent = ticked;
    const all = $("input[data-tick-all]", form);
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  });
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches?.("input[data-tick-all]")) {
    $$("input[data-tick]", box.form ?? box.closest("table")).forEach((each) => { each.checked = box.checked; });
  } else if (box.matches?.("input[data-tick]")) {
    if (event.shiftKey && lastTick?.isConnected) {
      const boxes = $$("input[data-tick]", box.closest("table, [data-list]"));
      const [from, to] = [boxes.indexOf(lastTick), boxes.indexOf(box)].sort((a, b) => a - b);
      if (from >= 0) boxes.slice(from, to + 1).forEach((each) => { each.checked = box.checked; });
    }
    lastTick = box;
  } else return;
  tally();
});

const KEYS_OFF = "pingxuan.keys-off";
const rowOf = (element) => element?.closest?.("[data-row]");

function move(step) {
  const rows = $$("[data-list] [data-row]");
  if (!rows.length) return;
  // Coming back to a list, its address names the row that was left.
  const here = rows.indexOf(rowOf(document.activeElement) ?? $("[data-row]:target"));
  const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  ($("a[href], button", next) ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const row = rowOf(document.activeElement);
  const address = row?.getAttribute(`data-key-${key}`);
  if (address) {
    location.assign(address);
    return true;
  }
  const target = (row && $(`[data-key="${key}"]`, row)) ?? $$(`[data-key="${key}"]`).find((each) => !rowOf(each) && !each.closest("[hidden]"));
  if (!target) return false;
  target.focus();
  target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("textarea, select, [contenteditable], dialog")) return;
  // A browser takes Enter on a tick for the first button of the form.
  if (event.key === "Enter" && event.target.matches("input[type=checkbox]")) event.preventDefault();
  if (event.target.matches("input:not([type=checkbox], [type=radio])")) return;
  if (event.key === "?") {
    $("#keys")?.showModal();
    event.preventDefault();
    return;
  }
  if (localStorage.getItem(KEYS_OFF)) return;
  const row = rowOf(document.activeElement);
  const acts = {
    j: () => move(1),
    k: () => move(-1),
    o: () => row && $("a[href]", row)?.click(),
    x: () => row && $("input[data-tick]", row)?.click(),
    a: () => press("a"),
    r: () => press("r"),
    n: () => press("n"),
    p: () => press("p"),
    e: () => $("[data-frame-show]")?.click(),
    "[": () => press("["),
    "]": () => press("]"),
    q: () => press("q"),
  };
  if (!Object.hasOwn(acts, event.key)) return;
  acts[event.key]();
  event.preventDefault();
});

/* -- a file beside the application ----------------------------------------------------------------------- */

function showBeside(link) {
  const frame = $("[data-frame]");
  const links = $$("[data-frame-show]");
  const here = links.indexOf(link);
  $("[data-frame-label]", frame).textContent = link.dataset.label;
  $("[data-frame-name]", frame).textContent = link.dataset.name;
  $("[data-frame-place]", frame).textContent = here + 1;
  $("[data-frame-alone]", frame).href = link.dataset.frameShow;
  $$("[data-frame-step]", frame).forEach((step) => {
    const other = links[here + Number(step.dataset.frameStep)];
    step.hidden = !other;
    if (other) step.href = other.href;
  });
  // A new frame for each file: a sandbox holds for what is loaded after it was set.
  const shown = document.createElement("iframe");
  if ("sandboxed" in link.dataset) shown.setAttribute("sandbox", "");
  shown.title = `${link.dataset.label} ${link.dataset.name}`;
  shown.src = link.dataset.frameShow;
  $("[data-frame-file]", frame).replaceChildren(shown);
  links.forEach((each) => (each === link ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current")));
  frame.hidden = false;
  const split = frame.parentElement;
  if (split.getBoundingClientRect().top > 0) split.scrollIntoView();
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const frame = $("[data-frame]");
  if (!frame) return;
  const links = $$("[data-frame-show]");
  const closing = event.target.closest("[data-frame-close]");
  const step = event.target.closest("[data-frame-step]");
  const link = event.target.closest("[data-frame-show]") ?? (step && links.find((each) => each.href === step.href));
  // Where the browser shows no PDF beside, it is opened as ever.
  if (link && !("sandboxed" in link.dataset) && navigator.pdfViewerEnabled === false) {
    event.preventDefault();
    window.open(link.dataset.frameShow, "evidence", "noopener");
  } else if (link) {
    event.preventDefault();
    showBeside(link);
  } else if (closing) {
    event.preventDefault();
    frame.hidden = true;
    $("[data-frame-file]", frame).replaceChildren();
    ($("[data-frame-show][aria-current]") ?? links[0])?.focus();
  }
});

/* -- htmx: what the server says is shown ----------------------------------------------------------------- */

// What is still being checked when the form is handed in may find the task finished: nobody needs that answer.
["htmx:beforeRequest", "htmx:beforeOnLoad"].forEach((moment) => document.addEventListener(moment, (event) => {
  if ($(LEAVING)) event.preventDefault();
}));

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  const kind = xhr.getResponseHeader("Content-Type") ?? "";
  say(kind.startsWith("text/plain") ? xhr.responseText : sentence("server"));
  const form = elt.closest("form");
  if (form) release(form);
});
document.addEventListener("htmx:sendError", (event) => {
  say(sentence("network"));
  const form = event.detail.elt.closest("form");
  if (form) release(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) release(form);
});
document.addEventListener("htmx:afterSettle", (event) => {
  prepare(event.detail.elt);
  if (event.detail.elt.id === "bench-state") workbench(event.detail.elt);
});

// A press on the workbench draws the rows that it changed; what it means for the others stands in one place.
function workbench(state) {
  const form = state.closest("form");
  const { unsaved, full, focus } = state.dataset;
  if (unsaved) form.dataset.guard = unsaved;
  else delete form.dataset.guard;
  for (const button of $$("button[data-kind]", form)) {
    button.disabled = full.split(" ").includes(button.dataset.kind);
    if (button.disabled) button.setAttribute("aria-describedby", "pool-why");
    else button.removeAttribute("aria-describedby");
  }
  if (focus) document.getElementById(focus)?.focus();
}

/* -- at the start ---------------------------------------------------------------------------------------- */

function prepare(within) {
  $$("textarea[maxlength], textarea[data-limit]", within).forEach(count);
  tally();
}

prepare(document);
$("[data-errors]")?.focus();

const off = $("#keys-off");
if (off) {
  off.checked = Boolean(localStorage.getItem(KEYS_OFF));
  off.addEventListener("change", () => {
    if (off.checked) localStorage.setItem(KEYS_OFF, "1");
    else localStorage.removeItem(KEYS_OFF);
  });
}
