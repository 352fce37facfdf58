/** `npm run guide`: the pictures of docs/COMMITTEE.md, in Arabic and French, into docs/images/committee. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Committee } from './harness/committee.mjs';
import { withPalette } from './harness/palette.mjs';
import { Server } from './harness/server.mjs';
import { ClassAtWork } from './harness/tour.mjs';

const FOLDER = resolve(import.meta.dirname, '../../docs/images/committee');
/** Who reads the guide may pay for each byte. */
const BYTES_MAX = 120_000;
/** A country with lessons behind it, for reports: two institutions in each region. */
const PAST = { institutions: 116, trainees: 9_000, lessons: 30_000 };

mkdirSync(FOLDER, { recursive: true });
const country = await Server.start({ country: true });
const past = await Server.start({ seed: PAST, config: '[sign_in]\nsecond_factor = "offered"\n' });
try {
  for (const language of ['fr', 'ar']) {
    const school = await Server.start();
    try {
      await picture({ school, country, past }, language);
    } finally {
      await school.stop();
    }
  }
} finally {
  await Promise.all([country.stop(), past.stop()]);
}

async function picture({ school, country, past }, language) {
  const there = await Committee.begin(country, language, keep(language));
  const here = await Committee.begin(school, language, keep(language));
  const before = await Committee.begin(past, language, keep(language));
  try {
    await here.signsIn();
    await there.watches();
    await there.takesCharge();
    await here.defends();
    await before.reports();
    const room = await ClassAtWork.begin(school, language);
    await here.listens(room).finally(() => room.end());
  } finally {
    await Promise.all([there.end(), here.end(), before.end()]);
  }
}

/** Takes a picture of what `clip` covers: a locator, a size from the page's top, or all that the window shows. */
function keep(language) {
  return async (name, page, clip) => {
    const path = join(FOLDER, `${name}-${language}.png`);
    await page.evaluate(() => document.fonts.ready);
    const options = { animations: 'disabled', scale: 'css' };
    const png = clip?.screenshot
      ? await clip.screenshot(options)
      : await page.screenshot({ ...options, ...(clip && { clip: { x: 0, y: 0, ...clip } }) });
    const picture = withPalette(png);
    writeFileSync(path, picture);
    console.log(`${name}-${language}.png ${picture.length}`);
    if (picture.length > BYTES_MAX) throw new Error(`${path} has ${picture.length} bytes, over ${BYTES_MAX}.`);
  };
}
