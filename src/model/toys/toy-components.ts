/** Background components of a card as expected events over atoms: what toys draw their events from. */
import { DarkscanError } from '../../errors.ts';
import { makeBinnedMap } from '../binned-map.ts';
import type { Card } from '../card.ts';
import { makeDensity } from '../density.ts';
import type { Scope } from '../expression.ts';
import { makeFineLattice, type FineLattice } from '../fine-lattice.ts';
import type { PlaneFunction } from '../plane-function.ts';
import { makeResolution } from '../resolution.ts';
import { tableKey } from '../table-key.ts';
import type { WindowSet } from '../windows.ts';
import type { Atoms } from './atoms.ts';
import { cellArea, centreX, centreY } from './cells.ts';
import { mapDensity } from './map-density.ts';
import type { ToyComponent, ToyInputs } from './toy-sources.ts';

/** Cells per resolution along each principal axis (contract.md: at least 4). */
const CELLS_PER_RESOLUTION = 4;
/** Cells whose density is computed in one block. */
const BLOCK = 4096;

export interface NamedDensity {
  readonly name: string;
  readonly at: PlaneFunction;
}

/**
 * The density of every component. Error (kind card) for a component that has none: toys need an event density.
 */
export function toyDensities(card: Card, scope: Scope, inputs: ToyInputs): NamedDensity[] {
  return card.background.components.map((component, i) => {
    const where = `background.components[${i}]`;
    const { name } = component;
    if ('density' in component) return { name, at: makeDensity(card, component, scope, where).atMany };
    if ('map' in component) {
      const table = inputs.tables.get(tableKey(component.map));
      if (table === undefined) throw new DarkscanError('internal', `toys: ${component.map.file} was not read`);
      return { name, at: mapDensity(makeBinnedMap(table, card.y !== undefined, component.map.file)) };
    }
    const message = `card: ${where} (${name}) has no event density, expected density or map to throw toys from`;
    throw new DarkscanError('card', `${message}; describe this background by one of them`, { where });
  });
}

/** Fine cells over the windows. */
export function toyLattice(
  card: Card,
  scope: Scope,
  windows: WindowSet,
  densities: readonly NamedDensity[],
): FineLattice {
  const is2D = windows.kind === 'ellipses';
  const resolution = 'table' in card.windows ? undefined : makeResolution(card.windows, is2D, scope);
  const all: PlaneFunction = (x, y, count, out) => {
    const part = new Float64Array(count);
    out.fill(0, 0, count);
    for (const density of densities) {
      density.at(x, y, count, part);
      for (let i = 0; i < count; i++) out[i] += part[i];
    }
  };
  const box = { ...boundingBox(windows), hasCondition: false, contains: () => true };
  return makeFineLattice(box, all, is2D, resolution, CELLS_PER_RESOLUTION);
}

function boundingBox(windows: WindowSet): { x: [number, number]; y: [number, number] } {
  const x: [number, number] = [Infinity, -Infinity];
  const y: [number, number] = windows.kind === 'ellipses' ? [Infinity, -Infinity] : [0, 0];
  for (let w = 0; w < windows.count; w++) {
    const { qxx, qxy, qyy } = windows;
    const det = qxx[w] * qyy[w] - qxy[w] * qxy[w];
    const hx = windows.kind === 'ellipses' ? Math.sqrt(qyy[w] / det) : Math.sqrt(1 / qxx[w]);
    extend(x, windows.x[w] - hx, windows.x[w] + hx);
    if (windows.kind !== 'ellipses') continue;
    const hy = Math.sqrt(qxx[w] / det);
    extend(y, windows.y[w] - hy, windows.y[w] + hy);
  }
  return { x, y };
}

function extend(range: [number, number], low: number, high: number): void {
  range[0] = Math.min(range[0], low);
  range[1] = Math.max(range[1], high);
}

/** Expected events per atom: density at the centre of a cell times its area, summed over the cells of the atom. */
export function overAtoms({ name, at }: NamedDensity, lattice: FineLattice, atoms: Atoms): ToyComponent {
  const events = new Float64Array(atoms.count);
  const [x, y, area, density] = [0, 1, 2, 3].map(() => new Float64Array(BLOCK));
  const cells = new Uint32Array(BLOCK);
  let n = 0;
  const flush = () => {
    at(x, y, n, density);
    for (let i = 0; i < n; i++) events[atoms.ofCell[cells[i]]] += density[i] * area[i];
    n = 0;
  };
  for (let c = 0; c < lattice.slope.length; c++) {
    for (let cell = lattice.firstCell[c]; cell < lattice.firstCell[c + 1]; cell++) {
      if (atoms.ofCell[cell] === 0) continue;
      cells[n] = cell;
      x[n] = centreX(lattice, c);
      y[n] = lattice.is2D ? centreY(lattice, c, cell) : 0;
      area[n] = cellArea(lattice, c, cell);
      if (++n === BLOCK) flush();
    }
  }
  flush();
  return { name, atoms: events };
}
