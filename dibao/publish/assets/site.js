// ← and → turn the pages, where there are some to turn.
addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const busy = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.closest?.("input, textarea, select, [contenteditable], pre");
  const link = rel && !busy && document.querySelector(`a[rel=${rel}]`);
  if (link) location.assign(link.href);
});
