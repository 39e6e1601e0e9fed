/**
 * Events over a map, drawn into its pixels: discs with a rim while they can be told apart on any colour, beyond that
 * one pixel per event, denser where more fall on the same.
 */
import type { PlotEvents } from '../../model/result.ts';
import type { View } from '../../model/windows-of-table.ts';
import { STRIP } from './geometry.ts';

/** Discs up to so many events in the view. */
const MAX_DISCS = 4000;
/** Radii of disc and rim in style-sheet pixels. */
const CORE = 1.1;
const RIM = 1.9;
/** Opacity of a pixel with one event of very many. */
const FAINT = 0.45;

/** Colours as 0xffbbggrr. */
export interface EventInk {
  readonly core: number;
  readonly rim: number;
}

/** A picture and its pixels, [height * width] as 0xffbbggrr. */
export interface Pixels {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Blends the events over the picture. @param dpr its pixels per style-sheet pixel */
export function drawEvents(picture: Pixels, events: PlotEvents, view: View, dpr: number, ink: EventInk): void {
  const { columns, rows } = placesOf(events, view, picture);
  if (columns.length > MAX_DISCS) drawDense(picture, columns, rows, Math.max(1, Math.round(dpr)), ink.core);
  else {
    drawDiscs(picture, columns, rows, RIM * dpr, ink.rim);
    drawDiscs(picture, columns, rows, CORE * dpr, ink.core);
  }
}

interface Places {
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

/** Pixels of the events in the view. */
function placesOf({ x, y }: PlotEvents, view: View, { width, height }: Pixels): Places {
  const [columns, rows] = [new Int32Array(x.length), new Int32Array(x.length)];
  const [left, top] = [view[0], view[3]];
  const [scaleX, scaleY] = [width / (view[1] - view[0]), height / (view[3] - view[2])];
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    const column = (x[i] - left) * scaleX;
    const row = (top - (y === undefined ? heightInStrip(i) : y[i])) * scaleY;
    // also false for NaN
    if (!(column >= 0 && column < width && row >= 0 && row < height)) continue;
    columns[n] = column;
    rows[n++] = row;
  }
  return { columns: columns.subarray(0, n), rows: rows.subarray(0, n) };
}

/** 1D events go up and down in the strip below the band by golden-ratio steps: even, and the same for the same event. */
function heightInStrip(i: number): number {
  return -STRIP * (0.15 + 0.7 * ((i * 0.6180339887498949) % 1));
}

function drawDiscs(picture: Pixels, columns: Int32Array, rows: Int32Array, radius: number, colour: number): void {
  const { pixels, width, height } = picture;
  const { dx, dy, opacity, reach } = discStamp(radius);
  for (let i = 0; i < columns.length; i++) {
    const [column, row] = [columns[i], rows[i]];
    const whole = column >= reach && column < width - reach && row >= reach && row < height - reach;
    for (let k = 0; k < dx.length; k++) {
      const [c, r] = [column + dx[k], row + dy[k]];
      if (!whole && (c < 0 || c >= width || r < 0 || r >= height)) continue;
      pixels[r * width + c] = blend(pixels[r * width + c], colour, opacity[k]);
    }
  }
}

/** Pixels of a disc with a soft edge one pixel wide; opacity in 1/256. */
function discStamp(radius: number) {
  const reach = Math.ceil(radius);
  const [dx, dy, opacity]: [number[], number[], number[]] = [[], [], []];
  for (let v = -reach; v <= reach; v++)
    for (let u = -reach; u <= reach; u++) {
      const cover = Math.min(1, radius + 0.5 - Math.hypot(u, v));
      if (cover <= 0) continue;
      dx.push(u);
      dy.push(v);
      opacity.push(Math.round(256 * cover));
    }
  return { dx: Int32Array.from(dx), dy: Int32Array.from(dy), opacity: Int32Array.from(opacity), reach };
}

/** Blocks of side x side pixels, darker by the logarithm of their count. */
function drawDense(picture: Pixels, columns: Int32Array, rows: Int32Array, side: number, colour: number): void {
  const { pixels, width, height } = picture;
  const nX = Math.ceil(width / side);
  const counts = new Uint32Array(nX * Math.ceil(height / side));
  let most = 1;
  for (let i = 0; i < columns.length; i++) {
    const block = ((rows[i] / side) | 0) * nX + ((columns[i] / side) | 0);
    const count = ++counts[block];
    if (count > most) most = count;
  }
  const opacities = Uint16Array.from({ length: most + 1 }, (_, count) => 256 * opacityOf(count, most));
  for (let block = 0; block < counts.length; block++) {
    if (counts[block] === 0) continue;
    const opacity = opacities[counts[block]];
    const [row, column] = [Math.floor(block / nX) * side, (block % nX) * side];
    for (let r = row; r < Math.min(height, row + side); r++)
      for (let c = column; c < Math.min(width, column + side); c++)
        pixels[r * width + c] = blend(pixels[r * width + c], colour, opacity);
  }
}

function opacityOf(count: number, most: number): number {
  return most === 1 ? FAINT : FAINT + ((1 - FAINT) * Math.log(Math.max(1, count))) / Math.log(most);
}

/** `over` on an opaque pixel; opacity in 1/256. Two channels at a time: 0xff00ff times 256 fits 32 bits. */
export function blend(under: number, over: number, opacity: number): number {
  if (opacity >= 256) return over;
  const rest = 256 - opacity;
  const redBlue = (Math.imul(under & 0xff00ff, rest) + Math.imul(over & 0xff00ff, opacity)) >>> 8;
  const green = (Math.imul(under & 0xff00, rest) + Math.imul(over & 0xff00, opacity)) >>> 8;
  return (0xff000000 | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0;
}
