// @ts-check
/** Where on the plan of a floor a station is: tapped, or moved with the arrow keys. Shares of the picture's width
 *  and height go with the form, and so does the floor.
 */

const STEP = 0.02;
/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button.plan"))) {
  button.addEventListener("click", (event) => {
    const box = button.getBoundingClientRect();
    const isTap = event.detail > 0; // the Enter key has no position: it puts the mark into the middle
    mark(button, isTap ? (event.clientX - box.left) / box.width : 0.5, isTap ? (event.clientY - box.top) / box.height : 0.5);
  });
  button.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (move !== undefined) {
      event.preventDefault();
      mark(button, Number(field(button, "plan_x").value || 0.5) + move[0], Number(field(button, "plan_y").value || 0.5) + move[1]);
    }
  });
}

/** @param {HTMLElement} button
 * @param {number} x
 * @param {number} y
 */
function mark(button, x, y) {
  const [wide, high] = [x, y].map((each) => Math.min(1, Math.max(0, each)).toFixed(4));
  field(button, "plan_x").value = wide;
  field(button, "plan_y").value = high;
  field(button, "floor").value = button.dataset.floor || field(button, "floor").value;
  for (const pin of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("button.plan .pin"))) {
    pin.hidden = pin.parentElement !== button;
  }
  const pin = /** @type {HTMLElement} */ (button.querySelector(".pin"));
  pin.style.left = `${100 * Number(wide)}%`;
  pin.style.top = `${100 * Number(high)}%`;
  const said = /** @type {HTMLElement} */ (button.parentElement?.querySelector("[data-tapped]"));
  said.textContent = said.dataset.tapped ?? "";
}

/** @param {HTMLElement} button
 * @param {string} name
 */
function field(button, name) {
  const form = /** @type {HTMLFormElement} */ (button.closest("form"));
  return /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
}
