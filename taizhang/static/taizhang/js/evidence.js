// evidence.js – files dropped, pasted, photographed or chosen are listed, each with its own kind, and sent one by one.
// Without it the form sends all chosen files at once, as one kind.
const form = () => document.querySelector("form[data-evidence]");
const rows = () => [...document.querySelectorAll("form[data-evidence] .uploads > li")];
const files = new WeakMap(); // a listed row → its file, until that is attached
let sending = false;

// the kind is asked for in each row: the browser's own check of the form's only one would be in the way
function takeOver() {
  if (form()) form().noValidate = true;
}
takeOver();

const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`);

function say(row, state, ...words) {
  row.className = state;
  row.querySelector("[data-say]").replaceChildren(...words);
}

function add(given) {
  const where = form();
  if (!where || !given.length) return;
  const list = where.querySelector(".uploads");
  const kinds = where.querySelector("select[name=kind]");
  where.closest("details").open = true;
  list.hidden = false;
  for (const row of rows()) if (row.className === "done") row.remove(); // those of the last time
  for (const file of given) {
    const row = document.querySelector("template[data-upload]").content.firstElementChild.cloneNode(true);
    const kind = row.querySelector("select");
    kind.append(...[...kinds.options].map((option) => option.cloneNode(true)));
    kind.value = kinds.value;
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-size]").textContent = size(file.size);
    list.append(row);
    if (file.size > Number(where.dataset.limitMb) * 1048576) say(row, "failed", where.dataset.tooLarge);
    else files.set(row, file);
  }
  list.scrollIntoView({ block: "nearest" });
}

function link(where, url) {
  const found = document.createElement("a");
  found.href = url;
  found.textContent = where.dataset.open;
  return found;
}

// one file; true when it is attached
function send(where, row) {
  const body = new FormData();
  const progress = row.querySelector("progress");
  body.append("csrfmiddlewaretoken", where.querySelector("[name=csrfmiddlewaretoken]").value);
  body.append("kind", row.querySelector("select").value);
  body.append("taken_on", where.querySelector("[name=taken_on]").value);
  body.append("file", files.get(row), row.querySelector("[data-name]").textContent);
  progress.hidden = false;
  progress.value = 0;
  say(row, "going");
  return new Promise((finished) => {
    const request = new XMLHttpRequest();
    request.open("POST", where.dataset.evidence);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      const answer = request.response;
      const done = request.status === 201 && Boolean(answer);
      progress.hidden = true;
      if (done) {
        files.delete(row);
        const told = answer.notices.flatMap((one) => [" ", one.text, ...(one.url ? [" ", link(where, one.url)] : [])]);
        say(row, "done", where.dataset.done, ...told);
      } else {
        say(row, "failed", answer?.detail || where.dataset.failed);
      }
      finished(done);
    });
    request.send(body);
  });
}

// the gallery as it now is, with the rows that tell what became of each file
async function refresh() {
  const where = form();
  const kept = rows();
  const answer = await fetch(`${where.getAttribute("action")}gallery/`, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  document.querySelector("#evidence").replaceWith(fresh.content.firstElementChild);
  takeOver();
  const list = form()?.querySelector(".uploads");
  if (!list) return;
  list.append(...kept);
  list.hidden = !kept.length;
  list.closest("details").open = true;
  form().querySelector("#proof-file").focus({ preventScroll: true });
}

async function sendAll(where) {
  const waiting = rows().filter((row) => files.has(row));
  const chosen = where.querySelector("select[name=kind]");
  for (const row of waiting) {
    const kind = row.querySelector("select");
    kind.value ||= chosen.value;
    if (!kind.value) say(row, "failed", where.dataset.noKind);
  }
  const unsaid = waiting.find((row) => !row.querySelector("select").value);
  if (unsaid) {
    unsaid.querySelector("select").focus();
    return;
  }
  sending = true;
  const button = where.querySelector("button[type=submit]");
  button.disabled = true;
  let attached = 0;
  for (const row of waiting) attached += Number(await send(where, row));
  sending = false;
  button.disabled = false;
  if (attached) await refresh().catch(() => {});
}

// the kind chosen below is that of every row which has none of its own
document.addEventListener("change", (event) => {
  const chosen = event.target;
  if (!(chosen instanceof HTMLSelectElement) || !chosen.matches("form[data-evidence] select[name=kind]")) return;
  for (const row of rows()) row.querySelector("select").value ||= chosen.value;
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.closest("form[data-evidence]")) return;
  add([...input.files]);
  input.value = "";
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-leave-out]") : null;
  if (!button || sending) return;
  const list = button.closest(".uploads");
  button.closest("li").remove();
  list.hidden = !list.children.length;
  document.querySelector("#proof-file").focus({ preventScroll: true });
});

document.addEventListener("submit", (event) => {
  const where = event.target;
  if (!(where instanceof HTMLFormElement) || !where.matches("[data-evidence]")) return;
  event.preventDefault();
  if (sending) return;
  if (rows().some((row) => files.has(row))) sendAll(where);
  else where.querySelector("#proof-file").click();
}, true);

// anywhere on the page: a file dropped beside the form must not replace the page
const carriesFiles = (event) => Boolean(form()) && [...(event.dataTransfer?.types ?? [])].includes("Files");
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.querySelector("#evidence").classList.add("dragged");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelector("#evidence")?.classList.remove("dragged");
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.querySelector("#evidence").classList.remove("dragged");
  add([...event.dataTransfer.files]);
});

document.addEventListener("paste", (event) => {
  const held = event.clipboardData;
  const where = form();
  // cells copied from a table come with a picture of themselves, but are meant as text
  if (!where || !held?.files.length || [...held.types].includes("text/plain")) return;
  event.preventDefault();
  const now = new Date().toLocaleString("sv").replace(/\D/g, "");
  add([...held.files].map((file, number) => {
    const plain = /^image\.\w+$/.test(file.name);
    const ending = file.name.split(".").pop();
    return plain ? new File([file], `${where.dataset.pasted}-${now}-${number + 1}.${ending}`, { type: file.type }) : file;
  }));
});
