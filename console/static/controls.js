// What buttons and forms of all pages do beyond what they do without a script.
import { fetchPart } from "./live.js";

document.documentElement.classList.add("is-scripted");

const TYPING_MS = 250;
const NOTICE_MS = 2000;

function notice(text) {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.hidden = false;
  setTimeout(() => (place.hidden = true), NOTICE_MS);
}

// Over plain HTTP, browsers offer no clipboard: there, a hidden field is selected and copied.
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  notice(document.body.dataset.copied);
}

function togglePause(button) {
  const isPaused = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isPaused));
  [button.textContent, button.dataset.pause] = [button.dataset.pause, button.textContent];
  document.documentElement.dataset.paused = String(isPaused);
  if (!isPaused) document.dispatchEvent(new Event("resumed"));
}

document.addEventListener("click", (event) => {
  const copied = event.target.closest("[data-copy]");
  if (copied) copy(copied.dataset.copy);
  const paused = event.target.closest("[data-pause]");
  if (paused) togglePause(paused);
  const menu = document.querySelector("details.account[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.account[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Filters show at once what fits; the address says what is shown, so that it can be kept and sent.
let timer = 0;
function applyFilters(form) {
  const given = [...new FormData(form)].filter(([, text]) => text);
  const search = given.length ? `?${new URLSearchParams(given)}` : "";
  history.replaceState(null, "", location.pathname + search);
  const part = document.querySelector("[data-part=rows]");
  if (part) fetchPart(part, search);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => applyFilters(form), TYPING_MS);
});
