// @ts-check
/** Time and position as a camera wrote them into a JPEG (Exif 2.32): claims, and mostly not there. */

const NONE = { taken_at: null, latitude: null, longitude: null };
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const ORIGINAL = 0x9003;
const OFFSET_ORIGINAL = 0x9011;
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];

/** @param {ArrayBuffer} buffer the beginning of the file
 * @returns {{taken_at: string | null, latitude: number | null, longitude: number | null}}
 */
export function exifOf(buffer) {
  try {
    return read(new DataView(buffer)) ?? NONE;
  } catch {
    return NONE; // cut short, or written by somebody who counts otherwise
  }
}

/** @param {DataView} view */
function read(view) {
  if (view.getUint16(0) !== 0xffd8) {
    return null;
  }
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
      return told(new DataView(view.buffer, at + 10));
    }
  }
  return null;
}

/** @param {DataView} tiff */
function told(tiff) {
  const isLittle = tiff.getUint16(0) === 0x4949;
  const entries = (/** @type {number} */ start) => directory(tiff, start, isLittle);
  const first = entries(tiff.getUint32(4, isLittle));
  const inside = first.has(EXIF_IFD) ? entries(Number(first.get(EXIF_IFD))) : new Map();
  const gps = first.has(GPS_IFD) ? entries(Number(first.get(GPS_IFD))) : new Map();
  const time = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(String(inside.get(ORIGINAL) ?? ""));
  const zone = /^[+-]\d\d:\d\d/.exec(String(inside.get(OFFSET_ORIGINAL) ?? ""))?.[0];
  const at = time ? new Date(`${time[1]}-${time[2]}-${time[3]}T${time[4]}${zone ?? ""}`) : null;
  return {
    taken_at: at && !Number.isNaN(at.getTime()) ? at.toISOString() : null,
    latitude: degrees(gps.get(2), gps.get(1) === "S"),
    longitude: degrees(gps.get(4), gps.get(3) === "W"),
  };
}

/** @param {unknown} parts
 * @param {boolean} isBelow
 */
function degrees(parts, isBelow) {
  if (!Array.isArray(parts) || parts.length !== 3) {
    return null;
  }
  const value = parts[0] + parts[1] / 60 + parts[2] / 3600;
  return Number.isFinite(value) ? (isBelow ? -value : value) : null;
}

/** @param {DataView} tiff
 * @param {number} start
 * @param {boolean} isLittle
 */
function directory(tiff, start, isLittle) {
  const found = new Map();
  for (let number = 0; number < tiff.getUint16(start, isLittle); number += 1) {
    const entry = start + 2 + number * 12;
    const kind = tiff.getUint16(entry + 2, isLittle);
    const count = tiff.getUint32(entry + 4, isLittle);
    const size = (SIZES[kind] ?? 0) * count;
    const place = size > 4 ? tiff.getUint32(entry + 8, isLittle) : entry + 8;
    if (size > 0 && size < 1024) {
      found.set(tiff.getUint16(entry, isLittle), value(tiff, place, kind, count, isLittle));
    }
  }
  return found;
}

/** @param {DataView} tiff
 * @param {number} place
 * @param {number} kind
 * @param {number} count
 * @param {boolean} isLittle
 */
function value(tiff, place, kind, count, isLittle) {
  if (kind === 2) {
    const text = [...Array(count).keys()].map((each) => String.fromCharCode(tiff.getUint8(place + each)));
    return text.join("").replace(/\0.*$/s, "");
  }
  if (kind === 5) {
    const part = (/** @type {number} */ at) => tiff.getUint32(at, isLittle);
    return [...Array(count).keys()].map((each) => part(place + 8 * each) / part(place + 8 * each + 4));
  }
  return kind === 3 ? tiff.getUint16(place, isLittle) : tiff.getUint32(place, isLittle);
}
