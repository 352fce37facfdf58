import { closeSync, openSync, writeSync } from 'node:fs';
import { made } from './fixtures.mjs';
import { SCREEN_TITLE } from './screen.mjs';

/** What stands on the shared screen in pictures of the product. */
const SLIDES = {
  ar: {
    dir: 'rtl',
    title: 'قانون أوم',
    lines: ['الجهد = المقاومة × التيار', 'كلما زادت المقاومة قلّ التيار', 'تمرين: 12 فولط على 4 أوم، كم أمبير؟'],
  },
  fr: {
    dir: 'ltr',
    title: 'Régler l’intensité de soudage',
    lines: ['Électrode de 2,5 mm : 70 à 90 A', 'Trop faible : le cordon colle mal', 'Trop forte : la pièce se perce'],
  },
};

/** A page to share as the screen: one slide. */
export function slidePage(language) {
  const { dir, title, lines } = SLIDES[language] ?? SLIDES.fr;
  return `<!doctype html><html lang="${language}" dir="${dir}"><meta charset="utf-8"><title>${SCREEN_TITLE}</title>
<style>
  body { margin: 0; min-height: 100vh; box-sizing: border-box; padding: 7vh 8vw; font: 4.4vh/1.6 "IBM Plex Sans Arabic", "Noto Sans Arabic", sans-serif; color: #17211d; background: #fff }
  h1 { font-size: 8vh; line-height: 1.3; margin: 0 0 5vh; color: #0e5a4c; border-block-end: .6vh solid #0e5a4c; padding-block-end: 2vh }
  li { margin-block: 2.4vh }
  svg { display: block; margin-block-start: 5vh; width: 60%; height: auto }
</style>
<h1>${title}</h1><ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>
<svg viewBox="0 0 400 90" fill="none" stroke="#17211d" stroke-width="3">
  <path d="M10 60h90l10-22 20 44 20-44 20 44 20-44 20 44 10-22h170"/><circle cx="10" cy="60" r="5" fill="#17211d"/><circle cx="390" cy="60" r="5" fill="#17211d"/>
</svg><button style="opacity:0">·</button></html>`;
}

/** Somebody in front of a wall, for pictures of the product: a head and shoulders, moving a little. */
export function portrait({ width = 1280, height = 720, framesPerSecond = 10, frames = 20 } = {}) {
  return made(`portrait-${width}x${height}-${framesPerSecond}-${frames}.y4m`, (path) => {
    const file = openSync(path, 'w');
    writeSync(file, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
    for (let n = 0; n < frames; n += 1) {
      writeSync(file, 'FRAME\n');
      for (const plane of painted(width, height, Math.sin((2 * Math.PI * n) / frames) * 4)) writeSync(file, plane);
    }
    closeSync(file);
  });
}

/** Luma, then the two colour planes at half the size. */
function painted(width, height, sway) {
  const inside = (x, y, centre, middle, wide, high) => ((x - centre) / wide) ** 2 + ((y - middle) / high) ** 2 < 1;
  const colourAt = (x, y) => {
    const centre = width / 2 + sway;
    if (inside(x, y, centre, height * 0.36, height * 0.145, height * 0.16)) return y < height * 0.28 ? [52, 126, 132] : [168, 112, 150];
    if (inside(x, y, centre, height * 0.3, height * 0.17, height * 0.17)) return [52, 126, 132];
    if (inside(x, y, centre, height * 0.55, height * 0.06, height * 0.13)) return [150, 112, 150];
    if (inside(x, y, centre, height * 1.02, height * 0.42, height * 0.42)) return [84, 132, 112];
    const shelf = Math.abs(y - height * 0.22) < height * 0.008 && x < width * 0.3;
    return shelf ? [120, 122, 134] : [186 - (y / height) * 36 + (x / width) * 14, 123, 131];
  };
  const [luma, blue, red] = [Buffer.alloc(width * height), Buffer.alloc((width * height) / 4), Buffer.alloc((width * height) / 4)];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [light, b, r] = colourAt(x, y);
      luma[y * width + x] = light;
      if (y % 2 === 0 && x % 2 === 0) {
        blue[(y / 2) * (width / 2) + x / 2] = b;
        red[(y / 2) * (width / 2) + x / 2] = r;
      }
    }
  }
  return [luma, blue, red];
}
