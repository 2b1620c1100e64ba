// columns.js – columns are put in order where they stand: by the arrows, or by dragging a row.
// Without it each arrow sends the form, and the server keeps the new order.
const list = document.querySelector("ol[data-sortable]");
const said = document.getElementById("moved");

function say(item) {
  const place = [...list.children].indexOf(item) + 1;
  if (said) said.textContent = `${item.querySelector("label").textContent.trim()}: ${list.dataset.said} ${place}`;
}

function move(item, before) {
  list.insertBefore(item, before);
  say(item);
}

if (list) {
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[name=do]") : null;
    if (!button) return;
    const item = button.closest("li");
    const up = button.value.startsWith("up:");
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    event.preventDefault();
    if (!other) return;
    move(item, up ? other : other.nextElementSibling);
    button.focus();
  });

  list.addEventListener("change", (event) => {
    const item = event.target.closest("li");
    item.classList.toggle("on", event.target.checked);
    if (!event.target.checked) return;
    const shown = [...list.querySelectorAll("li.on")].filter((each) => each !== item);
    move(item, shown.length ? shown[shown.length - 1].nextElementSibling : list.firstElementChild);
    event.target.focus();
  });

  let carried = null;
  for (const item of list.children) item.draggable = true;
  list.addEventListener("dragstart", (event) => {
    carried = event.target.closest("li");
    carried.classList.add("carried");
    event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("li");
    if (!carried) return;
    event.preventDefault();
    if (!over || over === carried) return;
    const box = over.getBoundingClientRect();
    list.insertBefore(carried, event.clientY < box.top + box.height / 2 ? over : over.nextElementSibling);
  });
  list.addEventListener("dragend", () => {
    if (carried) { carried.classList.remove("carried"); say(carried); }
    carried = null;
  });
  list.addEventListener("drop", (event) => event.preventDefault());
}
