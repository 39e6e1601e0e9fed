/** Paints the marks of a chart on a canvas. Bins with gaps, bands of steps and Poisson errors are not among uPlot's own paths. */
import { stretches } from '../../report/figures/bands.ts';
import { centre, type BandLayer, type BarsLayer, type ChartModel, type LineLayer, type Place, type PointsLayer, type Tone, type View } from './chart-model.ts'; // prettier-ignore

/** Canvas pixels of values, and the box they are drawn in. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
  readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  /** Canvas pixels per CSS pixel. */
  readonly ratio: number;
  readonly colour: (tone: Tone) => string;
}

const LINE_WIDTH = 1.6;
/** Half the length of the dash that stands for one point between two gaps. */
const DASH = 2;
const HATCH_STEP = 7;
const WORD_HEIGHT = 15;
/** Points this close become small. */
const CLOSE = 7;

export function drawLayers(brush: Brush, model: ChartModel): void {
  for (const { regions, tone } of model.hatched ?? []) for (const region of regions) hatch(brush, region, tone);
  for (const layer of model.layers) {
    if (layer.kind === 'line') drawLine(brush, model, layer);
    else if (layer.kind === 'band') drawBand(brush, model, layer);
    else if (layer.kind === 'bars') drawBars(brush, model, layer);
    else drawPoints(brush, model, layer);
  }
}

/** Dashed lines across, under the marks. */
export function drawLevels({ context, toY, box, ratio, colour }: Brush, { levels = [] }: ChartModel): void {
  context.save();
  context.strokeStyle = colour('--muted');
  context.lineWidth = ratio;
  context.setLineDash([5 * ratio, 4 * ratio]);
  context.beginPath();
  for (const { at } of levels) trace(context, [[box.left, toY(at)], [box.right, toY(at)]]); // prettier-ignore
  context.stroke();
  context.restore();
}

/** The words of the levels at their right ends, over the marks. */
export function nameLevels({ context, toY, box, ratio, colour }: Brush, { levels = [] }: ChartModel): void {
  context.save();
  context.fillStyle = colour('--ink');
  context.strokeStyle = colour('--panel');
  context.lineWidth = 4 * ratio;
  context.lineJoin = 'round';
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  for (const { at, label } of levels) {
    const place = [box.right - 12 * ratio, Math.max(toY(at) - ratio, box.top + WORD_HEIGHT * ratio)] as const;
    context.strokeText(label, ...place);
    context.fillText(label, ...place);
  }
  context.restore();
}

interface At extends Place {
  readonly i: number;
}

function runsOf({ places, runs = [[...places.keys()]] }: ChartModel): At[][] {
  return runs.map((run) => run.map((i) => ({ ...places[i], i })));
}

function drawLine(brush: Brush, model: ChartModel, { values, tone, dash = [] }: LineLayer): void {
  const { context, ratio } = brush;
  context.save();
  context.strokeStyle = brush.colour(tone);
  context.lineWidth = LINE_WIDTH * ratio;
  context.lineJoin = 'round';
  context.setLineDash(dash.map((length) => length * ratio));
  context.beginPath();
  for (const part of partsOf(model, values)) {
    const corners = cornersOf(brush, part, values);
    const [[x, y]] = corners;
    trace(context, corners.length > 1 ? corners : [[x - DASH * ratio, y], [x + DASH * ratio, y]]); // prettier-ignore
  }
  context.stroke();
  context.restore();
}

function drawBand(brush: Brush, model: ChartModel, { from, to, tone }: BandLayer): void {
  const { context } = brush;
  context.fillStyle = brush.colour(tone);
  const both = Array.from(from, (value, i) => value + to[i]);
  for (const part of partsOf(model, both)) {
    context.beginPath();
    trace(context, [...cornersOf(brush, part, to), ...cornersOf(brush, part, from).reverse()]);
    context.closePath();
    context.fill();
  }
}

