// list.js – ticking rows of a register: the whole page at once, all matching rows, and a count in words.
// Without it the boxes work one by one and the bulk bar counts by CSS.
const rowBoxes = (register) => [...register.querySelectorAll("tbody .pick input[type=checkbox]")];

function refresh(register) {
  const boxes = rowBoxes(register);
  const picked = boxes.filter((box) => box.checked).length;
  const page = register.querySelector("thead .pick input[type=checkbox]");
  const every = register.querySelector(".bulk [data-every]");
  const words = register.querySelector(".bulk .picked");

  register.classList.add("scripted");
  register.classList.toggle("some", picked > 0);
  for (const box of boxes) box.closest("tr").classList.toggle("on", box.checked);
  if (page) {
    page.checked = boxes.length > 0 && picked === boxes.length;
    page.indeterminate = picked > 0 && picked < boxes.length;
  }
  if (every && picked < boxes.length) every.checked = false; // a row left out: no longer all of them
  if (words) {
    const count = (words.dataset.before ?? "") + picked + (words.dataset.after ?? "");
    const text = every?.checked ? words.dataset.all ?? count : count;
    if (words.textContent !== text) words.textContent = text;
  }
}

// a second tick with Shift held takes everything in between along
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches(".register tbody .pick input")) return;
  const boxes = rowBoxes(box.closest(".register"));
  if (event.shiftKey && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
  const register = box.closest(".register");
  if (!register) return;
  if (box.matches("thead .pick input") || (box.matches("[data-every]") && box.checked)) {
    for (const row of rowBoxes(register)) row.checked = box.checked;
  }
  refresh(register);
});

// ticks survive a reload and "back"; htmx brings new rows
function refreshAll() {
  for (const register of document.querySelectorAll(".register")) refresh(register);
}
window.addEventListener("pageshow", refreshAll);
document.addEventListener("htmx:afterSettle", refreshAll);

// an export is of the list as it now stands, also after htmx has changed it
document.addEventListener("htmx:pushedIntoHistory", () => {
  const asked = new URLSearchParams(window.location.search);
  asked.delete("page");
  for (const link of document.querySelectorAll("a[data-same-query]")) link.search = asked.toString();
});
