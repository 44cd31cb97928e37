// @ts-check
/** Photos of a box: hashed at once, made smaller, kept on the phone, and sent last, in parts that the server keeps.
 *  What stood in the file (time, position) goes beside it as a claim.
 *
 * @typedef {{key: string, station: string, item: string, title: string, sha256: string, blob: Blob,
 *   taken_at: string | null, latitude: number | null, longitude: number | null, sent: number,
 *   problem: string | null}} Photo
 */
import { exifOf } from "./exif.js";
import { inStore } from "./store.js";

const SIDE_PX = 2000;
const PART_BYTES = 64 * 1024;
const GIVE_UP_MS = 60_000;
const STORE = "photos";

/** Every photo that is not at the server yet.
 * @returns {Promise<Photo[]>}
 */
export async function unsentPhotos() {
  return /** @type {Photo[]} */ (await inStore(STORE, "readonly", (store) => store.getAll()));
}

/** @param {string} key */
async function forget(key) {
  await inStore(STORE, "readwrite", (store) => store.delete(key));
}

/** @param {File} file */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
    return /** @type {Blob} */ (made ?? file);
  } catch {
    return file; // a browser that cannot make it smaller sends it as it is
  }
}

/** Keeps a photo as it was taken: from now on it is not lost.
 * @param {string} station
 * @param {string} item
 * @param {string} title
 * @param {File} file
 */
export async function keepPhoto(station, item, title, file) {
  const claims = exifOf(await file.slice(0, 256 * 1024).arrayBuffer());
  const blob = await smaller(file);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  const sha256 = [...digest].map((each) => each.toString(16).padStart(2, "0")).join("");
  /** @type {Photo} */
  const photo = { key: `${station}/${sha256}`, station, item, title, sha256, blob, ...claims, sent: 0, problem: null };
  await inStore(STORE, "readwrite", (store) => store.put(photo));
  return photo;
}

/** Sends what is kept, a part at a time; after each part the server says how much it has.
 * @param {() => void} onProgress
 * @returns {Promise<{sent: number, left: Photo[]}>}
 */
export async function sendPhotos(onProgress) {
  const work = async () => {
    const done = { sent: 0, left: /** @type {Photo[]} */ ([]) };
    for (const photo of await unsentPhotos()) {
      const left = await sendOne(photo, onProgress);
      if (left === null) {
        await forget(photo.key);
        done.sent += 1;
      } else {
        await inStore(STORE, "readwrite", (store) => store.put(left));
        done.left.push(left);
      }
    }
    return done;
  };
  return navigator.locks ? navigator.locks.request("borne-install-photos", work) : work();
}

/** @param {Photo} photo
 * @param {() => void} onProgress
 * @returns {Promise<Photo | null>} null: it is there
 */
async function sendOne(photo, onProgress) {
  const base = `/api/v1/stations/${encodeURIComponent(photo.station)}/power-up`;
  const { item, sha256, taken_at, latitude, longitude } = photo;
  const said = { item, sha256, size: photo.blob.size, taken_at, latitude, longitude };
  let answer = await asked(`${base}/photos`, "POST", JSON.stringify(said), "application/json");
  while (answer.ok && !answer.body.is_whole) {
    const start = Number(answer.body.received);
    onProgress();
    const part = photo.blob.slice(start, start + PART_BYTES);
    answer = await asked(`${base}/photo?sha256=${sha256}&start=${start}`, "PUT", part, "application/octet-stream");
  }
  if (answer.ok) {
    return null;
  }
  const language = document.documentElement.lang.startsWith("fr") ? "text_fr" : "text_en";
  return { ...photo, problem: answer.status >= 400 && answer.status < 500 ? (answer.body?.[language] ?? null) : null };
}

/** @param {string} url
 * @param {string} method
 * @param {BodyInit} body
 * @param {string} kind
 * @returns {Promise<{ok: boolean, status: number, body: any}>}
 */
async function asked(url, method, body, kind) {
  try {
    const headers = { "content-type": kind };
    const response = await fetch(url, { method, body, headers, signal: AbortSignal.timeout(GIVE_UP_MS) });
    return { ok: response.ok, status: response.status, body: await response.json().catch(() => ({})) };
  } catch {
    return { ok: false, status: 0, body: {} };
  }
}
