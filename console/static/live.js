// Keeps the parts of a page as they are now: the stream names topics, the parts of those are fetched again.
import { listen } from "./stream.js";
import "./controls.js";

const PACE_MS = 1000; // at most one fetch a second for each part
const LOOK_AGAIN_MS = 10000; // some things change without news: power, and what other nodes see
const parts = new Map(); // by name: { tag, timer, isDirty, fetchedAt, isFetching }

const found = () => [...document.querySelectorAll("[data-part]")];
const stateOf = (name) => {
  if (!parts.has(name)) parts.set(name, { tag: null, timer: 0, isDirty: false, fetchedAt: 0, isFetching: false });
  return parts.get(name);
};

export function isPaused(element) {
  return document.hidden || document.documentElement.dataset.paused === "true" || isScrolledInto(element);
}

// Somebody reads further down in a list that grows at its top: what is read does not move away.
function isScrolledInto(element) {
  return "pausedByScroll" in element.dataset && element.getBoundingClientRect().top < -40;
}

export function refreshSoon(element) {
  const state = stateOf(element.dataset.part);
  state.isDirty = true;
  if (state.timer || state.isFetching) return;
  const wait = Math.max(0, state.fetchedAt + PACE_MS - performance.now());
  state.timer = setTimeout(() => {
    state.timer = 0;
    refresh(element.dataset.part);
  }, wait);
}

async function refresh(name) {
  const state = stateOf(name);
  const element = document.querySelector(`[data-part="${name}"]`);
  if (!element || isPaused(element)) return; // stays dirty: it is fetched when it is looked at again
  state.isDirty = false;
  state.isFetching = true;
  state.fetchedAt = performance.now();
  try {
    await fetchPart(element, location.search);
  } finally {
    state.isFetching = false;
  }
  if (state.isDirty) refreshSoon(element);
}

// Fetches a part and puts it into its place; false where the server cannot be reached.
export async function fetchPart(element, search) {
  const name = element.dataset.part;
  const state = stateOf(name);
  const url = new URL(location.pathname + search, location.href);
  url.searchParams.set("fragment", name);
  const headers = { "HX-Request": "true", Accept: "text/html" };
  if (state.tag && state.url === url.href) headers["If-None-Match"] = state.tag;
  let answer;
  try {
    answer = await fetch(url, { headers, cache: "no-store" });
  } catch {
    return false; // the server is away: the notice says so
  }
  if (answer.status === 401) location.reload(); // leads to the login, and back here
  if (answer.status !== 200) return answer.status === 304;
  const text = await answer.text();
  state.tag = answer.headers.get("ETag");
  state.url = url.href;
  await window.htmx.swap({ sourceElement: element, target: element, text, swap: "outerMorph" });
  return true;
}

export function refreshAll() {
  for (const element of found()) refreshSoon(element);
}

function refreshTopics(topics) {
  for (const element of found()) {
    if (element.dataset.topics.split(" ").some((each) => topics.includes(each))) refreshSoon(element);
  }
}

function refreshDirty() {
  for (const element of found()) if (stateOf(element.dataset.part).isDirty) refreshSoon(element);
}

const topics = [...new Set(found().flatMap((each) => each.dataset.topics.split(" ").filter(Boolean)))];
listen(topics, {
  changed: refreshTopics,
  connected: (isAgain) => {
    document.getElementById("stale").hidden = true;
    document.documentElement.dataset.live = "true"; // from here on, news comes by itself
    if (isAgain) refreshAll(); // whatever was told meanwhile was missed
  },
  lost: () => {
    document.getElementById("stale").hidden = false;
    delete document.documentElement.dataset.live;
  },
});
setInterval(refreshAll, LOOK_AGAIN_MS);
document.addEventListener("visibilitychange", refreshDirty);
addEventListener("scroll", refreshDirty, { passive: true });
document.addEventListener("resumed", refreshDirty);
