import { cellsOf, checksum, COLUMNS, ROWS } from './counter.mjs';

/** A new number is drawn this often, in milliseconds: the number tells the time at which it was drawn. */
export const SCREEN_MS = 50;
export const SCREEN_TITLE = 'Qism test screen';

/** A page to share: it shows the time as a counter, and plays a tone once it was clicked. */
export function screenPage(hertz = 2000) {
  const pictures = JSON.stringify({ columns: COLUMNS, rows: ROWS });
  return `<!doctype html><meta charset="utf-8"><title>${SCREEN_TITLE}</title>
<style>body{margin:0;background:#000}canvas{position:fixed;inset:0;width:100vw;height:100vh}button{position:fixed;opacity:.01}</style>
<canvas width="640" height="360"></canvas><button>sound</button>
<script>
const { columns, rows } = ${pictures};
const PATTERN = 0b10110010, NUMBERS = 65536;
${cellsOf.toString()}
${checksum.toString()}
const context = document.querySelector('canvas').getContext('2d');
let drawn = -1;
function draw() {
  const number = Math.floor(Date.now() / ${SCREEN_MS}) % NUMBERS;
  if (number !== drawn) {
    drawn = number;
    cellsOf(number).forEach((white, cell) => {
      context.fillStyle = white ? '#fff' : '#000';
      context.fillRect((cell % columns) * 640 / columns, Math.floor(cell / columns) * 360 / rows, 640 / columns, 360 / rows);
    });
  }
  requestAnimationFrame(draw);
}
draw();
document.querySelector('button').onclick = () => {
  const audio = new AudioContext(), tone = audio.createOscillator(), loud = audio.createGain();
  tone.frequency.value = ${hertz};
  loud.gain.value = 0.3;
  tone.connect(loud).connect(audio.destination);
  tone.start();
};
</script>`;
}
