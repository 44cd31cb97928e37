// @ts-check
/** What is told of a MAC and a claim code while they are typed, without a network. */
import { labelOf, macOf } from "./label.js";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32, as claim codes are made of
const CHECKED_CHARACTERS = 8;
const MODULUS = 37;

/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement | null} */ (document.getElementById(id));

/** Whether a code's last character is the check of those before; null where it has none: it is not whole yet, or
 *  was chosen by who ordered the box (provisioning.credentials.is_mistyped says the same).
 * @param {string} typed
 * @returns {boolean | null}
 */
export function isCodeRight(typed) {
  const code = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  if (code.length !== CHECKED_CHARACTERS + 1 || [...code].some((each) => !ALPHABET.includes(each))) {
    return null;
  }
  let number = 0n;
  for (const each of code.slice(0, -1)) {
    number = number * 32n + BigInt(ALPHABET.indexOf(each));
  }
  return `${ALPHABET}*~$=U`[Number(number % BigInt(MODULUS))] === code.slice(-1);
}

/** Puts what a scan gave into the form; false where it says nothing.
 * @param {string} text
 */
export function fillLabel(text) {
  const { mac, code } = labelOf(text);
  const [macField, codeField] = [input("mac"), input("code")];
  if (!macField || !codeField || (mac === null && code === null)) {
    return false;
  }
  macField.value = mac ?? macField.value;
  codeField.value = code ?? codeField.value;
  checkAll();
  return true;
}

/** Says of what stands in the form whether it can be right. */
export function checkAll() {
  checkMac();
  checkCode();
}

function checkMac() {
  const field = input("mac");
  if (!field) {
    return;
  }
  const typed = field.value.trim();
  const digits = typed.replace(/[^0-9a-z]/gi, "");
  if (typed === "") {
    hint("mac", "", "");
  } else if (/[g-z]/i.test(digits)) {
    hint("mac", field.dataset.letters ?? "", "bad");
  } else if (macOf(typed) === null) {
    hint("mac", (field.dataset.short ?? "").replace("{count}", String(digits.length)), "bad");
  } else {
    hint("mac", field.dataset.right ?? "", "good");
  }
}

function checkCode() {
  const field = input("code");
  if (!field) {
    return;
  }
  const isRight = isCodeRight(field.value);
  if (isRight === null) {
    hint("code", "", "");
  } else {
    hint("code", (isRight ? field.dataset.right : field.dataset.mistyped) ?? "", isRight ? "good" : "bad");
  }
}

/** @param {string} name
 * @param {string} text empty: what stands there from the beginning
 * @param {"" | "good" | "bad"} look
 */
function hint(name, text, look) {
  const place = document.getElementById(`${name}-hint`);
  if (!place) {
    return;
  }
  place.dataset.first ??= place.textContent ?? "";
  place.textContent = text || place.dataset.first;
  place.className = `hint ${look}`;
}

document.addEventListener("input", (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.id === "mac" || field.id === "code") {
    checkAll();
  }
});
