// lookup.js – an input[data-lookup] offers rows of another register while people type.
// Without it a number or a name is typed in full; the server understands both.
const WAIT = 250; // milliseconds of silence before asking
const state = new WeakMap(); // input → { timer, request, titles }

function of(input) {
  if (!state.has(input)) state.set(input, { timer: 0, request: null, titles: new Map() });
  return state.get(input);
}

function say(input) {
  const said = document.getElementById(input.dataset.said);
  if (said) said.textContent = of(input).titles.get(input.value.trim()) ?? "";
}

async function ask(input) {
  const known = of(input);
  const words = input.value.trim().split("/").pop(); // of a whole key its last part
  known.request?.abort();
  known.request = new AbortController();
  try {
    const answer = await fetch(`${input.dataset.lookup}?q=${encodeURIComponent(words)}`, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      signal: known.request.signal,
    });
    if (!answer.ok || answer.redirected) return;
    const { rows } = await answer.json();
    for (const row of rows) known.titles.set(row.key, row.title);
    input.list.replaceChildren(...rows.map((row) => {
      const option = document.createElement("option");
      option.value = row.key;
      option.label = row.title;
      return option;
    }));
    say(input);
  } catch (error) {
    if (error.name !== "AbortError") input.list.replaceChildren();
  }
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.dataset.lookup || !input.list) return;
  const known = of(input);
  clearTimeout(known.timer);
  say(input);
  if (!known.titles.has(input.value.trim())) known.timer = setTimeout(() => ask(input), WAIT);
});

document.addEventListener("focusin", (event) => {
  const input = event.target;
  if (input instanceof HTMLInputElement && input.dataset.lookup && input.list && !input.list.options.length) ask(input);
});

// what is filled in already says its name
for (const input of document.querySelectorAll("input[data-lookup]")) if (input.value.trim()) ask(input);
