// @ts-check
/** What a label's code says, read on the phone where there is no signal. The server reads it again, by the
 *  same rules (provisioning/rules/labels.py); tests/console/label_vectors.json holds both to them.
 *
 * @typedef {{mac: string | null, code: string | null}} Label
 */

const SIX_BYTES = /(?:[0-9a-f]{2}[:\-. ]?){5}[0-9a-f]{2}/i;
const WHOLE_MAC = /^(?:[0-9a-f]{2}[:\-. ]?){5}[0-9a-f]{2}$|^(?:[0-9a-f]{4}[:\-.]){2}[0-9a-f]{4}$/i;

/** A MAC in any spelling as twelve capital digits, or null.
 * @param {string} text
 * @returns {string | null}
 */
export function macOf(text) {
  const trimmed = text.trim();
  return WHOLE_MAC.test(trimmed) ? trimmed.replace(/[^0-9a-f]/gi, "").toUpperCase() : null;
}

/** MAC and claim code of a scanned text: a link, or both with anything between, or a bare MAC.
 * @param {string} text
 * @returns {Label}
 */
export function labelOf(text) {
  const trimmed = text.trim();
  const link = linkOf(trimmed);
  if (link !== null) {
    return link;
  }
  const found = SIX_BYTES.exec(trimmed);
  if (found === null) {
    return { mac: null, code: null };
  }
  const rest = trimmed.slice(found.index + found[0].length).replace(/^[^0-9a-z]+|[^0-9a-z]+$/gi, "");
  return { mac: macOf(found[0]), code: rest === "" ? null : rest.toUpperCase() };
}

/** @param {string} text
 * @returns {Label | null}
 */
function linkOf(text) {
  let link;
  try {
    link = new URL(text);
  } catch {
    return null;
  }
  if (!/^https?:$/.test(link.protocol)) {
    return null;
  }
  const value = (/** @type {string} */ name) => link.searchParams.get(name)?.trim() || null;
  const mac = value("mac");
  return { mac: mac === null ? null : macOf(mac), code: value("code")?.toUpperCase() ?? null };
}
