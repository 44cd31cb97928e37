// @ts-check
/** Reads codes from the camera: with the browser's own reader where there is one, else with a library that is
 *  fetched on the first use and then kept. Needs a secure context; without one the page offers a photo.
 */

const FORMATS = ["qr_code", "data_matrix", "code_128"];
const EVERY_MS = 150;

/** Whether this browser gives a camera to this page.
 * @returns {boolean}
 */
export function canScan() {
  return window.isSecureContext && typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** Shows the camera in `video` until `stop()`, and tells each text that it reads.
 * @param {HTMLVideoElement} video
 * @param {string} libraryUrl where the reader is, for browsers without their own
 * @param {(text: string) => void} onText
 * @returns {Promise<{stop: () => void, torch: ((on: boolean) => Promise<void>) | null}>}
 *   `torch` is null where the camera has no light
 */
export async function startScan(video, libraryUrl, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
  });
  const [track] = stream.getVideoTracks();
  const end = () => stream.getTracks().forEach((each) => each.stop());
  try {
    video.srcObject = stream;
    await video.play();
    const read = await newReader(libraryUrl);
    const timer = every(EVERY_MS, async () => {
      const text = video.readyState >= video.HAVE_CURRENT_DATA ? await read(video) : null;
      if (text) {
        onText(text);
      }
    });
    return { stop: () => (timer(), end()), torch: torchOf(track) };
  } catch (error) {
    end();
    throw error;
  }
}

/** Calls `work` again and again, never twice at a time.
 * @param {number} pauseMs
 * @param {() => Promise<void>} work
 * @returns {() => void} ends it
 */
function every(pauseMs, work) {
  let ended = false;
  const turn = async () => {
    if (ended) {
      return;
    }
    try {
      await work();
    } catch {
      // one picture that cannot be read is followed by the next
    }
    setTimeout(turn, pauseMs);
  };
  void turn();
  return () => {
    ended = true;
  };
}

/** @param {MediaStreamTrack} track */
function torchOf(track) {
  const able = /** @type {any} */ (track.getCapabilities?.() ?? {});
  if (!able.torch) {
    return null;
  }
  return (/** @type {boolean} */ on) =>
    track.applyConstraints({ advanced: [/** @type {any} */ ({ torch: on })] });
}

/** @param {string} libraryUrl
 * @returns {Promise<(video: HTMLVideoElement) => Promise<string | null>>}
 */
async function newReader(libraryUrl) {
  const own = /** @type {any} */ (window).BarcodeDetector;
  const known = own ? await own.getSupportedFormats() : [];
  const formats = FORMATS.filter((each) => known.includes(each));
  if (formats.includes("qr_code") && formats.includes("data_matrix")) {
    const detector = new own({ formats });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  return libraryReader(libraryUrl);
}

/** @param {string} libraryUrl */
async function libraryReader(libraryUrl) {
  await loaded(libraryUrl);
  const library = /** @type {any} */ (window).ZXing;
  const { BarcodeFormat: format, DecodeHintType: hint } = library;
  const hints = new Map();
  hints.set(hint.POSSIBLE_FORMATS, [format.QR_CODE, format.DATA_MATRIX, format.CODE_128]);
  hints.set(hint.TRY_HARDER, true);
  const reader = new library.MultiFormatReader();
  const canvas = document.createElement("canvas");
  return async (/** @type {HTMLVideoElement} */ video) => {
    const source = new library.HTMLCanvasElementLuminanceSource(drawn(video, canvas));
    try {
      return reader.decode(new library.BinaryBitmap(new library.HybridBinarizer(source)), hints).getText();
    } catch {
      return null; // no code in this picture
    }
  };
}

/** @param {HTMLVideoElement} video
 * @param {HTMLCanvasElement} canvas
 */
function drawn(video, canvas) {
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d", { willReadFrequently: true })?.drawImage(video, 0, 0);
  return canvas;
}

/** @type {Map<string, Promise<void>>} */
const scripts = new Map();

/** @param {string} url
 * @returns {Promise<void>}
 */
function loaded(url) {
  const known = scripts.get(url);
  if (known) {
    return known;
  }
  /** @type {Promise<void>} */
  const coming = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => {
      scripts.delete(url); // the next tap tries again
      reject(new Error(url));
    };
    document.head.append(script);
  });
  scripts.set(url, coming);
  return coming;
}
