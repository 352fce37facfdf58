/** `npm run screenshots`: every screen, in Arabic and French, on a desk and on a phone, into `screenshots/`. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Server } from './harness/server.mjs';
import { ClassAtWork, DESK, PHONE, tour } from './harness/tour.mjs';

const FOLDER = resolve(import.meta.dirname, '../../screenshots');

mkdirSync(FOLDER, { recursive: true });
for (const file of readdirSync(FOLDER)) if (/^(ar|fr)-(desk|phone)-.*\.png$/.test(file)) rmSync(join(FOLDER, file));
for (const language of ['ar', 'fr']) {
  const server = await Server.start();
  const room = await ClassAtWork.begin(server, language);
  try {
    for (const size of [DESK, PHONE]) {
      let number = 0;
      await tour(room, size, async (name, page) => {
        number += 1;
        const file = `${language}-${size.name}-${String(number).padStart(2, '0')}-${name}.png`;
        await page.screenshot({ path: join(FOLDER, file), animations: 'disabled' });
        console.log(file);
      });
    }
  } finally {
    await room.end();
    await server.stop();
  }
}
