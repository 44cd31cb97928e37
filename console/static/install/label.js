// @ts-check
/** What a label's code says, read on the phone where there is no signal: the plain forms of what
 *  provisioning/rules/labels.py reads. tests/support/labels.py has the texts that both must read alike.
 *
 * @typedef {{mac: string | null, code: string | null}} Label
 */

const MAC =
  "(?:[0-9a-f]{4}(?:[:\\-. ][0-9a-f]{4}){2,3}|[0-9a-f]{2}(?:[:\\-. ][0-9a-f]{2}){7}" +
  "|[0-9a-f]{2}(?:[:\\-. ][0-9a-f]{2}){5}|[0-9a-f]{6}[:\\-. ][0-9a-f]{6}|[0-9a-f]{16}|[0-9a-f]{12})";
const WHOLE_MAC = new RegExp(`^${MAC}$`, "i");
const SOME_MAC = new RegExp(`(?<![0-9a-z])(?:0x)?(${MAC})(?![0-9a-z])`, "i");
const CODES = /(?<![0-9a-z])[0-9a-z]{4}-?[0-9a-z]{4,5}(?![0-9a-z])/gi;

/** A MAC of 12 or 16 digits in any spelling as capital digits, or null.
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
  const found = SOME_MAC.exec(trimmed);
  if (found === null) {
    return { mac: null, code: null };
  }
  const codes = trimmed.replace(found[0], " ").match(CODES) ?? [];
  const code = codes.find((each) => /[0-9]/.test(each)) ?? null;
  return { mac: macOf(found[1]), code: code?.toUpperCase() ?? null };
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
