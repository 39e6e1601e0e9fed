/** Reads numbers back out of a figure, so that tests need nothing of the code that drew it but its axes' labels. */
import { textWidth } from '../../src/report/svg/text-width.ts';

export interface SvgText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: string;
  readonly isRotated: boolean;
}

const attribute = (attributes: string, name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];

/** The attributes of all elements of a name, with those of a class where one is given. */
export function elementsOf(svg: string, name: string, className?: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}( [^>]*?)/?>`, 'g'))]
    .map(([, attributes]) =>
      Object.fromEntries([...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v])),
    )
    .filter((one) => className === undefined || one.class === className);
}

export function textsOf(svg: string): SvgText[] {
  return [...svg.matchAll(/<text ([^>]*)>(.*?)<\/text>/g)].map(([, attributes, content]) => ({
    text: content.replaceAll(/<[^>]*>/g, ''),
    x: Number(attribute(attributes, 'x')),
    y: Number(attribute(attributes, 'y')),
    size: Number(attribute(attributes, 'font-size')),
    anchor: attribute(attributes, 'text-anchor') ?? 'start',
    isRotated: attribute(attributes, 'transform') !== undefined,
  }));
}

/** Map from values to positions by two of the labels beside (`y`) or below (`x`) the box; 10 with a script is a power. */
export function axisOf(
  svg: string,
  axis: 'x' | 'y',
  [from, to]: readonly [number, number],
  kind: 'linear' | 'log' = 'linear',
) {
  const labels = textsOf(svg).flatMap(({ text, x, y, size, anchor }) => {
    const value = Number(
      text
        .replace('−', '-')
        .replace(/^10(-?\d+)$/, (whole, power) => (kind === 'log' && whole !== '100' ? `1e${power}` : whole)),
    );
    const isLabel = axis === 'y' ? anchor === 'end' && x === 76 : anchor === 'middle' && size === 13;
    // text of an axis beside it stands 5 below its tick
    const at = axis === 'y' ? y - 5 : x;
    return isLabel && Number.isFinite(value) && at >= from - 1 && at <= to + 1 ? [{ value, at }] : [];
  });
  const [a, b] = [labels[0], labels.at(-1)!];
  if (labels.length < 2) throw new Error(`axis ${axis} has ${labels.length} labels`);
  const scale = kind === 'log' ? Math.log : (value: number) => value;
  return (value: number) =>
    a.at + ((scale(value) - scale(a.value)) / (scale(b.value) - scale(a.value))) * (b.at - a.at);
}

/** Pairs of horizontal texts whose boxes overlap; widths as if scripts were as large as the rest. */
export function overlaps(svg: string): string[] {
  const boxes = textsOf(svg)
    .filter(({ isRotated }) => !isRotated)
    .map(({ text, x, y, size, anchor }) => {
      const width = textWidth(text.replaceAll(/&\w+;/g, 'x')) * size;
      const left = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
      return { text, left, right: left + width, top: y - 0.73 * size, bottom: y + 0.05 * size };
    });
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} | ${b.text}`),
  );
}

/** Corners of each part of a path of absolute M, V, H: [x, y]. */
export function cornersOf(d: string): [number, number][][] {
  return d
    .split('M')
    .slice(1)
    .map((part) => {
      const [x, y] = part.split(/[VH]/)[0].split(' ').map(Number);
      const corners: [number, number][] = [[x, y]];
      for (const [, letter, value] of part.matchAll(/([VH])(-?[\d.]+)/g)) {
        const [px, py] = corners.at(-1)!;
        corners.push(letter === 'V' ? [px, Number(value)] : [Number(value), py]);
      }
      return corners;
    });
}
