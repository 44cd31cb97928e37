// @ts-check
/// <reference lib="webworker" />
/** Keeps the installer's pages on the phone: a page that was seen, or taken along with its job, opens without
 *  signal. What changes something is never answered from here.
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const PAGES = "borne-install-pages";
const FILES = "borne-install-files";
const SIGNAL_WITHIN_MS = 4_000;
const HOME = "/install";
const PLAN = /^\/api\/v1\/sites\/[^/]+\/plan$/;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) {
    return;
  }
  if (PLAN.test(url.pathname)) {
    event.respondWith(picture(event.request));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(file(event.request));
  } else if (event.request.mode === "navigate" && isOurs(url.pathname)) {
    event.respondWith(page(event.request));
  }
});

/** @param {string} path */
function isOurs(path) {
  return path === HOME || path.startsWith(`${HOME}/`);
}

/** Files carry the hash of their content in their name: what is kept is right for ever.
 * @param {Request} request
 */
async function file(request) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  if (kept !== undefined) {
    return kept;
  }
  const fresh = await fetch(request);
  if (fresh.ok) {
    await cache.put(request, fresh.clone());
  }
  return fresh;
}

/** The picture of a plan: another one has another address. It goes with the pages, at the end of the session.
 * @param {Request} request
 */
async function picture(request) {
  const cache = await caches.open(PAGES);
  const kept = await cache.match(request.url);
  if (kept !== undefined) {
    return kept;
  }
  const fresh = await fetch(request);
  if (fresh.ok) {
    await cache.put(request.url, fresh.clone());
  }
  return fresh;
}

/** The page of now where there is signal, else the one of the last visit, else the list of jobs.
 * @param {Request} request
 */
async function page(request) {
  const cache = await caches.open(PAGES);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(SIGNAL_WITHIN_MS) });
    if (fresh.ok && !fresh.redirected && !new URL(request.url).searchParams.has("code")) {
      await cache.put(withoutQuery(request.url), fresh.clone());
    }
    return fresh;
  } catch (error) {
    const kept = (await cache.match(withoutQuery(request.url))) ?? (await cache.match(HOME));
    if (kept !== undefined) {
      return kept;
    }
    throw error;
  }
}

/** A claim's page is one page, whatever place it is for; one that a label's code opened is not kept.
 * @param {string} url
 */
function withoutQuery(url) {
  const bare = new URL(url);
  bare.search = "";
  return bare.href;
}
