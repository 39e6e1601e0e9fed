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

export interface EventInk {
  /** 0xaabbggrr */
  readonly core: number;
  readonly rim: number;
}

/** Blends the events over the pixels. @param dpr device pixels per style-sheet pixel. Returns how many are in the view. */
export function drawEvents(
  pixels: Uint32Array,
  width: number,
  height: number,
  { x, y }: PlotEvents,
  view: View,
  dpr: number,
  ink: EventInk,
): number {
  const places = pixelsOf(x, y, view, width, height);
  if (places.length > MAX_DISCS) drawDense(pixels, width, height, places, Math.max(1, Math.round(dpr)), ink.core);
  else {
    drawDiscs(pixels, width, height, places, RIM * dpr, ink.rim);
    drawDiscs(pixels, width, height, places, CORE * dpr, ink.core);
  }
  return places.length;
}

/** Pixel index of each event in the view. */
function pixelsOf(x: Float64Array, y: Float64Array | undefined, view: View, width: number, height: number): Int32Array {
  const places = new Int32Array(x.length);
  const [scaleX, scaleY] = [width / (view[1] - view[0]), height / (view[3] - view[2])];
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    const column = Math.floor((x[i] - view[0]) * scaleX);
    if (column < 0 || column >= width) continue;
    // 1D: up and down in the strip below the band, so that neighbours are told apart
    const row = Math.floor((view[3] - (y === undefined ? heightInStrip(i) : y[i])) * scaleY);
    if (row >= 0 && row < height) places[n++] = row * width + column;
  }
  return places.subarray(0, n);
}

/** Golden-ratio steps: even, and the same for the same event. */
function heightInStrip(i: number): number {
  return -STRIP * (0.15 + 0.7 * ((i * 0.6180339887498949) % 1));
}

function drawDiscs(
  pixels: Uint32Array,
  width: number,
  height: number,
  places: Int32Array,
  radius: number,
  colour: number,
): void {
  const stamp = discStamp(radius);
  for (const place of places) {
    const [row, column] = [Math.floor(place / width), place % width];
    for (const { dx, dy, opacity } of stamp) {
      const [c, r] = [column + dx, row + dy];
      if (c < 0 || c >= width || r < 0 || r >= height) continue;
      const pixel = r * width + c;
      pixels[pixel] = blend(pixels[pixel], colour, opacity);
    }
  }
}

/** Pixels of a disc with a soft edge one pixel wide. */
function discStamp(radius: number): { dx: number; dy: number; opacity: number }[] {
  const reach = Math.ceil(radius);
  const stamp: { dx: number; dy: number; opacity: number }[] = [];
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      const opacity = Math.min(1, radius + 0.5 - Math.hypot(dx, dy));
      if (opacity > 0) stamp.push({ dx, dy, opacity });
    }
  return stamp;
}

function drawDense(
  pixels: Uint32Array,
  width: number,
  height: number,
  places: Int32Array,
  side: number,
  colour: number,
): void {
  const [nX, nY] = [Math.ceil(width / side), Math.ceil(height / side)];
  const counts = new Uint32Array(nX * nY);
  let most = 1;
  for (const place of places) {
    const block = Math.floor(Math.floor(place / width) / side) * nX + Math.floor((place % width) / side);
    if (++counts[block] > most) most = counts[block];
  }
  for (let block = 0; block < counts.length; block++) {
    if (counts[block] === 0) continue;
    const opacity = most === 1 ? FAINT : FAINT + ((1 - FAINT) * Math.log(counts[block])) / Math.log(most);
    const [row, column] = [Math.floor(block / nX) * side, (block % nX) * side];
    for (let r = row; r < Math.min(height, row + side); r++)
      for (let c = column; c < Math.min(width, column + side); c++)
        pixels[r * width + c] = blend(pixels[r * width + c], colour, opacity);
  }
}

/** `over` on an opaque pixel. */
export function blend(under: number, over: number, opacity: number): number {
  if (opacity >= 1) return over;
  const mix = (shift: number): number => {
    const [below, above] = [(under >>> shift) & 0xff, (over >>> shift) & 0xff];
    return Math.round(below + (above - below) * opacity) << shift;
  };
  return (0xff000000 | mix(0) | mix(8) | mix(16)) >>> 0;
}
