// Shows REST calls as they happen, and renews what the page shows when one of them may have changed it.
"use strict";

const KEPT = 200;
const PAUSE = 500; // milliseconds between two renewals: many calls must not become many pages

const calls = document.getElementById("calls");
const connection = document.getElementById("connection");
let last = Number(calls.dataset.last);
let source;

function connect() {
  source = new EventSource(`${calls.dataset.events}?after=${last}`);
  source.onopen = () => { connected("Live"); };
  source.onerror = () => { connected("Not connected, trying again"); };
  source.onmessage = (message) => {
    last = Number(message.lastEventId);
    const call = JSON.parse(message.data);
    show(call.html);
    if (call.changes) renew();
  };
}

function connected(words) {
  connection.textContent = words;
  connection.className = words === "Live" ? "live" : "";
}

function show(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const entry = template.content.firstElementChild;
  entry.classList.add("changed");
  calls.prepend(entry);
  while (calls.children.length > KEPT) calls.lastElementChild.remove();
}

let renewing = false;
let stale = false;

async function renew() {
  stale = true;
  if (renewing) return;
  renewing = true;
  while (stale) {
    stale = false;
    await renewParts().catch(() => { stale = false; }); // the portal is gone: the log says so
    await new Promise((resume) => setTimeout(resume, PAUSE));
  }
  renewing = false;
}

async function renewParts() {
  const parts = document.querySelectorAll("[data-renewed]");
  if (!parts.length) return;
  const answer = await fetch(location.href);
  if (!answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) replace(part, page.getElementById(part.id));
}

// What changed is marked, and the focus stays on the same link.
function replace(part, fresh) {
  const keyed = (root) => [...root.querySelectorAll("[data-key]")];
  const before = new Map(keyed(part).map((element) => [element.dataset.key, element.textContent]));
  const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
  part.replaceChildren(...fresh.childNodes);
  for (const element of keyed(part)) {
    if (before.get(element.dataset.key) !== element.textContent) element.classList.add("changed");
  }
  if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

// A browser keeps only a few connections to one place: pages that nobody sees give theirs back.
document.addEventListener("visibilitychange", () => {
  source.close();
  if (document.hidden) return;
  connect();
  renew();
});
connect();