function partsOf(model: ChartModel, values: ArrayLike<number>): At[][] {
  return runsOf(model).flatMap((run) => stretches(run, ({ i }) => values[i]));
}

function cornersOf({ toX, toY }: Brush, part: readonly At[], values: ArrayLike<number>): [number, number][] {
  return part.flatMap(({ low, high, i }): [number, number][] => {
    const y = toY(values[i]);
    return low === high ? [[toX(low), y]] : [[toX(low), y], [toX(high), y]]; // prettier-ignore
  });
}

function trace(context: CanvasRenderingContext2D, corners: readonly (readonly [number, number])[]): void {
  corners.forEach(([x, y], k) => (k === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
}

function drawBars(brush: Brush, { places }: ChartModel, { values, tone, base, open = false }: BarsLayer): void {
  const { context, toX, toY, box, ratio } = brush;
  const foot = base === undefined ? box.bottom : toY(base);
  context.save();
  context.fillStyle = context.strokeStyle = brush.colour(tone);
  context.lineWidth = ratio;
  if (open) context.setLineDash([2 * ratio, 1.5 * ratio]);
  places.forEach(({ low, high }, i) => {
    if (Number.isNaN(values[i])) return;
    // whole pixels: no seams between neighbours
    const [left, right, top] = [Math.round(toX(low)), Math.round(toX(high)), toY(values[i])];
    const size = [Math.max(ratio, right - left), foot - top] as const;
    if (open) context.strokeRect(left, top, ...size);
    else context.fillRect(left, top, ...size);
  });
  context.restore();
}

function drawPoints(brush: Brush, { places }: ChartModel, layer: PointsLayer): void {
  const { context, toX, toY, ratio, box } = brush;
  const { values, from, to, mark, tone } = layer;
  const shown = places.filter((place) => toX(place.high) > box.left && toX(place.low) < box.right).length;
  const radius = ((box.right - box.left) / Math.max(1, shown) < CLOSE * ratio ? 1.6 : 2.6) * ratio;
  context.save();
  context.fillStyle = context.strokeStyle = brush.colour(tone);
  context.lineWidth = 1.2 * ratio;
  context.beginPath();
  places.forEach((place, i) => {
    if (from === undefined || to === undefined || Number.isNaN(values[i])) return;
    const x = toX(centre(place));
    trace(context, [[x, toY(from[i])], [x, toY(to[i])]]); // prettier-ignore
  });
  context.stroke();
  context.beginPath();
  places.forEach((place, i) => {
    if (Number.isNaN(values[i])) return;
    const [x, y] = [toX(centre(place)), toY(values[i])];
    if (mark === 'triangle') trace(context, triangle(x, y, 1.4 * radius));
    else context.moveTo(x + radius, y);
    if (mark === 'triangle') context.closePath();
    else context.arc(x, y, radius, 0, 2 * Math.PI);
  });
  if (mark === 'triangle') context.stroke();
  else context.fill();
  context.restore();
}

/** Pointing down, as in the figures. */
function triangle(x: number, y: number, size: number): [number, number][] {
  return [[x - size, y - 0.7 * size], [x + size, y - 0.7 * size], [x, y + 0.9 * size]]; // prettier-ignore
}

function hatch({ context, toX, box, ratio, colour }: Brush, [low, high]: View, tone: Tone): void {
  const [left, right] = [Math.max(box.left, toX(low)), Math.min(box.right, toX(high))];
  if (!(left < right)) return;
  const height = box.bottom - box.top;
  context.save();
  context.beginPath();
  context.rect(left, box.top, right - left, height);
  context.clip();
  context.strokeStyle = colour(tone);
  context.lineWidth = ratio;
  context.beginPath();
  for (let x = left - height; x < right; x += HATCH_STEP * ratio) trace(context, [[x, box.bottom], [x + height, box.top]]); // prettier-ignore
  context.stroke();
  context.restore();
}
