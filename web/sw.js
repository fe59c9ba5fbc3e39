// The site without a network, after the first visit. pages.mjs fills in the two constants.
//
// The network comes first, so a new build shows at the next reload; only when there is none does the
// stored copy answer. A copy is stored as a whole or not at all, so its files always belong together.
'use strict';

const kVersion = 'VERSION';
const kFiles = ['FILES'];
const kMine = `lrlab ${self.registration.scope} `;  // another copy of the lab may lie on the same host
const kName = kMine + kVersion;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const copy = await caches.open(kName);
    await copy.addAll(kFiles);
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys())
      if (name.startsWith(kMine) && name !== kName) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  event.respondWith(fetch(request).catch(async (error) => {
    const copy = await caches.open(kName);
    const found = await copy.match(request, { ignoreSearch: true, ignoreVary: true });
    if (found) return found;
    throw error;
  }));
});
