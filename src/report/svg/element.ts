/** SVG text without a DOM: elements are strings, text is escaped, coordinates have two decimals. */
import { DarkscanError } from '../../errors.ts';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text safe inside elements and attributes; control characters, which XML forbids, become U+FFFD. */
export function escapeText(text: string): string {
  const allowed = text.replace(/\p{Cc}|\ufffe|\uffff/gu, (c) => (/[\t\n\r]/.test(c) ? c : '\ufffd'));
  return allowed.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}

/** A coordinate: at most two decimals, no exponent, no -0. Error `internal` for NaN and infinities. */
export function formatCoordinate(value: number): string {
  if (!Number.isFinite(value)) throw new DarkscanError('internal', `plots: a coordinate is ${value}`);
  return String(Math.round(value * 100) / 100 + 0);
}

/** One element; numbers are coordinates, undefined attributes are left out, children are SVG already. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? formatCoordinate(value) : escapeText(value!)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** Path data through points, by rounded relative steps (short, and no error adds up). */
export function polyline(points: Iterable<readonly [number, number]>, closed = false): string {
  let path = '';
  let lastX = 0;
  let lastY = 0;
  for (const [x, y] of points) {
    const [roundedX, roundedY] = [Math.round(x * 100), Math.round(y * 100)];
    const step = `${hundredths(roundedX - lastX)} ${hundredths(roundedY - lastY)}`;
    path += path === '' ? `M${step}l` : `${step} `;
    [lastX, lastY] = [roundedX, roundedY];
  }
  return path.trimEnd().replace(/l$/, '') + (closed && path !== '' ? 'z' : '');
}

/** A complete document; title and description are what screen readers say. */
export function svgDocument(
  size: { width: number; height: number },
  title: string,
  description: string,
  ...body: readonly string[]
): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: size.width,
    height: size.height,
    viewBox: `0 0 ${size.width} ${size.height}`,
    'font-family': "'DejaVu Sans', Verdana, sans-serif",
    role: 'img',
  };
  const head = [element('title', {}, escapeText(title)), element('desc', {}, escapeText(description))];
  const paper = element('rect', { width: size.width, height: size.height, fill: 'white' });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('svg', attributes, ...head, paper, ...body)}\n`;
}

function hundredths(value: number): string {
  if (!Number.isFinite(value)) throw new DarkscanError('internal', `plots: a coordinate is ${value}`);
  return String(value / 100);
}
