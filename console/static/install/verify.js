// @ts-check
/** Verifies a power-up certificate in the browser, without a network: its spelling, its signature, its key, the
 *  seal of a PDF, frames and photos beside it. `charging/certificate` decides the same on the server, and is
 *  asked where this browser knows no Ed25519.
 *
 * @typedef {{reason: string, fields: Record<string, string | number>}} Refusal
 * @typedef {{refused: Refusal[], certificate: any, keyId: string, isIssuerKnown: boolean}} Verdict
 */

const encoder = new TextEncoder();
const STATEMENT = "borne:power-up-certificate/1";
const FORMAT = "borne-power-up-certificate/1";
const SEAL = "borne:power-up-certificate-pdf/1";
const LONGEST_SEAL = 1000;
const KEY_ID_LENGTH = 32;

class Refused extends Error {
  /** @param {string} reason
   * @param {Record<string, string | number>} fields
   */
  constructor(reason, fields = {}) {
    super(reason);
    this.reason = reason;
    this.fields = fields;
  }
}

/** The one spelling of RFC 8785: members sorted by UTF-16, numbers as ECMAScript writes them.
 * @param {unknown} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** @param {Uint8Array | ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes));
  return [...new Uint8Array(digest)].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text base64url without padding */
function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}

/** As `urllib.parse.quote(value, safe=":")` does.
 * @param {string} value
 */
function quoted(value) {
  return encodeURIComponent(value)
    .replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%3A", ":");
}

/** @param {string} line
 * @param {string} signature
 * @param {string} publicKey
 */
async function isSigned(line, signature, publicKey) {
  try {
    const key = await crypto.subtle.importKey("raw", bytesOf(publicKey), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, bytesOf(signature), encoder.encode(line));
  } catch {
    return false;
  }
}

/** Whether this browser can do all of it. */
export async function canVerify() {
  if (!window.isSecureContext || !crypto.subtle) {
    return false;
  }
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} keyId
 * @param {string} publicKey
 */
async function checkKeyId(keyId, publicKey) {
  if ((await sha256(bytesOf(publicKey))).slice(0, KEY_ID_LENGTH) !== keyId) {
    throw new Refused("key_id_false", { key: keyId });
  }
}

/** @param {any} keys
 * @param {string} keyId
 * @param {string} publicKey
 * @param {string} at
 */
function checkKey(keys, keyId, publicKey, at) {
  if (!keys?.keys?.length) {
    return;
  }
  const known = keys.keys.find((/** @type {any} */ each) => each.key_id === keyId);
  if (!known || known.public_key !== publicKey) {
    throw new Refused("key_of_another", { key: keyId });
  }
  if (known.valid_from && Date.parse(at) < Date.parse(known.valid_from)) {
    throw new Refused("key_not_yet", { at, key: keyId, since: known.valid_from });
  }
  if (known.valid_until && Date.parse(at) >= Date.parse(known.valid_until)) {
    throw new Refused("key_ended", { at, key: keyId, until: known.valid_until });
  }
}

/** The certificate in a sealed PDF.
 * @param {Uint8Array} file
 * @param {any} keys
 */
async function opened(file, keys) {
  const end = new TextDecoder("latin1").decode(file.subarray(Math.max(0, file.length - LONGEST_SEAL)));
  const found = /\n%(borne:power-up-certificate-pdf\/1\?[!-~]+)\n$/.exec(end);
  if (!found) {
    throw new Refused("pdf_without_seal");
  }
  const [line, signature] = found[1].split("&sig=");
  const said = new URLSearchParams(line.slice(SEAL.length + 1));
  const text = (/** @type {string} */ name) => said.get(name) ?? "";
  const pdf = file.subarray(0, file.length - found[0].length);
  const isWhole =
    (await isSigned(line, signature ?? "", text("public"))) && text("pdf") === (await sha256(pdf));
  if (!isWhole) {
    throw new Refused("pdf_changed");
  }
  await checkKeyId(text("key"), text("public"));
  checkKey(keys, text("key"), text("public"), text("at"));
  const start = Number(text("start"));
  return pdf.subarray(start, start + Number(text("length")));
}

/** @param {Uint8Array} file */
function read(file) {
  let found;
  const text = new TextDecoder("utf-8").decode(file);
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Refused("no_certificate", { problem: String(error) });
  }
  if (found?.certificate?.format !== FORMAT || !found.signature) {
    throw new Refused("no_certificate", { problem: "format" });
  }
  if (canonical(found) !== text) {
    throw new Refused("altered_form");
  }
  return found;
}

/** @param {any} certificate
 * @param {File} file
 */
