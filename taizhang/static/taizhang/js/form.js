// form.js – what is typed into form[data-draft] is kept at the server while it is typed, and days and numbers
// say how they were understood. Without it the form works, and what was sent is kept when it cannot be saved.
import { forget, offer, store } from "./form-local.js";

const WAIT = 1000; // milliseconds of silence before what stands in the form is kept
const AGAIN = 10_000; // before trying once more without a connection
const BESIDE = ["csrfmiddlewaretoken", "opened", "tick"];

function start(form) {
  const status = form.querySelector(".kept");
  let kept = content(); // what the server has, or what the form was opened with
  let timer = 0;
  let request = null;
  let sending = false; // the form itself is on its way

  function content() {
    const all = new URLSearchParams(new FormData(form));
    for (const name of BESIDE) all.delete(name);
    return all.toString();
  }

  function body() {
    form.elements.tick.value = String(Number(form.elements.tick.value) + 1);
    return new URLSearchParams(new FormData(form));
  }

  function say(words, time = "") {
    const text = words ? words.replace("{time}", time) : "";
    if (status.textContent !== text) status.textContent = text;
  }

  function later(wait = WAIT) {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  }

  async function keep() {
    clearTimeout(timer);
    const now = content();
    if (sending || now === kept) return;
    request?.abort();
    const mine = (request = new AbortController());
    let answer, told;
    try {
      answer = await fetch(form.dataset.draft, {
        method: "POST", body: body(), credentials: "same-origin", headers: { Accept: "application/json" }, signal: mine.signal,
      });
      told = await answer.json();
    } catch (error) {
      if (error.name === "AbortError") return;
      // no connection, or a server that stumbles: this computer keeps it until there is one again
      store(form);
      say(form.dataset.offline);
      later(AGAIN);
      return;
    }
    // a changed address would call the form back that is on its way
    if (!sending) hear(answer.status, told, now);
  }

  function hear(code, told, now) {
    if (code === 409 && told.opened) {
      form.elements.opened.value = told.opened; // typed on in another window: this one keeps its own
      later(0);
      return;
    }
    if (told.csrf) form.elements.csrfmiddlewaretoken.value = told.csrf;
    if (told.refused !== undefined) {
      store(form);
      say(form.dataset.lost);
      return;
    }
    kept = now;
    forget(form);
    if (told.signed_out) say(form.dataset.signedOut, told.kept);
    else say(told.kept && form.dataset.kept, told.kept);
    // going back to this address, or loading it anew, brings the text back
    if (told.address && told.address !== location.pathname + location.search) history.replaceState(null, "", told.address);
    for (const [name, read] of Object.entries(told.read ?? {})) {
      const output = document.getElementById(`id_${name}_read`);
      const text = read ? `= ${read}` : "";
      if (output && output.textContent !== text) output.textContent = text;
    }
    if (content() !== now) later();
  }

  document.addEventListener("input", (event) => {
    if (event.target.form === form) later();
  });
  document.addEventListener("change", (event) => {
    if (event.target.form === form) later(0); // left the field: say at once how it is understood
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sending = true;
    clearTimeout(timer);
    request?.abort();
  });
  window.addEventListener("pagehide", () => {
    if (sending || content() === kept) return;
    request?.abort();
    if (!navigator.sendBeacon(form.dataset.draft, body())) store(form);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) sending = false;
  });
  window.addEventListener("online", () => later(0));
  offer(form, () => later(0));
}

const form = document.querySelector("form[data-draft]");
if (form) start(form);
// an answer that needs another look begins with what it says
document.querySelector("#meeting, #errors, #questions")?.focus();
