// Small comforts; every page works without them.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  });
}
// Counts characters, as the service does, where maxlength counts the halves of some.
for (const area of document.querySelectorAll("textarea[maxlength]")) {
  const most = area.maxLength;
  const count = document.createElement("span");
  count.className = "count";
  const show = () => {
    const length = [...area.value.replaceAll("\n", "\r\n")].length;
    count.textContent = `${length} of ${most} characters`;
    area.setCustomValidity(length > most ? `This is ${length - most} characters too long.` : "");
  };
  area.removeAttribute("maxlength");
  area.addEventListener("input", show);
  area.closest("label").after(count);
  show();
}
