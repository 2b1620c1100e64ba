// chip.js – a figure chip (a.fig[data-card]) opens its card where it stands.
// Without popover, without the network or with a modifier key the chip is what it is: a link to the figure's page.
const canOpen = "popover" in HTMLElement.prototype;
const cards = new Map(); // data-card address → card
const GAP = 8;

function place(card, chip) {
  // measured in page coordinates, so the card scrolls along with its chip
  if (window.innerWidth < 640) {
    card.style.removeProperty("left");
    card.style.removeProperty("top");
    return; // a sheet at the foot, by CSS
  }
  const line = chip.getClientRects()[0] ?? chip.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const left = Math.max(GAP, Math.min(line.left, width - card.offsetWidth - GAP));
  const below = line.bottom + GAP;
  const above = line.top - GAP - card.offsetHeight;
  const top = below + card.offsetHeight > window.innerHeight && above > 0 ? above : below;
  card.style.left = `${left + window.scrollX}px`;
  card.style.top = `${top + window.scrollY}px`;
}

function makeCard(chip) {
  const card = document.createElement("div");
  card.className = "fig-card placed";
  card.id = `fig-card-${cards.size + 1}`;
  card.popover = "auto"; // Esc and a click outside close it
  card.tabIndex = -1;
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", chip.textContent.trim());
  card.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    const opener = card.opener;
    opener.classList.toggle("open", open);
    opener.setAttribute("aria-expanded", String(open));
    const nowhere = !document.activeElement || document.activeElement === document.body;
    if (!open && (nowhere || card.contains(document.activeElement))) opener.focus();
  });
  document.body.append(card);
  return card;
}

function waiting(card) {
  card.replaceChildren(...["w6", "w14", "w14"].map((width) => {
    const bone = document.createElement("span");
    bone.className = `bone ${width}`;
    return bone;
  }));
  card.setAttribute("aria-busy", "true");
}

async function fill(card, chip) {
  waiting(card);
  try {
    const answer = await fetch(chip.dataset.card, {
      headers: { "HX-Request": "true", Accept: "text/html" },
      credentials: "same-origin",
    });
    if (!answer.ok || answer.redirected) throw new Error(`card: ${answer.status}`);
    card.innerHTML = await answer.text();
  } catch {
    cards.delete(chip.dataset.card);
    window.location.assign(chip.href);
    return;
  }
  card.removeAttribute("aria-busy");
  window.htmx?.process(card);
  if (card.opener) place(card, card.opener);
}

function open(chip) {
  let card = cards.get(chip.dataset.card);
  const isNew = !card;
  if (isNew) {
    card = makeCard(chip);
    cards.set(chip.dataset.card, card);
  }
  card.opener = chip;
  if (isNew) fill(card, chip);
  card.showPopover();
  place(card, chip);
  card.focus({ preventScroll: true });
}

if (canOpen) {
  const mark = () => {
    for (const chip of document.querySelectorAll("a.fig[data-card]:not([aria-haspopup])")) chip.setAttribute("aria-haspopup", "dialog");
  };
  mark();
  document.addEventListener("htmx:afterSettle", mark);

  let wasOpen = null; // the chip whose card this very press closes: a second press only closes
  document.addEventListener("pointerdown", (event) => {
    const chip = event.target instanceof Element ? event.target.closest("a.fig[data-card]") : null;
    const card = chip && cards.get(chip.dataset.card);
    wasOpen = card?.opener === chip && card?.matches(":popover-open") ? chip : null;
  }, true);

  document.addEventListener("click", (event) => {
    const chip = event.target instanceof Element ? event.target.closest("a.fig[data-card]") : null;
    if (!chip || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (chip === wasOpen) wasOpen = null;
    else open(chip);
  });

  window.addEventListener("resize", () => {
    for (const card of cards.values()) if (card.opener?.classList.contains("open")) place(card, card.opener);
  });
}
