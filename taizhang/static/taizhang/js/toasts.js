// toasts.js – the way back goes after ten seconds, unless somebody is just about to take it;
// it stays on the page of what was done in one go.
for (const way of document.querySelectorAll("form[data-fades]")) {
  const toast = way.closest(".toast");
  let left = Number(way.dataset.fades);
  const clock = setInterval(() => {
    if (toast.matches(":hover") || toast.contains(document.activeElement)) return;
    left -= 1;
    if (left > 0) return;
    clearInterval(clock);
    way.remove();
  }, 1000);
}
