// form-local.js – while there is no connection this computer keeps what is typed, for the same user and form only.
// Personal entries are not kept here: the computer may be anybody's.
const PREFIX = "taizhang-form:";
const DAYS = 30;

const keyOf = (form) => `${PREFIX}${form.dataset.user}:${location.pathname}`;

function attempt(action) {
  try {
    return action();
  } catch {
    return null; // storage may be full, or forbidden
  }
}

export function store(form) {
  const personal = new Set(form.dataset.personal.split(" "));
  const cells = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "tick" && !personal.has(name));
  attempt(() => localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), cells })));
}

export function forget(form) {
  attempt(() => localStorage.removeItem(keyOf(form)));
}

function purge() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const at = attempt(() => JSON.parse(localStorage.getItem(key)).at) ?? 0;
    if (Date.now() - at > DAYS * 86_400_000) localStorage.removeItem(key);
  }
}

function fill(form, cells) {
  const typed = new Map();
  for (const [name, value] of cells) typed.set(name, [...(typed.get(name) ?? []), value]);
  const personal = new Set(form.dataset.personal.split(" "));
  for (const input of form.elements) {
    if (!input.name || personal.has(input.name) || input.name === "csrfmiddlewaretoken" || input.name === "tick") continue;
    const values = typed.get(input.name) ?? [];
    if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
    else if (values.length && input.type !== "submit") input.value = values[values.length - 1];
  }
}

// Offer what was kept when the form is opened again; `then` is called when it has been put back.
export function offer(form, then) {
  attempt(purge);
  const kept = attempt(() => JSON.parse(localStorage.getItem(keyOf(form))));
  if (!kept) return;
  const note = document.createElement("section");
  note.className = "note draft";
  const text = document.createElement("p");
  text.textContent = form.dataset.found;
  const take = button(form.dataset.take, () => {
    fill(form, kept.cells);
    note.remove();
    then();
  });
  const leave = button(form.dataset.leave, () => {
    forget(form);
    note.remove();
  });
  note.append(text, take, leave);
  form.before(note);
}

function button(label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn small";
  made.textContent = label;
  made.addEventListener("click", action);
  return made;
}
