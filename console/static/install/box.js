// @ts-check
/** The page of a box: says it when an item turns (sound, vibration), keeps the screen on, and takes its photos. */
import { keepPhoto, sendPhotos, unsentPhotos } from "./photos.js";

const TURNED_GOOD = 880;
const TURNED_BAD = 220;
const TRY_AGAIN_MS = 20_000;

/** @type {AudioContext | null} */
let sound = null;

// A browser plays nothing before the first touch.
document.addEventListener("pointerdown", () => (sound ??= "AudioContext" in window ? new AudioContext() : null), { once: true });

/** @param {boolean} isGood */
function announce(isGood) {
  navigator.vibrate?.(isGood ? 120 : [80, 80, 80]);
  if (sound === null) {
    return;
  }
  const tone = sound.createOscillator();
  const loudness = sound.createGain();
  loudness.gain.value = 0.2;
  tone.frequency.value = isGood ? TURNED_GOOD : TURNED_BAD;
  tone.connect(loudness).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.25);
}

/** @returns {Map<string, string>} */
function verdicts() {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-turning] [data-item]"));
  return new Map([...rows].map((each) => [each.dataset.item ?? "", each.dataset.verdict ?? ""]));
}

let before = verdicts();

function look() {
  const now = verdicts();
  const turned = [...now].filter(([item, verdict]) => before.get(item) !== undefined && before.get(item) !== verdict);
  before = now;
  if (turned.length > 0) {
    const isGood = turned.every(([, verdict]) => verdict !== "failed");
    document.body.dataset.turned = `${turned.map(([item]) => item).join(" ")}`;
    announce(isGood);
  }
}

new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-verdict"] });

const LOOK_MS = 2_000;

/** What is left of the minute, and what came of it: the act may be seen at another station, of which this page
 *  gets no news.
 */
async function watch() {
  const timer = /** @type {HTMLElement | null} */ (document.querySelector("[data-until]"));
  if (!timer) {
    return;
  }
  const left = Math.max(0, Math.ceil((Date.parse(timer.dataset.until ?? "") - Date.now()) / 1000));
  timer.textContent = `${left} s`;
  if (Date.now() - lookedAt < LOOK_MS) {
    return;
  }
  lookedAt = Date.now();
  const answer = await fetch(`${location.pathname}?fragment=act`).catch(() => null);
  if (!answer?.ok) {
    return;
  }
  const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("act");
  if (part && !part.querySelector("[data-until]")) {
    location.reload(); // seen, here or elsewhere, or the minute is over
  }
}

let lookedAt = Date.now();
setInterval(() => void watch(), 1000);
void watch();

async function stayAwake() {
  try {
    if (document.visibilityState === "visible" && "wakeLock" in navigator) {
      await navigator.wakeLock.request("screen");
    }
  } catch {
    // the battery is low, or the browser does not let a page do that
  }
}

document.addEventListener("visibilitychange", () => void stayAwake());
void stayAwake();

/** @param {string} text */
function notice(text) {
  const place = document.getElementById("unsent-photos");
  if (place) {
    place.textContent = text;
    place.hidden = text === "";
  }
}

async function showUnsent() {
  const left = await unsentPhotos();
  const place = document.getElementById("unsent-photos");
  const problem = left.find((each) => each.problem)?.problem;
  notice(left.length > 0 ? `${(place?.dataset.text ?? "").replace("{count}", String(left.length))}${problem ? ` ${problem}` : ""}` : "");
  return left;
}

async function send(isLast = false) {
  await showUnsent();
  const done = await sendPhotos(() => undefined);
  const left = await showUnsent();
  if (done.sent > 0 && left.length === 0 && !isLast) {
    location.reload(); // the server has them: the page says so
  }
  return left;
}

document.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const form = field.form;
  const [file] = field.files ?? [];
  if (form?.dataset.photo && file && window.isSecureContext && typeof indexedDB !== "undefined") {
    void keepPhoto(form.dataset.station ?? "", form.dataset.photo, form.dataset.title ?? "", file)
      .then(() => (form.reset(), send()))
      .catch(() => form.submit());
  } else if (form?.dataset.photo && file) {
    form.submit();
  }
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.last === undefined || typeof indexedDB === "undefined") {
    return;
  }
  event.preventDefault();
  void send(true).then((left) => {
    if (left.length === 0) {
      const finish = document.createElement("input");
      Object.assign(finish, { type: "hidden", name: "do", value: "finish" });
      form.append(finish);
      form.submit();
    } else {
      notice((form.dataset.last ?? "").replace("{count}", String(left.length)));
      document.getElementById("unsent-photos")?.scrollIntoView();
    }
  });
});

if (typeof indexedDB !== "undefined") {
  addEventListener("online", () => void send());
  setInterval(() => navigator.onLine && void unsentPhotos().then((left) => left.length > 0 && send()), TRY_AGAIN_MS);
  void unsentPhotos().then((left) => left.length > 0 && send());
}
