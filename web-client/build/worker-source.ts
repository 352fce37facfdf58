import { PAGES } from '../src/pages.ts';

/**
 * The service worker's text. It keeps the shell (the page and its hashed files) and nothing else: calls to the server
 * never pass through it. It fetches nothing by itself either, so it costs a first visit only its own few bytes.
 */
export function workerSource(version: string): string {
  return `const PAGES = ${JSON.stringify(['', 'join', 'lesson', ...PAGES])};
const CACHE = 'qism-${version}';
const PAGE = '/';
// A page that the network brings within this time is newer than ours; after it, ours starts.
const PAGE_WAIT_MS = 2500;

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith('qism-') && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

// The page tells what it has loaded before this worker stood in its way; all of it is in the browser's cache.
self.addEventListener('message', (event) => {
  if (event.data?.type !== 'loaded') return;
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    for (const url of event.data.urls) {
      if (isAsset(new URL(url)) && !(await cache.match(url))) await cache.add(url).catch(() => {});
    }
    if (!(await cache.match(PAGE))) await cache.add(PAGE).catch(() => {});
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && isPage(url)) event.respondWith(page(request));
  else if (isAsset(url)) event.respondWith(asset(request));
});

function isAsset(url) {
  return url.origin === self.location.origin && url.pathname.startsWith('/assets/');
}

function isPage(url) {
  return PAGES.includes(url.pathname.split('/')[1]);
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request.url, response.clone());
  return response;
}

// Every route is the one page.
async function page(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PAGE);
  const fresh = fetch(request).then(async (response) => {
    if (response.ok) await cache.put(PAGE, response.clone());
    return response.status >= 500 && kept ? kept.clone() : response;
  });
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept.clone()), PAGE_WAIT_MS));
  return Promise.race([fresh.catch(() => kept.clone()), late]);
}
`;
}
