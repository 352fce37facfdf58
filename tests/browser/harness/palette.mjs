import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS_MAX = 256;

/**
 * A picture of a screen, a PNG with 8 bits a channel as browsers write it, as a PNG with a palette: a third of the bytes.
 * Colours that are nearly the same become one, where there are more than a palette holds.
 */
export function withPalette(png) {
  const { width, height, channels, pixels } = decoded(png);
  const { palette, places } = indexed(pixels, channels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) places.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const data = deflateSync(rows, { level: 9, memLevel: 9 });
  const chunks = [chunk('IHDR', header), chunk('PLTE', palette), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function decoded(png) {
  let [at, header] = [SIGNATURE.length, undefined];
  const data = [];
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 8, at + 8 + length);
    const type = png.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') header = body;
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header[9]];
  if (!channels || header[8] !== 8 || header[12] !== 0) throw new Error('This is no picture as browsers write it.');
  return { width, height, channels, pixels: unfiltered(inflateSync(Buffer.concat(data)), width * channels, height, channels) };
}

/** PNG 1.2, section 6: each byte is told as what it differs by from what is left of it and above it. */
function unfiltered(raw, stride, height, channels) {
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const here = y * stride + x;
      const left = x < channels ? 0 : pixels[here - channels];
      const above = y === 0 ? 0 : pixels[here - stride];
      const corner = x < channels || y === 0 ? 0 : pixels[here - stride - channels];
      const guess = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][filter];
      pixels[here] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return pixels;
}

function nearest(left, above, corner) {
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** The place of each pixel's colour among those that occur most; the others take the nearest of these. */
function indexed(pixels, channels) {
  const counts = new Map();
  const colours = new Uint32Array(pixels.length / channels);
  for (let at = 0; at < colours.length; at += 1) {
    const from = at * channels;
    colours[at] = (pixels[from] << 16) | (pixels[from + 1] << 8) | pixels[from + 2];
    counts.set(colours[at], (counts.get(colours[at]) ?? 0) + 1);
  }
  const kept = [...counts].sort((one, other) => other[1] - one[1]).slice(0, COLOURS_MAX).map(([colour]) => colour);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const channelsOf = kept.map(parts);
  const placeOf = new Map(kept.map((colour, place) => [colour, place]));
  const place = (colour) => {
    const known = placeOf.get(colour);
    if (known !== undefined) return known;
    const [r, g, b] = parts(colour);
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (const [at, [red, green, blue]] of channelsOf.entries()) {
      const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
      if (distance < least) [best, least] = [at, distance];
    }
    placeOf.set(colour, best);
    return best;
  };
  const places = Buffer.alloc(colours.length);
  for (let at = 0; at < colours.length; at += 1) places[at] = place(colours[at]);
  return { palette: Buffer.from(channelsOf.flat()), places };
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(body.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
