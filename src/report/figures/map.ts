/**
 * Maps over the plane: one cell per window, coloured by local Z, by a limit, or by any column. Windows without the
 * number are never blank paper: p0 = 1 has its own light fill, blind windows are hatched, other statuses cross-hatched,
 * each counted in the legend.
 */
import { numbersOf } from '../../model/result.ts';
import type { FigureInputs } from '../figure-inputs.ts';
import { NO_EXCESS_FILL, significanceMap, viridis } from '../svg/colour.ts';
import type { ColourMap } from '../svg/colour.ts';
import { element, polyline } from '../svg/element.ts';
import { BAR_BOX, figure, hatchPattern } from '../svg/frame.ts';
import type { Axes } from '../svg/frame.ts';
import { labelText } from '../svg/label.ts';
import { colourBar, freeCorner, legend } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale, logScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';
import { BLANK_LABELS, blanksOf, limitRange, significanceRange } from '../map-values.ts';
import type { Blank } from '../map-values.ts';
import { quantile, sortNumbers } from '../numbers.ts';
import { rasterCells } from '../raster-cells.ts';
import { windowCells } from '../window-cells.ts';
import { viewOf, windowsOfTable } from '../../model/windows-of-table.ts';
import { planeAxes } from './event-plane.ts';

/** Above this many windows cells would be smaller than a pixel: a raster takes over. */
const MAX_CELLS = 25_000;
const N_SHADES = 64;

export interface MapSpec {
  /** For `significance` a z column: 'z', 'z_li_ma'. */
  readonly column: string;
  readonly subject: string;
  /** Title of the colour bar, ROOT-like. */
  readonly barTitle: string;
  readonly kind: 'significance' | 'limit';
}

const FILLS: Readonly<Record<Blank, string>> = {
  'no-excess': NO_EXCESS_FILL,
  blind: 'url(#hatch)',
  'no-number': 'url(#cross)',
};

export function drawMap({ table, labels }: FigureInputs, spec: MapSpec): string {
  const windows = windowsOfTable(table);
  const axes = planeAxes(BAR_BOX, viewOf(windows), labels.x, labels.y!);
  const values = numbersOf(table, spec.column);
  const { scale, colours, overflow } = spec.kind === 'significance' ? significanceScale(values) : limitScale(values);
  const blanks = blanksOf(table, values, spec.kind === 'significance' ? spec.column : undefined);
  const raster = windows.count > MAX_CELLS;
  const fillOf = (i: number) => fillOfBlank(blanks[i]) ?? shadeOf(values[i]!, scale, colours);
  const prefer =
    spec.kind === 'significance'
      ? (i: number) => (Number.isNaN(values[i]) ? -Infinity : values[i]!)
      : (i: number) => -values[i]!;
  const marks = raster
    ? paint(rasterCells(windows, axes.box, axes, prefer), fillOf, true)
    : paint(
        windowCells(table).map((corners, i) => ({ i, path: cellPath(axes, corners) })),
        fillOf,
        false,
      );
  const entries = legendEntries(blanks, spec, overflow, raster);
  const centres = Array.from(windows.x, (x, i): [number, number] => [
    axes.x.position(x),
    axes.y.position(windows.y[i]!),
  ]);
  return figure({
    axes,
    labels,
    subject: `${spec.subject}, ${windows.count} windows`,
    description: describeValues(values, spec, entries),
    defs: hatchPattern('hatch', '#555') + hatchPattern('cross', '#333', true, '#bdbdbd'),
    marks,
    extras: [
      colourBar(axes.box, scale, colours, spec.barTitle, overflow),
      entries.length > 0 ? legend(...freeCorner(axes.box, entries, centres), entries) : '',
    ],
  });
}

function significanceScale(values: ArrayLike<number>): { scale: Scale; colours: ColourMap; overflow: number } {
  const [low, high] = significanceRange(values);
  const scale = linearScale([low, high], [BAR_BOX.bottom, BAR_BOX.top], 8);
  return { scale, colours: significanceMap(low, high), overflow: 0 };
}

function limitScale(values: ArrayLike<number>): { scale: Scale; colours: ColourMap; overflow: number } {
  const { low, high, nAbove, log } = limitRange(values);
  const range = [BAR_BOX.bottom, BAR_BOX.top] as const;
  return {
    scale: log ? logScale([low, high], range) : linearScale([low, high], range, 8),
    colours: viridis,
    overflow: nAbove,
  };
}

function fillOfBlank(blank: Blank | undefined): string | undefined {
  return blank && FILLS[blank];
}

function shadeOf(value: number, scale: Scale, colours: ColourMap): string {
  const fraction = (BAR_BOX.bottom - scale.position(value)) / (BAR_BOX.bottom - BAR_BOX.top);
  return colours((Math.min(N_SHADES - 1, Math.floor(fraction * N_SHADES)) + 0.5) / N_SHADES);
}

function cellPath({ x, y }: Axes, corners: readonly (readonly [number, number])[]): string {
  return polyline(
    corners.map(([px, py]) => [Math.round(x.position(px) * 10) / 10, Math.round(y.position(py) * 10) / 10]),
    true,
  );
}

/**
 * One path per fill. Antialiasing leaves seams between neighbours: a hairline of the same colour closes those of cells,
 * pixels go without antialiasing.
 */
function paint(
  cells: readonly { i: number; path: string }[],
  fillOf: (i: number) => string,
  raster: boolean,
): string[] {
  const byFill = new Map<string, string[]>();
  for (const { i, path } of cells) {
    const fill = fillOf(i);
    if (!byFill.has(fill)) byFill.set(fill, []);
    byFill.get(fill)!.push(path);
  }
  return [...byFill].map(([fill, paths]) => {
    const hairline = fill.startsWith('url') ? {} : { stroke: fill, 'stroke-width': '0.6' };
    const style = raster ? { 'shape-rendering': 'crispEdges' } : hairline;
    return element('path', { class: 'cells', d: paths.join(''), fill, ...style });
  });
}

function legendEntries(
  blanks: readonly (Blank | undefined)[],
  spec: MapSpec,
  overflow: number,
  raster: boolean,
): LegendEntry[] {
  const entries = (['no-excess', 'blind', 'no-number'] as const).flatMap((blank): LegendEntry[] => {
    const count = blanks.filter((one) => one === blank).length;
    if (count === 0) return [];
    const style = { fill: FILLS[blank], stroke: '#555', 'stroke-width': '0.8' };
    return [{ key: 'box', label: `${BLANK_LABELS[blank]}: ${count} windows`, style }];
  });
  if (overflow > 0) entries.push({ key: 'none', label: `${overflow} windows above the scale` });
  if (raster)
    entries.push({
      key: 'none',
      label: `pixel: ${spec.kind === 'significance' ? 'largest Z' : 'smallest limit'} of its windows`,
    });
  return entries;
}

function describeValues(values: ArrayLike<number>, spec: MapSpec, entries: readonly LegendEntry[]): string {
  const sorted = sortNumbers(values);
  const range =
    sorted.length === 0
      ? 'no values'
      : `from ${sorted[0]!.toPrecision(4)} over the median ${quantile(sorted, 0.5).toPrecision(4)} to ${sorted.at(-1)!.toPrecision(4)}`;
  const remarks = entries.map(({ label }) => labelText(label)).join('; ');
  return `${labelText(spec.barTitle)} for each window, ${range}.${remarks === '' ? '' : ` ${remarks}.`}`;
}
