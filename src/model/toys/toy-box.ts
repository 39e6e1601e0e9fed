/** The part of the plane toys are thrown in: all windows, and the bands around them inside windows.region. */
import { DarkscanError } from '../../errors.ts';
import type { WindowSet } from '../windows.ts';
import type { MeasuredComponent } from './toy-regions.ts';
import { halfExtents } from './windows-density.ts';

type Range = [number, number];
export interface Box {
  readonly x: Range;
  readonly y: Range;
}

/** Error (kind card): bands that end nowhere, around windows from a table. */
export function toyBox(windows: WindowSet, measured: MeasuredComponent | undefined): Box {
  const box = boxOf(windows, (w) => halfExtents(windows, w));
  const band = measured?.band;
  if (band === undefined) return box;
  const { region, outer } = band;
  if (region === undefined && outer === Infinity) {
    const where = `background.components[${measured!.index}].side_band`;
    const found = `${where} has no end (windows from a table have no region)`;
    throw new DarkscanError('card', `card: ${found}, expected one for toys; give outer`, { where });
  }
  const { kind, rxx: qxx, rxy: qxy, ryy: qyy } = windows;
  const ofBand = (w: number): readonly [number, number] => {
    const [hx, hy] = halfExtents({ kind, qxx, qxy, qyy }, w);
    return [outer * hx, kind === 'ellipses' ? outer * hy : 0];
  };
  const bands = boxOf(windows, ofBand);
  return { x: join(box.x, clip(bands.x, region?.x)), y: join(box.y, clip(bands.y, region?.y)) };
}

function boxOf({ count, x, y }: WindowSet, halfOf: (w: number) => readonly [number, number]): Box {
  const box: Box = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
  for (let w = 0; w < count; w++) {
    const [hx, hy] = halfOf(w);
    box.x[0] = Math.min(box.x[0], x[w] - hx);
    box.x[1] = Math.max(box.x[1], x[w] + hx);
    box.y[0] = Math.min(box.y[0], y[w] - hy);
    box.y[1] = Math.max(box.y[1], y[w] + hy);
  }
  return box;
}

function clip([low, high]: Range, limits: readonly [number, number] | undefined): Range {
  return limits === undefined ? [low, high] : [Math.max(low, limits[0]), Math.min(high, limits[1])];
}

function join(a: Range, b: Range): Range {
  return b[0] <= b[1] ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : a;
}
