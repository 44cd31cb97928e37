// Shared by all tabs: holds the browser's one stream, for the topics of all of them together.
const FORGET_MS = 65000; // tabs that are not looked at may say their topics only once a minute
const tabs = new Map(); // port: { topics, at }
let source = null;
let followed = "";
let timer = 0;
let isOpen = false;
let wasOpen = false;

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    const isNew = !tabs.has(port);
    tabs.set(port, { topics: data.topics, at: Date.now() });
    if (!data.topics.length) tabs.delete(port);
    else if (isNew && isOpen) port.postMessage({ kind: "connected", isAgain: false });
    follow();
  };
  port.start();
};

function follow() {
  for (const [port, tab] of tabs) if (Date.now() - tab.at > FORGET_MS) tabs.delete(port);
  const wanted = [...new Set([...tabs.values()].flatMap((tab) => tab.topics))].sort().join("\n");
  if (wanted === followed && source) return;
  clearTimeout(timer);
  timer = setTimeout(() => open(wanted), 50); // tabs that open together are followed together
}

function open(wanted) {
  followed = wanted;
  source?.close();
  source = null;
  isOpen = false;
  if (!wanted) return;
  const query = new URLSearchParams(wanted.split("\n").map((each) => ["topic", each]));
  const mine = new EventSource(`/changes?${query}`);
  source = mine;
  mine.onopen = () => {
    isOpen = true;
    tell({ kind: "connected", isAgain: wasOpen });
    wasOpen = true;
  };
  mine.addEventListener("changed", (event) => tell({ kind: "changed", topics: JSON.parse(event.data) }));
  mine.onerror = () => {
    isOpen = false;
    tell({ kind: "lost" });
    if (mine === source && mine.readyState === EventSource.CLOSED) {
      source = null; // refused: the session may have ended, or the server has no room
      setTimeout(follow, 5000);
    }
  };
}

function tell(message) {
  for (const port of tabs.keys()) port.postMessage(message);
}
