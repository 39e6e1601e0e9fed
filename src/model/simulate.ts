/**
 * Pseudo-data from the background densities of a card and its injected signals: a pure function of card and seed, the
 * same bits in every engine. Integers decide totals (Poisson thresholds) and cells (alias tables). A position is uniform in
 * its cell and kept with probability density / bound, so events follow the density itself, not its cells; signals are Gaussian with the resolution at their true point (Box-Muller with portable functions).
 */
import { DarkscanError } from '../errors.ts';
import { cos, log, sin } from '../stats/portable.ts';
import { drawCell, makeAliasTable } from './alias-table.ts';
import { makeBinnedMap } from './binned-map.ts';
import type { Card, Injection } from './card.ts';
import type { Columns } from './columns.ts';
import { cellPeaks } from './cell-peaks.ts';
import { makeDensity } from './density.ts';
import type { Scope } from './expression.ts';
import { columnOfCell, makeFineLattice, type FineLattice } from './fine-lattice.ts';
import { makeStream, type Stream } from '../stats/philox.ts';
import { drawPoisson, makePoissonTable, type PoissonTable } from './poisson-table.ts';
import { makeResolution, type Resolution } from './resolution.ts';
import { tableKey } from './table-key.ts';

export interface SimulatedEvents {
  /** [n] y is absent in 1D. */
  readonly x: Float64Array;
  readonly y?: Float64Array;
  /** [n] index into names. */
  readonly component: Uint8Array;
  /** Components of the background in the card's order, then the injected signals. */
  readonly names: readonly string[];
}

interface Drawn {
  readonly x: number[];
  readonly y: number[];
}

/** Stream numbers: one per background component, then one per injected signal. */
const FIRST_SIGNAL_STREAM = 0x10000;
/** Draw number kept for the total of a stream. */
const TOTAL_DRAW = 0xffffffff;
/** Cells of one resolution, each with a bound this much above the density at its centre and corners. */
const CELLS_PER_RESOLUTION = 1;
const BOUND = 1.3;
/** Draws per event after which a density is declared too spiky to sample; about 2 are usual. */
const MAX_DRAWS_PER_EVENT = 1000;

/** Draws the events of one stream of a seed. */
type Source = (stream: Stream) => Drawn;

/** simulateEvents for one seed; see makeSimulator. */
export function simulateEvents(
  card: Card,
  scope: Scope,
  seed: number,
  tables?: ReadonlyMap<string, Columns>,
): SimulatedEvents {
  return makeSimulator(card, scope, tables)(seed);
}

/**
 * Builds all tables once; the result gives the pseudo-data of a seed (integer from 0 to 2^53 - 1).
 * @param tables maps of the card by tableKey
 * Errors: kind card for components that have no density (sample, side_band, table), and those of densities and maps.
 */
export function makeSimulator(
  card: Card,
  scope: Scope,
  tables: ReadonlyMap<string, Columns> = new Map(),
): (seed: number) => SimulatedEvents {
  const is2D = card.y !== undefined;
  const resolution = 'table' in card.windows ? undefined : makeResolution(card.windows, is2D, scope);
  const backgrounds = card.background.components.map((component, i): Source => {
    const where = `background.components[${i}]`;
    if ('density' in component) return densitySource(card, component, scope, where, resolution);
    if ('map' in component) {
      const { file } = component.map;
      const table = tables.get(tableKey(component.map));
      if (table === undefined) throw new DarkscanError('internal', `simulation: ${file} was not read`);
      return mapSource(table, is2D, file);
    }
    const message = `card: ${where} (${component.name}) has no event density, expected density or map to draw pseudo-data`;
    throw new DarkscanError('card', `${message} from; give one or read the data from a file`, { where });
  });
  const injections = card.simulation?.inject ?? [];
  const signals = injections.map((injection, i) =>
    signalSource(injection, is2D, `simulation.inject[${i}]`, resolution),
  );
  const names = [...card.background.components.map((c) => c.name), ...injections.map((_, i) => `signal ${i + 1}`)];
  return (seed) => {
    const parts = [
      ...backgrounds.map((source, i) => source(makeStream(seed, i))),
      ...signals.map((source, i) => source(makeStream(seed, FIRST_SIGNAL_STREAM + i))),
    ];
    const y = is2D ? { y: Float64Array.from(parts.flatMap((part) => part.y)) } : {};
    const component = Uint8Array.from(parts.flatMap((part, i) => part.x.map(() => i)));
    return { x: Float64Array.from(parts.flatMap((part) => part.x)), ...y, component, names };
  };
}

