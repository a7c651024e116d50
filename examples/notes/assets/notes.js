// Small comforts; every page works without them.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
}
for (const area of document.querySelectorAll("textarea[maxlength]")) {
  const count = document.createElement("span");
  count.className = "count";
  const show = () => { count.textContent = `${area.value.length} / ${area.maxLength}`; };
  area.addEventListener("input", show);
  area.after(count);
  show();
}
