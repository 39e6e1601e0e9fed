/** What the fills of the map mean besides the colour bar, and how many windows and events there are. */
import { useEffect, useRef } from 'preact/hooks';
import { labelText } from '../../report/svg/label.ts';
import type { MapModel } from './model.ts';
import { isInk, PATTERNS } from './patterns.ts';
import { packColour, type Category } from './shading.ts';

const [WIDTH, HEIGHT] = [24, 14];

export function Legend({ model }: { readonly model: MapModel }) {
  const { bar, categories } = model.shading.value;
  const { x } = model.result.events;
  return (
    <ul class="map-legend">
      {categories.map((category) => (
        <li key={category.label}>
          <Swatch category={category} />
          {labelText(category.label)}: {category.nWindows} windows
        </li>
      ))}
      {bar !== undefined && bar.nAbove > 0 && <li>▲ {bar.nAbove} windows above the scale</li>}
      {model.choice.events.value && (
        <li>
          <span class="map-event" aria-hidden="true" />
          {x.length} events
        </li>
      )}
    </ul>
  );
}

function Swatch({ category: { ground, ink, pattern } }: { readonly category: Category }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const image = new ImageData(WIDTH, HEIGHT);
    const pixels = new Uint32Array(image.data.buffer);
    const code = PATTERNS.indexOf(pattern);
    for (let pixel = 0; pixel < pixels.length; pixel++)
      pixels[pixel] = packColour(isInk(code, pixel % WIDTH, Math.floor(pixel / WIDTH)) ? ink : ground);
    context.putImageData(image, 0, 0);
  }, [ground, ink, pattern]);
  return <canvas ref={canvas} class="map-swatch" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
}
