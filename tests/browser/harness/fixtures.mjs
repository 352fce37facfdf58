import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellsOf, COLUMNS, ROWS } from './counter.mjs';

/** Generated once per machine; a change of what is generated changes the folder's name. */
const FOLDER = join(tmpdir(), 'qism-browser-fixtures-1');

/** A camera's pictures: a Y4M file whose frame `n` carries the number `n`; browsers play it in a loop. */
export function camera({ width = 640, height = 360, framesPerSecond = 15, frames = 150 } = {}) {
  return made(`counter-${width}x${height}-${framesPerSecond}-${frames}.y4m`, (path) => {
    const file = openSync(path, 'w');
    writeSync(file, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
    const grey = Buffer.alloc((width * height) / 2, 128);
    for (let number = 0; number < frames; number += 1) {
      writeSync(file, 'FRAME\n');
      writeSync(file, luma(number, width, height));
      writeSync(file, grey);
    }
    closeSync(file);
  });
}

function luma(number, width, height) {
  const cells = cellsOf(number);
  const plane = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((y * ROWS) / height) * COLUMNS;
    for (let column = 0; column < COLUMNS; column += 1) {
      const from = y * width + Math.round((column * width) / COLUMNS);
      const to = y * width + Math.round(((column + 1) * width) / COLUMNS);
      plane.fill(cells[row + column] ? 225 : 30, from, to);
    }
  }
  return plane;
}

/**
 * A voice: a WAV file of beeps of one frequency. Beeps, because what lasts is taken for noise by the browser's noise
 * suppression, as it should be.
 */
export function voice(hertz) {
  return made(`voice-${hertz}.wav`, (path) => {
    const rate = 48_000;
    const samples = rate * 4;
    const data = Buffer.alloc(samples * 2);
    for (let n = 0; n < samples; n += 1) {
      const phase = (n / rate) % 0.25;
      const loud = phase < 0.15 ? Math.min(1, phase / 0.01, (0.15 - phase) / 0.01) : 0;
      data.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hertz * n) / rate) * loud * 16_000), n * 2);
    }
    writeFileSync(path, Buffer.concat([wavHeader(rate, data.length), data]));
  });
}

function wavHeader(rate, bytes) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

export function made(name, make) {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  make(unfinished);
  renameSync(unfinished, path);
  return path;
}
