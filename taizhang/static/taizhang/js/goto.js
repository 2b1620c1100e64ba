// goto.js – going anywhere: the link [data-goto] opens a dialog with one field instead of its page.
// The field is a combobox over the list of what was found: arrows choose, Enter goes there, Esc closes.
// Without it the same field stands on a page of its own, and what was found is links.
const list = (box) => box.querySelector("[data-goto-list]");
const options = (box) => [...(list(box)?.querySelectorAll("a") ?? [])];

function choose(box, option) {
  const input = box.querySelector("[data-goto-field]");
  for (const each of options(box)) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

// what was found becomes a list box: links keep their address, only the field keeps the focus
function dress(box) {
  const input = box.querySelector("[data-goto-field]");
  const all = options(box);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "goto-list");
  input.setAttribute("aria-expanded", String(all.length > 0));
  if (!all.length) { input.removeAttribute("aria-activedescendant"); return; }
  list(box).setAttribute("role", "listbox");
  list(box).querySelectorAll("section").forEach((section, at) => {
    const head = section.querySelector("h3");
    head.id = `goto-group-${at}`;
    head.setAttribute("role", "presentation");
    section.setAttribute("role", "group");
    section.setAttribute("aria-labelledby", head.id);
  });
  for (const part of list(box).querySelectorAll("ul, li")) part.setAttribute("role", "presentation");
  all.forEach((option, at) => {
    option.id = `goto-option-${at}`;
    option.setAttribute("role", "option");
    option.tabIndex = -1;
  });
  choose(box, input.value.trim() ? all[0] : null);
}

function steer(event) {
  const box = event.target.closest?.("[data-goto-box]");
  if (!box || !event.target.matches("[data-goto-field]") || event.isComposing || event.keyCode === 229) return;
  const all = options(box);
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(box, all[here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length]);
    event.preventDefault();
  } else if (event.key === "Enter" && here >= 0 && box.dataset.asked === event.target.value) {
    event.preventDefault();
    all[here].click();
  }
}

async function open(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) { window.location.assign(link.href); return; }
  const dialog = document.createElement("dialog");
  dialog.className = "dialog goto-dialog";
  dialog.dataset.gotoBox = "";
  dialog.setAttribute("aria-labelledby", "goto-title");
  dialog.innerHTML = await answer.text();
  if (document.querySelector("[data-goto-field]")) return; // pressed twice
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  window.htmx?.process(dialog);
  dialog.dataset.asked = "";
  dress(dialog);
  dialog.showModal();
  dialog.querySelector("[data-goto-field]").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-goto]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const field = document.querySelector("[data-goto-field]");
  event.preventDefault();
  if (field) field.focus();
  else open(link);
});

document.addEventListener("keydown", steer);
document.addEventListener("htmx:afterSwap", (event) => {
  const box = event.target.closest?.("[data-goto-box]");
  if (!box) return;
  box.dataset.asked = event.detail.requestConfig?.parameters?.get?.("q") ?? box.querySelector("[data-goto-field]").value;
  dress(box);
});

for (const box of document.querySelectorAll("[data-goto-box]")) {
  box.dataset.asked = box.querySelector("[data-goto-field]").value;
  dress(box);
}
