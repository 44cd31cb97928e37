// Runs in the head of every page, before the page's own parts.
window.borne = {
  // Over plain HTTP, browsers offer no clipboard: there, a hidden field is selected and copied.
  async copy(text, done) {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
    } else {
      const field = document.createElement("textarea");
      field.value = text;
      (document.querySelector(".q-dialog__inner") ?? document.body).append(field); // dialogs keep the focus inside
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    Quasar.Notify.create({ message: done, type: "positive", timeout: 1500 });
  },

  // A row leads to its page, but not while its own links and buttons are used or its text is selected.
  open(event, row) {
    if (!event.target.closest("a, button") && !getSelection().toString()) location.assign(row.href);
  },

  // Shows the end of a growing log, until somebody scrolls up.
  follow(log) {
    let isAtEnd = true;
    log.addEventListener("scroll", () => {
      isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    });
    const show = () => isAtEnd && (log.scrollTop = log.scrollHeight);
    new MutationObserver(show).observe(log, { childList: true, subtree: true, attributes: true });
    new ResizeObserver(show).observe(log);
    show();
  },
};

// After a restart of the server, or when a session has ended, the page's socket is refused for ever, without a
// reason that a page can read. The page itself is asked for then: whoever must log in again is led there.
const LOOK_EVERY_MS = 3000;
setInterval(async () => {
  if (!window.socket || window.socket.connected) return;
  try {
    const answer = await fetch(location.href, { method: "HEAD" });
    if (answer.status === 401) location.reload();
  } catch {
    // still away: the notice stays
  }
}, LOOK_EVERY_MS);
