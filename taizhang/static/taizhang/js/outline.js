// outline.js – the paper of an outline: press a paragraph to edit it, see what others have saved.
// Without it every block has its link “Edit” to a page with the same form.
const EVERY = 4000; // milliseconds between two looks at what others did
const paper = () => document.getElementById("paper");
const seen = { version: paper().dataset.version, said: paper().dataset.said };

// a refusal, a conflict: shown in place
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("click", (event) => {
  const close = event.target.closest?.("[data-close]");
  if (close) {
    event.preventDefault();
    close.closest("form").remove();
    return;
  }
  const block = event.target.closest?.("[data-block]");
  if (!block || event.target.closest("a, button, summary, form, details")) return;
  if (String(window.getSelection())) return; // somebody marks words to copy them
  block.querySelector("[data-edit]").click();
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form.ed-form");
  if (!form || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape" && !event.defaultPrevented) {
    const text = form.querySelector("[data-text]");
    if (text.value === text.defaultValue) form.querySelector("[data-cancel], [data-close]").click();
  }
});

// the focus goes where the work goes on: into the text, and back to the block
let last = "";
document.addEventListener("htmx:afterSettle", (event) => {
  const { target, requestConfig } = event.detail;
  if (target.id === "ed-said" || target.matches?.("[data-before]")) return;
  document.getElementById("ed-said").replaceChildren();
  last = /\/blocks\/(b\d+)\//.exec(requestConfig?.path ?? "")?.[1] ?? last;
  if (!last) return;
  const open = document.querySelector(`#f-${last}, #a-${last}, #c-${last}`);
  if (open) open.querySelector("[data-text]").focus();
  else if (document.activeElement === document.body) document.querySelector(`#${last} [data-edit]`)?.focus();
});

document.addEventListener("htmx:afterSwap", () => {
  // the paper as a whole was just fetched: nothing older is to be looked for
  if (Number(paper().dataset.version) > Number(seen.version)) seen.version = paper().dataset.version;
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.pathInfo.requestPath.includes("/comment/say/")) document.querySelector("form[id^=c-]")?.remove();
});

// what is typed and not saved is not lost by a wrong press
window.addEventListener("beforeunload", (event) => {
  const typed = [...document.querySelectorAll("form.ed-form [data-text]")];
  if (typed.some((text) => text.value !== text.defaultValue)) event.preventDefault();
});

function took(fresh) {
  for (const block of fresh.querySelectorAll("[data-block]")) {
    const here = document.getElementById(block.id);
    const form = document.getElementById(`f-${block.id}`);
    if (here && here.dataset.version !== block.dataset.version) {
      block.dataset.fresh = "";
      here.replaceWith(block);
      window.htmx?.process(block);
    } else if (form && Number(form.dataset.version) < Number(block.dataset.version)) {
      const notice = form.querySelector("[data-notice]");
      notice.textContent = notice.dataset.notice.replace("{who}", block.querySelector(".ed-who")?.firstChild.textContent.trim() ?? "");
    }
  }
  for (const id of ["ed-bar", "ed-comments"]) {
    const part = fresh.querySelector(`#${id}`);
    if (!part || document.getElementById(id).contains(document.activeElement)) continue;
    document.getElementById(id).replaceWith(part);
    window.htmx?.process(part);
  }
}

// others added or moved parts: shown at once while nobody writes here, else when asked for
function shape(answer) {
  const link = document.createElement("a");
  link.href = paper().dataset.whole;
  link.textContent = answer.dataset.show;
  if (!document.querySelector("form.ed-form, .ed-tools [open]")) {
    window.location.reload();
    return;
  }
  const told = document.createElement("p");
  told.className = "note look";
  told.append(answer.dataset.shape, " ", link);
  document.getElementById("ed-shape").replaceChildren(told);
}

async function look() {
  if (document.hidden) return;
  const address = `${paper().dataset.changes}&since=${seen.version}&said=${seen.said}`;
  try {
    const answer = await fetch(address, { credentials: "same-origin", headers: { "HX-Request": "true" } });
    if (answer.status !== 200 || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.body.firstElementChild;
    seen.version = found.dataset.version;
    seen.said = found.dataset.said;
    const ahead = Number(found.dataset.version) > Number(paper().dataset.version);
    took(found);
    if (found.dataset.shape && ahead) shape(found);
  } catch {
    // no connection: the next look may find one
  }
}

setInterval(look, EVERY);
