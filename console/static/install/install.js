// @ts-check
/** What the installer's pages do beyond what they do without a script: scan, keep what has no signal yet, take a
 *  job along, say at once what is mistyped.
 */
import "../live.js";
import { checkAll, fillLabel } from "./claim.js";
import { entries, forget, keep, sendAll } from "./outbox.js";
import { canScan, startScan } from "./scan.js";
import { showOutbox } from "./unsent.js";

const TRY_AGAIN_MS = 20_000;

const one = (/** @type {string} */ id) => document.getElementById(id);

async function startWorker() {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) {
    const notice = one("insecure");
    if (notice && !window.isSecureContext) {
      notice.hidden = false;
    }
    return;
  }
  await navigator.serviceWorker.register("/install/worker.js", { scope: "/install" });
}

/** Sends what is kept, and shows what is left; after the first answer the page of what was sent opens. */
async function send() {
  if (typeof indexedDB === "undefined") {
    return null;
  }
  const done = await sendAll();
  await showOutbox(done, send);
  return done;
}

/** What is kept, while there is no signal. */
async function showKept() {
  if (typeof indexedDB !== "undefined") {
    await showOutbox({ sent: [], left: await entries() }, send);
  }
}

/** A form that must not be lost: kept first, then sent.
 * @param {HTMLFormElement} form
 */
async function keepForm(form) {
  const fields = /** @type {[string, string][]} */ (
    [...new FormData(form)].filter(([, value]) => typeof value === "string")
  );
  const value = (/** @type {string} */ name) => fields.find(([each]) => each === name)?.[1] ?? "";
  await keep({ key: value("key"), url: form.action, fields, title: `${form.dataset.outbox} ${value("mac")}` });
  const done = await send();
  const sent = done?.sent.find((each) => each.entry.key === value("key"));
  if (sent?.next) {
    location.assign(sent.next);
    return;
  }
  const left = done?.left.find((each) => each.key === value("key"));
  if (left?.state === "refused") {
    await forget(left.key); // the form shows it, with what is wrong, and is sent again when it was corrected
    form.submit();
  }
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.outbox !== undefined && typeof indexedDB !== "undefined") {
    event.preventDefault();
    void keepForm(form).catch(() => form.submit());
  } else if (form.dataset.forget !== undefined && "caches" in window) {
    event.preventDefault();
    void caches.delete("borne-install-pages").finally(() => form.submit());
  }
});

/** @param {HTMLElement} button fetches the pages of a job, so that they open without signal */
async function takeAlong(button) {
  const pages = [location.pathname, ...(button.dataset.take ?? "").split(" ")];
  const cache = await caches.open("borne-install-pages");
  const taken = await Promise.all(pages.map((each) => cache.add(each).then(() => true, () => false)));
  button.textContent = (taken.every(Boolean) ? button.dataset.taken : button.dataset.notTaken) ?? "";
}

/** @type {Awaited<ReturnType<typeof startScan>> | null} */
let scanning = null;

async function toggleScan() {
  const button = /** @type {HTMLElement} */ (one("scan"));
  const video = /** @type {HTMLVideoElement} */ (one("camera"));
  if (scanning) {
    scanning.stop();
    scanning = null;
    video.hidden = true;
    button.textContent = button.dataset.start ?? "";
    return;
  }
  button.dataset.start ??= button.textContent ?? "";
  try {
    video.hidden = false;
    scanning = await startScan(video, button.dataset.library ?? "", onText);
    button.textContent = button.dataset.stop ?? "";
    showTorch();
  } catch {
    video.hidden = true;
    say("scanned", button.dataset.refused ?? "");
  }
}

/** @param {string} text */
function onText(text) {
  const place = /** @type {HTMLElement} */ (one("scanned"));
  if (fillLabel(text)) {
    navigator.vibrate?.(80);
    say("scanned", place.dataset.said ?? "");
    void toggleScan();
  } else {
    say("scanned", `${place.dataset.nothing} ${text.slice(0, 60)}`);
  }
}

function showTorch() {
  const torch = /** @type {HTMLElement} */ (one("torch"));
  torch.hidden = scanning?.torch === null;
  torch.onclick = () => {
    const isOn = torch.getAttribute("aria-pressed") !== "true";
    torch.setAttribute("aria-pressed", String(isOn));
    void scanning?.torch?.(isOn);
  };
}

/** @param {string} id
 * @param {string} text
 */
function say(id, text) {
  const place = one(id);
  if (place) {
    place.textContent = text;
    place.hidden = text === "";
  }
}

const ROUGH_M = 30; // provisioning/rules/positions.py decides; this is what the page says of it

function locate() {
  const button = /** @type {HTMLElement} */ (one("locate"));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const isGood = coords.accuracy <= ROUGH_M;
      const form = /** @type {HTMLFormElement} */ (button.closest("form"));
      const field = (/** @type {string} */ name) =>
        /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
      field("accuracy_m").value = String(Math.round(coords.accuracy));
      field("latitude").value = coords.latitude.toFixed(6); // a rough one is kept beside the pin
      field("longitude").value = coords.longitude.toFixed(6);
      const text = (isGood ? button.dataset.taken : button.dataset.rough) ?? "";
      say("located", text.replace("{metres}", String(Math.round(coords.accuracy))));
    },
    () => say("located", button.dataset.refused ?? ""),
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 },
  );
}

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (button?.id === "scan") {
    void toggleScan();
  } else if (button?.id === "locate") {
    locate();
  } else if (button?.dataset.take !== undefined) {
    void takeAlong(button);
  } else if (button?.dataset.fill) {
    const field = /** @type {HTMLInputElement} */ (one(button.dataset.fill));
    field.value = button.dataset.value ?? "";
    checkAll();
  }
});

if (document.querySelector("button.plan")) {
  void import("./plan.js");
}

const PHOTO_SIDE_PX = 2000;

/** A photo goes as soon as it was taken, no larger than its codes need.
 * @param {HTMLInputElement} field
 */
async function sendPhoto(field) {
  const [photo] = field.files ?? [];
  if (!photo || !field.form) {
    return;
  }
  try {
    const picture = await createImageBitmap(photo);
    const scale = Math.min(1, PHOTO_SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    const files = new DataTransfer();
    files.items.add(new File([/** @type {Blob} */ (small)], "label.jpg", { type: "image/jpeg" }));
    field.files = files.files;
  } catch {
    // a browser that cannot make it smaller sends it as it is
  }
  field.form.submit();
}

document.addEventListener("change", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.id === "photo") {
    void sendPhoto(field);
  }
});

// A position that somebody types is no measurement any more.
document.addEventListener("input", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.id === "latitude" || field.id === "longitude") {
    /** @type {HTMLInputElement} */ (field.form?.elements.namedItem("accuracy_m")).value = "";
  }
});

for (const part of document.querySelectorAll("[data-scan]")) {
  /** @type {HTMLElement} */ (part).hidden = !canScan();
}
for (const part of document.querySelectorAll("[data-position]")) {
  /** @type {HTMLElement} */ (part).hidden = !(window.isSecureContext && "geolocation" in navigator);
}

function showSignal() {
  const away = one("away");
  if (away) {
    away.hidden = navigator.onLine;
  }
  void (navigator.onLine ? send() : showKept());
}

addEventListener("online", showSignal);
addEventListener("offline", showSignal);
setInterval(() => navigator.onLine && void send(), TRY_AGAIN_MS);
checkAll();
showSignal();
void startWorker();
