// @ts-check
/** Shows what is kept on the phone and not sent yet, and what was sent just now. */
import { forget } from "./outbox.js";

/** @typedef {import("./outbox.js").Entry} Entry */
/** @typedef {import("./outbox.js").Sent} Sent */

/** @param {Sent} done
 * @param {() => Promise<unknown>} again
 */
export async function showOutbox(done, again) {
  const place = /** @type {HTMLElement | null} */ (document.getElementById("outbox"));
  if (!place) {
    return;
  }
  const rows = [
    ...done.sent.map(({ entry, next }) => sentRow(entry, next, place.dataset)),
    ...done.left.map((each) => leftRow(each, place.dataset, again)),
  ];
  const list = document.createElement("ul");
  list.append(...rows);
  place.replaceChildren(list);
  place.hidden = rows.length === 0;
}

/** @param {Entry} entry
 * @param {string | null} next
 * @param {DOMStringMap} words
 */
function sentRow(entry, next, words) {
  const row = line(`${words.sent} ${entry.title}`, "sent");
  if (next !== null) {
    row.append(link(words.open ?? "", next));
  }
  return row;
}

/** @param {Entry} entry
 * @param {DOMStringMap} words
 * @param {() => Promise<unknown>} again
 */
function leftRow(entry, words, again) {
  const row = line(`${words[entry.state]} ${entry.title}`, entry.state);
  if (entry.problem) {
    const why = document.createElement("p");
    why.textContent = entry.problem;
    row.append(why);
  }
  if (entry.state === "login") {
    row.append(link(words.loginLink ?? "", `/login?next=${encodeURIComponent(location.pathname)}`));
  }
  if (entry.state === "waiting") {
    row.append(button(words.again ?? "", again));
  }
  if (entry.state === "refused") {
    row.append(link(words.change ?? "", `/install/claim?${new URLSearchParams(entry.fields)}`));
    row.append(button(words.discard ?? "", async () => (await forget(entry.key), again())));
  }
  return row;
}

/** @param {string} text
 * @param {string} look
 */
function line(text, look) {
  const row = document.createElement("li");
  row.className = `row ${look}`;
  const said = document.createElement("span");
  said.textContent = text;
  row.append(said);
  return row;
}

/** @param {string} text
 * @param {string} href
 */
function link(text, href) {
  const made = document.createElement("a");
  made.className = "button quiet";
  made.textContent = text;
  made.href = href;
  return made;
}

/** @param {string} text
 * @param {() => Promise<unknown>} work
 */
function button(text, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = text;
  made.addEventListener("click", () => void work());
  return made;
}
