// outline-figures.js – “{” in a text of an outline opens a search for figures, lists and variables.
// The field is a combobox over what was found: arrows choose, Enter puts in, Esc closes.
// Without it the same is found on a page of its own, and the braces are typed.
const WAIT = 60; // milliseconds of silence before asking
const state = { text: null, from: 0, to: 0, timer: 0, request: null, asked: null };

const box = (node) => node.closest("form")?.querySelector("[data-search]");
const options = (panel) => [...panel.querySelectorAll("[role=option]")];
const chosen = (panel) => panel.querySelector("[role=option][aria-selected=true]");

function choose(panel, option) {
  const input = panel.querySelector("[data-q]");
  for (const each of options(panel)) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

async function ask(panel, counted) {
  const style = panel.querySelector("[data-style]").value.trim();
  const q = panel.querySelector("[data-q]").value.trim();
  const wanted = `&q=${encodeURIComponent(q)}&style=${encodeURIComponent(style)}${counted ? "&counted=1" : ""}`;
  state.request?.abort();
  state.request = new AbortController();
  try {
    const answer = await fetch(state.text.dataset.figures + wanted, {
      headers: { "HX-Request": "true" },
      credentials: "same-origin",
      signal: state.request.signal,
    });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = counted ? chosen(panel)?.id : null;
    panel.querySelector("[data-found]").replaceChildren(...page.body.childNodes);
    const all = options(panel);
    panel.querySelector("[data-q]").setAttribute("aria-expanded", String(all.length > 0));
    choose(panel, all.find((one) => one.id === before) ?? all[0]);
    state.asked = q;
    if (panel.querySelector("[data-more]")) ask(panel, true);
  } catch (error) {
    if (error.name !== "AbortError") panel.querySelector("[data-found]").replaceChildren();
  }
}

function open(text, from, to) {
  const panel = box(text);
  if (!panel) return;
  Object.assign(state, { text, from, to, asked: null });
  panel.querySelector("[data-q]").value = "";
  panel.querySelector("[data-style]").value = "";
  panel.hidden = false;
  panel.querySelector("[data-q]").focus();
  ask(panel, false);
}

function close(panel) {
  clearTimeout(state.timer);
  state.request?.abort();
  panel.hidden = true;
  panel.querySelector("[data-found]").replaceChildren();
  state.text.focus();
  state.text.setSelectionRange(state.to, state.to);
}

function put(panel, option) {
  const insert = option.dataset.insert;
  panel.hidden = true;
  state.text.focus();
  state.text.setRangeText(insert, state.from, state.to, "end");
  state.text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches?.("[data-text]") && !event.isComposing && ["{", "｛"].includes(event.data)) {
    open(field, field.selectionStart - 1, field.selectionStart);
  } else if (field.matches?.("[data-q], [data-style]")) {
    clearTimeout(state.timer);
    const panel = field.closest("[data-search]");
    state.timer = setTimeout(() => ask(panel, false), WAIT);
  }
});

document.addEventListener("keydown", (event) => {
  const panel = event.target.closest?.("[data-search]");
  if (!panel || event.isComposing || event.keyCode === 229) return;
  const all = options(panel);
  const here = all.indexOf(chosen(panel));
  if (event.key === "Escape") {
    event.preventDefault();
    close(panel);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length && event.target.matches("[data-q]")) {
    event.preventDefault();
    choose(panel, all[(here + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  } else if (event.key === "Enter" && !event.ctrlKey) {
    event.preventDefault(); // never sends the form
    if (here >= 0 && state.asked === panel.querySelector("[data-q]").value.trim()) put(panel, all[here]);
  }
});

document.addEventListener("click", (event) => {
  const option = event.target.closest?.("[data-found] [role=option]");
  const button = event.target.closest?.("button[data-insert]");
  if (option) put(option.closest("[data-search]"), option);
  else if (button) {
    const text = button.closest("form").querySelector("[data-text]");
    open(text, text.selectionStart, text.selectionEnd);
  }
});

// the button is of use with this script only
const show = () => document.querySelectorAll("button[data-insert]").forEach((button) => { button.hidden = false; });
document.addEventListener("htmx:afterSwap", show);
show();
