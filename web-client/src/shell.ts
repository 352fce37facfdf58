/** How long after its start the page tells the service worker what it has loaded, in milliseconds. */
const SETTLED_MS = 8000;

/** Keeps the page and its files for the next visit. Nothing depends on it: where it cannot be, pages load as ever. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // The lesson comes first on a slow link.
  setTimeout(() => void register().catch(() => undefined), SETTLED_MS);
}

async function register(): Promise<void> {
  await navigator.serviceWorker.register('/sw.js');
  const { active } = await navigator.serviceWorker.ready;
  const urls = performance.getEntriesByType('resource').map(({ name }) => name);
  active?.postMessage({ type: 'loaded', urls });
}
