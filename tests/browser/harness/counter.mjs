/**
 * A number drawn as black and white blocks: readable by a program from a frame that was scaled and compressed.
 *
 * The picture is a grid of 8 × 4 equal cells, row by row: 8 cells of a fixed pattern, 16 of the number (highest bit
 * first), 8 of a checksum. Whatever is no such picture, or a mixture of two, is not taken for one.
 */
export const COLUMNS = 8;
export const ROWS = 4;
export const NUMBERS = 1 << 16;

const PATTERN = 0b10110010;

/** The 32 cells of a number, `true` for white. */
export function cellsOf(number) {
  const bits = (value, count) => Array.from({ length: count }, (_, n) => ((value >> (count - 1 - n)) & 1) === 1);
  return [...bits(PATTERN, 8), ...bits(number % NUMBERS, 16), ...bits(checksum(number % NUMBERS), 8)];
}

export function checksum(number) {
  return ((number & 255) * 31 + (number >> 8) * 17 + 0x5a) & 255;
}

/**
 * What a page needs to read such pictures, as a script: `qismCounter.watch(selector)` reads each new frame of the video
 * element that matches, whichever it is at the time, and keeps the newest in `seen`: `{ number | null, at (ms since
 * 1970), width, height }`.
 */
export const READER = `
globalThis.qismCounter = (() => {
  const COLUMNS = ${COLUMNS}, ROWS = ${ROWS}, PATTERN = ${PATTERN}, CELL = 8, KEPT = 2000, LOOK_MS = 50;
  ${checksum.toString()}
  function read(context, source) {
    const width = COLUMNS * CELL, height = ROWS * CELL;
    context.drawImage(source, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    let value = [];
    for (let row = 0; row < ROWS; row++) for (let column = 0; column < COLUMNS; column++) {
      let sum = 0, count = 0;
      for (let y = 2; y < CELL - 2; y++) for (let x = 2; x < CELL - 2; x++) {
        sum += data[((row * CELL + y) * width + column * CELL + x) * 4 + 1];
        count++;
      }
      const mean = sum / count;
      if (mean > 100 && mean < 156) return null;
      value.push(mean >= 128 ? 1 : 0);
    }
    const number = (from, to) => value.slice(from, to).reduce((sum, bit) => sum * 2 + bit, 0);
    const counted = number(8, 24);
    return number(0, 8) === PATTERN && number(24, 32) === checksum(counted) ? counted : null;
  }
  function watch(selector) {
    const canvas = document.createElement('canvas');
    canvas.width = COLUMNS * CELL; canvas.height = ROWS * CELL;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const watched = { seen: [] };
    let video = null;
    const follow = (element) => element.requestVideoFrameCallback((now, frame) => {
      if (element !== video) return;
      watched.seen.push({
        number: read(context, video),
        at: performance.timeOrigin + now,
        width: frame.width, height: frame.height,
      });
      if (watched.seen.length > KEPT) watched.seen.shift();
      follow(element);
    });
    // A picture that comes back may come in another element.
    const look = () => {
      const found = document.querySelector(selector);
      if (found === video) return;
      video = found;
      if (video) follow(video);
    };
    look();
    setInterval(look, LOOK_MS);
    return watched;
  }
  return { watch };
})();
`;
