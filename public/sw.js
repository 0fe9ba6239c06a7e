/* The service worker: the app opens without a network, and nothing personal is ever kept here.
   A template: the bundler fills in the build and the list of files, the server the digest of its shell and the first
   words of the desk pages' addresses. */
'use strict';

const CACHE = 'fingertip-__BUILD__-__SHELL__';
const FILES = "__PRECACHE__";
const SHELL = '/shell';
const PATIENCE = 3000;

/* The shell's module has no desk page and can only say that the network is missing: there is no hurry to open it. */
const DESK = "__DESK__";
const DESK_PATIENCE = 20000;

/* Pages that the server draws itself; they need no app and must never be answered with its shell. */
const PLAIN = /^\/(api|assets|c|login|activate|logout|plain|docs|healthz|readyz|metrics)(\/|$)/;

self.addEventListener('install', (event) => {
  const fresh = [SHELL, ...FILES].map((url) => new Request(url, { cache: url.startsWith('/assets/') ? 'default' : 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (!PLAIN.test(url.pathname)) event.respondWith(page(request, patience(url)));
  } else if (url.pathname.startsWith('/assets/') || FILES.includes(url.pathname)) {
    event.respondWith(file(request));
  }
});

function patience(url) {
  return DESK.includes(url.pathname.split('/').find(Boolean)) ? DESK_PATIENCE : PATIENCE;
}

/* A page comes from the server while it answers in time: only that answer carries the officer's data.
   Otherwise the anonymous shell opens, and the app shows what it last knew. */
async function page(request, patience) {
  const shell = () => caches.match(SHELL);
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(shell()), patience);
  });
  const network = fetch(request).then(
    async (response) => (response.status >= 502 && response.status <= 504 && (await shell())) || response,
    async (error) => {
      const kept = await shell();
      if (kept) return kept;
      throw error;
    }
  );
  try {
    return (await Promise.race([network, late])) || (await network);
  } finally {
    clearTimeout(timer);
  }
}

/* Named by their content, so what is kept is never stale. */
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && new URL(request.url).pathname.startsWith('/assets/')) {
    const cache = await caches.open(CACHE);
    await cache.put(request, response.clone());
  }
  return response;
}
