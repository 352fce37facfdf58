import { camera, slide } from './pictures';

/** A stream of a drawn picture, painted again now and then so that frames keep coming. */
export async function drawing(kind: 'screen' | 'camera', face: number): Promise<MediaStream> {
  const svg = kind === 'screen' ? slide(document.documentElement.lang) : camera(face);
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = kind === 'screen' ? [1280, 720] : [640, 360];
  const context = canvas.getContext('2d');
  const paint = () => context?.drawImage(image, 0, 0, canvas.width, canvas.height);
  paint();
  setInterval(paint, 200);
  return canvas.captureStream(5);
}
