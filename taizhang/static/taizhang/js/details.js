// details.js – drops (details.drop) close one another; Esc and a click elsewhere close them too.
const openDrops = () => document.querySelectorAll("details.drop[open]");

function closeAllBut(kept) {
  for (const drop of openDrops()) {
    if (!kept || !drop.contains(kept)) drop.open = false;
  }
}

// toggle does not bubble, so it is caught on its way down
document.addEventListener("toggle", (event) => {
  const drop = event.target;
  if (drop instanceof HTMLDetailsElement && drop.open && drop.matches(".drop")) closeAllBut(drop);
}, true);

document.addEventListener("click", (event) => {
  closeAllBut(event.target instanceof Element ? event.target.closest("details.drop") : null);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const drop = [...openDrops()].pop();
  if (!drop) return;
  drop.open = false;
  drop.querySelector(":scope > summary")?.focus();
  event.preventDefault();
});
