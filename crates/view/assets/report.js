// Two conveniences; the report says everything without them: days are read off fans, and what hides a link's target opens.

readable(document);

const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let box = target.parentElement; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
  target.scrollIntoView({ block: "center" });
  if (target.hasAttribute("tabindex")) target.focus({ preventScroll: true });
};
addEventListener("hashchange", reveal);
if (location.hash) reveal();
