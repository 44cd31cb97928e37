// One stream of news for all tabs of a browser, in a shared worker. Where there is none (Android), each tab has
// its own as long as it is looked at; where streams fail, the page's own look every ten seconds is what is left.
export function listen(topics, told) {
  if (!topics.length) return;
  if ("SharedWorker" in window) shared(topics, told);
  else alone(topics, told);
}

function shared(topics, told) {
  const worker = new SharedWorker(new URL("./stream-worker.js", import.meta.url), { name: "borne" });
  const { port } = worker;
  port.onmessage = ({ data }) => told[data.kind]?.(data.kind === "changed" ? data.topics : data.isAgain);
  const say = () => port.postMessage({ topics });
  worker.onerror = () => alone(topics, told);
  port.start();
  say();
  setInterval(say, 20000); // a tab that closed says nothing more, and is forgotten
  addEventListener("pagehide", () => port.postMessage({ topics: [] }));
  addEventListener("pageshow", (event) => event.persisted && say());
}

function alone(topics, told) {
  const query = new URLSearchParams(topics.map((each) => ["topic", each]));
  let source = null;
  let wasOpen = false;
  const open = () => {
    if (document.hidden || source) return;
    source = new EventSource(`/changes?${query}`);
    source.onopen = () => {
      told.connected(wasOpen);
      wasOpen = true;
    };
    source.addEventListener("changed", (event) => told.changed(JSON.parse(event.data)));
    source.onerror = () => {
      told.lost();
      if (source.readyState === EventSource.CLOSED) {
        close();
        setTimeout(open, 5000);
      }
    };
  };
  const close = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}