async function checkFrames(certificate, file) {
  const lines = (await file.text()).split("\n");
  if (lines.pop() !== "" || lines.length === 0) {
    throw new Refused("frames_unreadable", { line: lines.length + 1 });
  }
  const start = parsed(lines[0], 1);
  if (start.station !== certificate.station.station_id) {
    throw new Refused("frames_of_another_station", { station: start.station });
  }
  if (start.run !== certificate.run.id) {
    throw new Refused("frames_of_another_run", { run: start.run });
  }
  let head = await sha256(encoder.encode(lines[0]));
  for (const [place, line] of lines.slice(1).entries()) {
    const frame = parsed(line, place + 2);
    if (frame.n !== place + 1) {
      throw new Refused("frame_left_out", { frame: place + 1 });
    }
    head = await sha256(encoder.encode(canonical([head, frame.sender, frame.at, frame.us, frame.raw])));
    if (head !== frame.hash) {
      throw new Refused("frame_changed", { frame: place + 1 });
    }
  }
  const wanted = certificate.frames;
  const count = lines.length - 1;
  if (count !== wanted.count) {
    throw new Refused(count < wanted.count ? "frames_missing" : "frames_added", { found: count, wanted: wanted.count });
  }
  if (head !== wanted.head) {
    throw new Refused("chain_of_others");
  }
}

/** @param {string} line
 * @param {number} number
 */
function parsed(line, number) {
  try {
    const found = JSON.parse(line);
    if (canonical(found) === line) {
      return found;
    }
  } catch {
    // told below
  }
  throw new Refused("frames_unreadable", { line: number });
}

/** @param {any[]} wanted
 * @param {Map<string, string>} found
 * @returns {Refusal[]}
 */
function refusedPhotos(wanted, found) {
  const hashes = new Set(found.values());
  const isNone = wanted.every((each) => !hashes.has(each.sha256));
  if (found.size > 0 && isNone && (wanted.length > 1 || (wanted.length === 1 && !found.has(wanted[0].name)))) {
    return [{ reason: "photos_of_another_run", fields: { count: found.size } }];
  }
  /** @type {Refusal[]} */
  const refused = [];
  for (const photo of wanted) {
    const there = found.get(photo.name);
    if (there === photo.sha256 || (there === undefined && hashes.has(photo.sha256))) {
      continue;
    }
    const other = wanted.find((each) => each.sha256 === there);
    if (there === undefined) {
      refused.push({ reason: "photo_missing", fields: { name: photo.name } });
    } else if (other) {
      refused.push({ reason: "photo_swapped", fields: { name: photo.name, other: other.name } });
    } else {
      refused.push({ reason: "photo_changed", fields: { name: photo.name } });
    }
  }
  return refused;
}

/** Examines a certificate with what lies beside it. `keys`: what the issuer published.
 * @param {File} file
 * @param {File[]} beside
 * @param {any} keys
 * @returns {Promise<Verdict>}
 */
export async function verify(file, beside, keys) {
  /** @type {Verdict} */
  const verdict = { refused: [], certificate: null, keyId: "", isIssuerKnown: Boolean(keys?.keys?.length) };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const isPdf = new TextDecoder("latin1").decode(bytes.subarray(0, 5)) === "%PDF-";
    const signed = read(isPdf ? await opened(bytes, keys) : bytes);
    const { certificate, signature } = signed;
    verdict.certificate = certificate;
    verdict.keyId = signature.key_id;
    await checkKeyId(signature.key_id, signature.public_key);
    const fields = [
      ["station", certificate.station.station_id],
      ["run", certificate.run.id],
      ["verdict", certificate.verdict],
      ["at", certificate.issued_at],
      ["sha256", await sha256(encoder.encode(canonical(certificate)))],
      ["key", signature.key_id],
    ];
    const line = `${STATEMENT}?${fields.map(([name, value]) => `${name}=${quoted(value)}`).join("&")}`;
    if (!(await isSigned(line, signature.value, signature.public_key))) {
      throw new Refused("signature_false", { key: signature.key_id });
    }
    checkKey(keys, signature.key_id, signature.public_key, certificate.issued_at);
    const frames = beside.find((each) => each.name.endsWith(".jsonl"));
    if (frames) {
      await checkFrames(certificate, frames);
    }
    const photos = beside.filter((each) => each !== frames);
    if (photos.length > 0) {
      const pairs = photos.map(async (each) => /** @type {[string, string]} */ ([each.name, await sha256(await each.arrayBuffer())]));
      verdict.refused.push(...refusedPhotos(certificate.photos, new Map(await Promise.all(pairs))));
    }
  } catch (error) {
    const { reason, fields } = error instanceof Refused ? error : new Refused("no_certificate", { problem: String(error) });
    verdict.refused.push({ reason, fields });
  }
  return verdict;
}
