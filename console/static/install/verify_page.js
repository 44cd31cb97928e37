// @ts-check
/** The page that verifies a certificate: here, without a network, where the browser can; else the form goes to
 *  the server.
 */
import { canVerify, verify } from "./verify.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("verify"));
const place = /** @type {HTMLElement} */ (document.getElementById("verified"));

/** @param {string} kind
 * @param {string} text
 * @param {string} [look]
 */
function made(kind, text, look = "") {
  const element = document.createElement(kind);
  element.textContent = text;
  element.className = look;
  return element;
}

/** @param {import("./verify.js").Refusal} refusal */
function sentence({ reason, fields }) {
  const texts = JSON.parse(form.dataset.reasons ?? "{}");
  return (texts[reason] ?? reason).replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => String(fields[name] ?? ""));
}

/** @param {any} certificate */
function lines(certificate) {
  const language = document.documentElement.lang.startsWith("fr") ? "fr" : "en";
  const verdicts = JSON.parse(form.dataset.verdicts ?? "{}");
  const list = made("ol", "", "checks");
  for (const item of certificate.items) {
    const row = made("li", "", `card ${item.verdict}`);
    row.append(made("b", item.title[language]), " ", made("span", verdicts[item.verdict] ?? item.verdict, "badge"));
    if (item.open_for) {
      row.append(made("p", item.open_for[language], "dim"));
    }
    list.append(row);
  }
  const { station, location } = certificate;
  const where = [station.station_id, location.site, location.place].filter(Boolean).join(" · ");
  return [made("p", where), list];
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const file = field("certificate").files?.[0];
  if (!file || !(await canVerify())) {
    form.submit();
    return;
  }
  const found = await verify(file, [...(field("beside").files ?? [])], JSON.parse(form.dataset.keys || "null"));
  const isRefused = found.refused.length > 0;
  const trust = isRefused ? "refused" : found.isIssuerKnown ? "valid" : "unknown";
  const rows = [made("p", form.dataset[trust] ?? trust, `verdict ${trust}`)];
  if (isRefused) {
    const list = made("ul", "", "refused");
    list.append(...found.refused.map((each) => made("li", sentence(each))));
    rows.push(list);
  } else {
    rows.push(...lines(found.certificate));
  }
  rows.push(made("p", form.dataset.here ?? "", "dim"));
  place.replaceChildren(...rows);
  place.focus();
});
