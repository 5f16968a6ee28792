// Opens the shell of 现场办理, which field-keeping.js has put there, where there is no line. What a page shows to whoever
// is signed in is never kept.
"use strict";

const CACHE = "xiezhi-shell";
const PAGE = "/field";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));

// An earlier version kept the page itself, with a name and a token.
async function begin() {
  const others = (await caches.keys()).filter((each) => each !== CACHE);
  await Promise.all(others.map((each) => caches.delete(each)));
  await self.clients.claim();
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await (await caches.open(CACHE)).match(PAGE)) || Response.error();
  }
}

// The address of a file changes with its content: what was kept once stays right.
async function file(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === PAGE) event.respondWith(page(event.request));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});
