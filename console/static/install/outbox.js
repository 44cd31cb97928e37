// @ts-check
/** What was typed on the phone and has not reached the server yet: kept in IndexedDB, sent once (its form has
 *  a key), gone when the server has answered. Nothing is ever sent twice with another key.
 *
 * @typedef {"waiting" | "refused" | "login"} State
 *   waiting: no signal, or the server could not store it; refused: a person has to change something;
 *   login: the session has ended, it goes after the next login
 * @typedef {{key: string, url: string, fields: [string, string][], saved_at: string, title: string,
 *   state: State, problem: string | null}} Entry
 * @typedef {{sent: {entry: Entry, next: string | null}[], left: Entry[]}} Sent
 */

import { inStore } from "./store.js";

const DATABASE = "borne-install";
const STORE = "outbox";
const GIVE_UP_MS = 20_000;

/** All entries, oldest first.
 * @returns {Promise<Entry[]>}
 */
export async function entries() {
  const all = /** @type {Entry[]} */ (await inStore(STORE, "readonly", (store) => store.getAll()));
  return all.sort((one, other) => one.saved_at.localeCompare(other.saved_at));
}

/** Keeps a form: the same key again replaces it.
 * @param {Omit<Entry, "state" | "problem" | "saved_at">} form
 * @returns {Promise<Entry>}
 */
export async function keep(form) {
  /** @type {Entry} */
  const entry = { ...form, saved_at: new Date().toISOString(), state: "waiting", problem: null };
  await inStore(STORE, "readwrite", (store) => store.put(entry));
  return entry;
}

/** @param {string} key */
export async function forget(key) {
  await inStore(STORE, "readwrite", (store) => store.delete(key));
}

/** Sends what is kept, in its order. One tab at a time does.
 * @returns {Promise<Sent>}
 */
export async function sendAll() {
  if (navigator.locks === undefined) {
    return sendEach();
  }
  return navigator.locks.request(DATABASE, sendEach);
}

/** @returns {Promise<Sent>} */
async function sendEach() {
  /** @type {Sent} */
  const done = { sent: [], left: [] };
  for (const entry of await entries()) {
    const answer = await send(entry);
    if (answer.state === "sent") {
      await forget(entry.key);
      done.sent.push({ entry, next: answer.next });
      continue;
    }
    const left = { ...entry, state: answer.state, problem: answer.problem };
    await inStore(STORE, "readwrite", (store) => store.put(left));
    done.left.push(left);
  }
  return done;
}

/** @param {Entry} entry
 * @returns {Promise<{state: "sent", next: string | null} | {state: State, problem: string | null}>}
 */
async function send(entry) {
  let response;
  try {
    response = await fetch(entry.url, {
      method: "POST",
      body: new URLSearchParams(entry.fields),
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
  } catch {
    return { state: "waiting", problem: null };
  }
  if (response.status === 401 || response.type === "opaqueredirect") {
    return { state: "login", problem: null };
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) {
    return { state: "sent", next: answer?.next ?? null };
  }
  const isOurs = response.status >= 500 || response.status === 429;
  return { state: isOurs ? "waiting" : "refused", problem: answer?.text ?? answer?.detail ?? null };
}