function densitySource(
  card: Card,
  component: Parameters<typeof makeDensity>[1],
  scope: Scope,
  where: string,
  resolution: Resolution | undefined,
): Source {
  const density = makeDensity(card, component, scope, where);
  if (density.support === undefined || density.total === undefined) {
    const message = `card: ${where} has no support, expected one to draw pseudo-data from; add ${where}.support`;
    throw new DarkscanError('card', message, { where });
  }
  const { total } = density;
  if (total === 0) return () => ({ x: [], y: [] });
  const lattice = makeFineLattice(
    density.support,
    density.atMany,
    card.y !== undefined,
    resolution,
    CELLS_PER_RESOLUTION,
  );
  const peaks = cellPeaks(lattice, density.atMany);
  const table = makeAliasTable(peaks);
  const poisson = makePoissonTable(total);
  return (stream) => {
    const drawn: Drawn = { x: [], y: [] };
    const n = drawTotal(stream, poisson);
    for (let draw = 0; drawn.x.length < n; draw += 2) {
      const [w0, w1, w2, w3] = stream.words(draw);
      const cell = drawCell(table, w0, w1);
      const { x, y, area } = pointInCell(lattice, cell, unit(w2), unit(w3));
      const accept = unit(stream.words(draw + 1)[0]);
      if (accept * BOUND * peaks[cell] <= density.at(x, y) * area) {
        drawn.x.push(x);
        drawn.y.push(y);
      } else if (draw > 2 * MAX_DRAWS_PER_EVENT * (n + 10)) {
        const message = `card: ${where}.density is a spike narrower than the resolution, too few points of its support`;
        throw new DarkscanError('card', `${message} have any density; make the support smaller`, { where });
      }
    }
    return drawn;
  };
}

function pointInCell(lattice: FineLattice, cell: number, u: number, v: number) {
  const c = columnOfCell(lattice, cell);
  const [left, right] = [lattice.xEdges[c], lattice.xEdges[c + 1]];
  const x = left + u * (right - left);
  if (!lattice.is2D) return { x, y: 0, area: right - left };
  const [low, high] = [lattice.yEdges[cell + c], lattice.yEdges[cell + c + 1]];
  const y = low + v * (high - low) + lattice.slope[c] * (x - (left + right) / 2);
  return { x, y, area: (right - left) * (high - low) };
}

function mapSource(columns: Columns, is2D: boolean, file: string): Source {
  const map = makeBinnedMap(columns, is2D, file);
  const total = map.events.reduce((sum, events) => sum + events, 0);
  if (total === 0) return () => ({ x: [], y: [] });
  const table = makeAliasTable(map.events);
  const poisson = makePoissonTable(total);
  return (stream) => {
    const drawn: Drawn = { x: [], y: [] };
    const n = drawTotal(stream, poisson);
    for (let event = 0; event < n; event++) {
      const words = stream.words(event);
      const bin = drawCell(table, words[0], words[1]);
      drawn.x.push(map.xLow[bin] + unit(words[2]) * (map.xHigh[bin] - map.xLow[bin]));
      drawn.y.push(map.yLow[bin] + unit(words[3]) * (map.yHigh[bin] - map.yLow[bin]));
    }
    return drawn;
  };
}

function signalSource(injection: Injection, is2D: boolean, where: string, resolution: Resolution | undefined): Source {
  if (resolution === undefined || is2D !== (injection.y !== undefined)) {
    const allowed = resolution === undefined ? 'windows with a resolution' : is2D ? 'x and y' : 'x only';
    throw new DarkscanError('card', `card: ${where} cannot be smeared, expected ${allowed}; correct it`, { where });
  }
  const y0 = injection.y ?? 0;
  const { sigma } = resolution.at(injection.x, y0);
  const sx = Math.sqrt(sigma.xx);
  const rest = is2D ? Math.sqrt(sigma.det / sigma.xx) : 0;
  const poisson = makePoissonTable(injection.events);
  return (stream) => {
    const drawn: Drawn = { x: [], y: [] };
    const n = drawTotal(stream, poisson);
    for (let event = 0; event < n; event++) {
      const words = stream.words(event);
      // Box-Muller: radius from (0, 1], angle uniform.
      const radius = Math.sqrt(-2 * log((words[0] + 1) / 2 ** 32));
      const angle = 2 * Math.PI * unit(words[1]);
      const [u, v] = [radius * cos(angle), radius * sin(angle)];
      drawn.x.push(injection.x + sx * u);
      drawn.y.push(is2D ? y0 + (sigma.xy / sx) * u + rest * v : 0);
    }
    return drawn;
  };
}

function drawTotal(stream: Stream, poisson: PoissonTable): number {
  const words = stream.words(TOTAL_DRAW);
  return drawPoisson(poisson, words[0], words[1]);
}

/** Centre of one of 2^32 equal parts of (0, 1). */
function unit(word: number): number {
  return (word + 0.5) / 2 ** 32;
}
