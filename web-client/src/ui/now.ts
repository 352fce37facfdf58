import { signal } from '@preact/signals';

/** `Date.now()`, once a second; whoever reads it is rendered again. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 1000);
