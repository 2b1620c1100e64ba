// keys.js – Ctrl-K goes anywhere; a [data-print] button prints; shortcuts of a single key.
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const field = document.querySelector("[data-goto-field]"); // the page we would go to is already here
  const link = document.querySelector("a[data-goto]");
  if (!field && !link) return;
  event.preventDefault();
  if (field) field.focus();
  else link.click();
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
});

// Shortcuts of a single key, which the settings can switch off: an element names its own in aria-keyshortcuts;
// in a list j and k walk from record to record, x picks, b goes to what can be done with the picked. They do
// nothing while somebody types, in a dialog or in an open menu. Where Chinese is typed, the full-width signs count too.
const SAME = { "？": "?", "／": "/", "、": "/" };
const typing = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
const lineOf = (node) => node?.closest?.(".register tbody tr") ?? null;
let anchor = null; // the row picked last, from which Shift X reaches on
let current = null; // the row walked to last, should the focus have left it

function lines() {
  return [...document.querySelectorAll(".register tbody tr")].filter((line) => line.querySelector(".lead a"));
}

function walk(step) {
  const all = lines();
  if (!all.length) return false;
  const here = all.indexOf(lineOf(document.activeElement) ?? current);
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, here + step))];
  current = next;
  next.querySelector(".lead a").focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function tick(line, on) {
  const box = line.querySelector(".pick input");
  if (!box || box.checked === on) return;
  box.checked = on;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function pick(reach) {
  const all = lines();
  const line = lineOf(document.activeElement) ?? current;
  const box = line?.querySelector(".pick input");
  if (!box || !all.includes(line)) return false;
  if (reach && all.includes(anchor)) {
    const [from, to] = [all.indexOf(anchor), all.indexOf(line)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) tick(each, true);
  } else {
    tick(line, !box.checked);
    if (!box.checked) { anchor = null; return true; }
  }
  anchor = line;
  return true;
}

function toBulk() {
  const first = document.querySelector(".bulk input[type=checkbox], .bulk button, .bulk summary");
  if (!first || !first.offsetParent) return false;
  first.focus();
  return true;
}

function press(key) {
  const target = document.querySelector(`[aria-keyshortcuts~="${key}"]`);
  if (!target || !(target.offsetParent || target.getClientRects().length)) return false;
  if (target.matches("input")) { target.focus(); target.select(); }
  else { target.focus(); target.click(); }
  return true;
}

async function help() {
  let dialog = document.getElementById("keys-dialog");
  if (!dialog) {
    const answer = await fetch("/help/keys/", { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) { window.location.assign("/help/keys/"); return; }
    dialog = document.getElementById("keys-dialog") ?? document.createElement("dialog");
    if (!dialog.id) {
      dialog.id = "keys-dialog";
      dialog.className = "dialog keys-dialog";
      dialog.innerHTML = await answer.text();
      dialog.setAttribute("aria-labelledby", "keys-title");
      document.body.append(dialog);
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    }
  }
  if (!dialog.open) dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target instanceof Element ? event.target : document.body;
  if (at.closest(typing) || at.closest("dialog[open], details.drop[open] .menu, [popover]")) return;
  const key = SAME[event.key] ?? event.key;
  let done = false;
  if (key === "j" || key === "k") done = walk(key === "j" ? 1 : -1);
  else if (key === "x") done = pick(false);
  else if (key === "X") done = pick(true);
  else if (key === "b") done = toBulk();
  else if (key === "?") { help(); done = true; }
  else if (key === "/" || /^[a-z]$/.test(key)) done = press(key);
  if (done) event.preventDefault();
});

document.addEventListener("htmx:afterSettle", () => { anchor = null; current = null; });

// switched off, they are not announced either
if (document.body.dataset.keys === "off") {
  const silence = () => {
    for (const each of document.querySelectorAll("[aria-keyshortcuts]")) each.removeAttribute("aria-keyshortcuts");
  };
  silence();
  document.addEventListener("htmx:afterSettle", silence);
}
