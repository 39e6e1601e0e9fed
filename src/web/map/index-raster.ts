/**
 * Which window each pixel of a map shows: the one whose centre is nearest in units of the window itself, within reach of
 * its cell. A pixel that holds centres shows the preferred of those (the largest Z must not vanish between pixels). The
 * same array answers which window is under the pointer.
 *
 * A row of pixels meets an ellipse between two roots, and the squared distance is a parabola along the row: a few
 * additions per pixel, less than two windows per pixel on a lattice.
 */
import { halfHeight, type View } from '../../model/windows-of-table.ts';
import type { MapGeometry } from './geometry.ts';

export interface IndexRaster {
  readonly width: number;
  readonly height: number;
  /** [height * width] row of the table, -1 where no window is. */
  readonly index: Int32Array;
}

/** @param preference [count] larger is shown where centres share a pixel; -Infinity for the least interesting */
export function rasterWindows(
  geometry: MapGeometry,
  view: View,
  width: number,
  height: number,
  preference: ArrayLike<number>,
): IndexRaster {
  const index = new Int32Array(width * height).fill(-1);
  const square = new Float32Array(width * height).fill(Infinity);
  const paint = geometry.plane ? paintEllipse : paintLane;
  for (let i = 0; i < geometry.windows.count; i++) paint(geometry, i, view, width, height, index, square);
  if (geometry.plane) showCentres(geometry, view, width, height, preference, index);
  return { width, height, index };
}

function paintEllipse(
  { windows, reach }: MapGeometry,
  i: number,
  view: View,
  width: number,
  height: number,
  index: Int32Array,
  square: Float32Array,
): void {
  const [stepX, stepY] = [(view[1] - view[0]) / width, (view[3] - view[2]) / height];
  const [x, y, a, b, cos, sin] = [
    windows.x[i],
    windows.y[i],
    windows.a[i],
    windows.b[i],
    windows.cos[i],
    windows.sin[i],
  ];
  const limit = reach[i] * reach[i];
  const xx = (cos * cos) / (a * a) + (sin * sin) / (b * b);
  const xy = cos * sin * (1 / (a * a) - 1 / (b * b));
  const yy = (sin * sin) / (a * a) + (cos * cos) / (b * b);
  // Pixel (c, r) has its middle at x = view[0] + (c + 0.5) stepX, y = view[3] - (r + 0.5) stepY.
  const tall = reach[i] * halfHeight(windows, i);
  const firstRow = Math.max(0, Math.ceil((view[3] - y - tall) / stepY - 0.5));
  const lastRow = Math.min(height - 1, Math.floor((view[3] - y + tall) / stepY - 0.5));
  for (let row = firstRow; row <= lastRow; row++) {
    const dy = view[3] - (row + 0.5) * stepY - y;
    const middle = (-xy * dy) / xx;
    const half = Math.sqrt(Math.max(0, limit / xx - (yy / xx - (xy * xy) / (xx * xx)) * dy * dy));
    const first = Math.max(0, Math.ceil((x + middle - half - view[0]) / stepX - 0.5));
    const last = Math.min(width - 1, Math.floor((x + middle + half - view[0]) / stepX - 0.5));
    for (let column = first; column <= last; column++) {
      const dx = view[0] + (column + 0.5) * stepX - x;
      const d = xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy;
      const pixel = row * width + column;
      if (d < square[pixel]) {
        square[pixel] = d;
        index[pixel] = i;
      }
    }
  }
}

function paintLane(
  { windows, reach, halfHeight: halfHeights }: MapGeometry,
  i: number,
  view: View,
  width: number,
  height: number,
  index: Int32Array,
  square: Float32Array,
): void {
  const [stepX, stepY] = [(view[1] - view[0]) / width, (view[3] - view[2]) / height];
  const [x, y, a] = [windows.x[i], windows.y[i], windows.a[i]];
  const firstRow = Math.max(0, Math.ceil((view[3] - y - halfHeights[i]) / stepY - 0.5));
  const lastRow = Math.min(height - 1, Math.ceil((view[3] - y + halfHeights[i]) / stepY - 0.5) - 1);
  const first = Math.max(0, Math.ceil((x - reach[i] * a - view[0]) / stepX - 0.5));
  const last = Math.min(width - 1, Math.floor((x + reach[i] * a - view[0]) / stepX - 0.5));
  for (let column = first; column <= last; column++) {
    const d = ((view[0] + (column + 0.5) * stepX - x) / a) ** 2;
    for (let row = firstRow; row <= lastRow && d < square[row * width + column]; row++) {
      square[row * width + column] = d;
      index[row * width + column] = i;
    }
  }
}

function showCentres(
  { windows }: MapGeometry,
  view: View,
  width: number,
  height: number,
  preference: ArrayLike<number>,
  index: Int32Array,
): void {
  const pixelOf = (i: number): number => {
    const column = Math.floor(((windows.x[i] - view[0]) / (view[1] - view[0])) * width);
    const row = Math.floor(((view[3] - windows.y[i]) / (view[3] - view[2])) * height);
    return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : -1;
  };
  for (let i = 0; i < windows.count; i++) {
    const pixel = pixelOf(i);
    if (pixel < 0) continue;
    const shown = index[pixel];
    if (shown < 0 || pixelOf(shown) !== pixel || preference[i] > preference[shown]) index[pixel] = i;
  }
}
