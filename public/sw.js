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
const PLAIN = /^\/(api|assets|c|login|activate|logout|plain|print|feeds|docs|healthz|readyz|metrics)(\/|$)/;

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

/* A push message: how much waits, and the page that shows it. A newer message of a kind takes the older one's place. */
self.addEventListener('push', (event) => {
  const told = readPush(event.data);
  const options = {
    body: told.text,
    tag: told.kind,
    renotify: true,
    icon: '/icons/icon-192.png',
    data: { link: told.link },
    lang: 'zh-CN'
  };
  event.waitUntil(self.registration.showNotification('指尖办理', options));
});

/* Browsers punish a push that shows nothing, so one that cannot be read shows that there is something. Only a path of
   this site is ever opened. */
function readPush(data) {
  let told = {};
  try {
    told = data.json() || {};
  } catch {
    /* Empty, or no JSON. */
  }
  const path = typeof told.link === 'string' && /^\/(?![\/\\])/.test(told.link);
  return { kind: String(told.kind || 'notice'), text: String(told.text || '您有新消息'), link: path ? told.link : '/notices' };
}

/* A tap opens the page and decides nothing. */
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openPage(event.notification.data?.link || '/notices'));
});

async function openPage(link) {
  const url = new URL(link, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = windows.find((client) => client.url === url);
  if (there) return there.focus();
  const free = windows.find((client) => canLeave(new URL(client.url).pathname));
  try {
    /* Browsers allow one window for a tap: whoever has been focused cannot open another any more. */
    const shown = free && (await free.navigate(url));
    if (shown) return shown.focus();
  } catch {
    /* A window of another worker, or one that is just closing. */
  }
  return self.clients.openWindow(url);
}

/* Whether a window can be led to another page: where something may be half typed, or is shown to a class, it cannot. */
function canLeave(path) {
  return /^\/((leave|notices|training|me)?|(classes|lessons)\/[0-9a-f-]{36})$/.test(path);
}
