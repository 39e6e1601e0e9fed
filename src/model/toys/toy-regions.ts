/**
 * Regions a toy counts its events in: the windows, and what a card measures beside every window, its side band or its
 * events in a control sample (methods.md section 6: counted in the toy's own events). With either, region 2 w is window
 * w and 2 w + 1 its band or control region; without, regions are windows.
 */
import { DarkscanError } from '../../errors.ts';
import { makeBandShape, type BandShape } from '../band-shape.ts';
import type { Card } from '../card.ts';
import type { Scope } from '../expression.ts';
import type { FineLattice } from '../fine-lattice.ts';
import type { WindowSet } from '../windows.ts';
import { makeAtoms, MAX_MEMBERSHIPS, type Atoms } from './atoms.ts';
import { makeBandCells } from './band-cells.ts';

/** The component whose events beside the windows toys count: n_off of every window. */
export interface MeasuredComponent {
  readonly name: string;
  /** Its place among the card's components. */
  readonly index: number;
  /** Undefined for a control sample. */
  readonly band?: BandShape;
}

export interface ToyRegions {
  /**
   * sideBand: n_off is what region 2 w + 1 counts; complement: what region 2 nWindows counts, all that any band may
   * have, less that of region 2 w + 1, the part of it outside the band of w.
   */
  readonly axis: 'none' | 'sideBand' | 'complement';
  readonly measured?: MeasuredComponent;
  readonly nWindows: number;
  readonly idsPerWindow: 1 | 2;
  readonly nRegions: number;
  /** `atoms.windows` are regions; `atoms.ofCell` is of an event of the data. */
  readonly atoms: Atoms;
  /**
   * With a control sample the atoms are there twice: an event of the control sample in a cell of atom a > 0 has atom
   * a + controlShift. 0 without.
   */
  readonly controlShift: number;
}

/** What toys count beside the windows. Error (kind card): two such components, the tables of p0 have one n_off. */
export function measuredComponent(card: Card, scope: Scope): MeasuredComponent | undefined {
  const { components } = card.background;
  const [index, second] = components.flatMap((c, i) => ('side_band' in c || 'control' in c ? [i] : []));
  if (index === undefined) return undefined;
  const component = components[index];
  const { name } = component;
  if (second !== undefined) {
    const where = `background.components[${second}]`;
    const found = `${where} (${components[second].name}) is measured beside the windows, and so is ${name}`;
    const message = `card: ${found}, expected one for toys; describe the other by a density, a map or a sample`;
    throw new DarkscanError('card', message, { where });
  }
  if (!('side_band' in component)) return { name, index };
  const where = `background.components[${index}].side_band`;
  return { name, index, band: makeBandShape(card, component.side_band, where, scope) };
}

/**
 * @param measured of measuredComponent()
 * @param axis how to count bands; without it through the complement what has no outer edge (band-cells.ts)
 * Errors: those of makeAtoms and makeBandCells.
 */
export function makeToyRegions(
  windows: WindowSet,
  lattice: FineLattice,
  measured: MeasuredComponent | undefined,
  scope: Scope,
  axis?: 'sideBand' | 'complement',
): ToyRegions {
  const nWindows = windows.count;
  const plain = { nWindows, controlShift: 0 };
  if (measured === undefined) {
    const atoms = makeAtoms(windows, lattice);
    return { ...plain, axis: 'none', idsPerWindow: 1, nRegions: nWindows, atoms };
  }
  if (measured.band === undefined) {
    return withControl(makeAtoms(windows, lattice, undefined, MAX_MEMBERSHIPS / 2), measured, nWindows);
  }
  const isComplement = axis && axis === 'complement';
  const band = makeBandCells(windows, lattice, measured.band, scope, isComplement);
  return {
    ...plain,
    axis: band.isComplement ? 'complement' : 'sideBand',
    measured,
    idsPerWindow: 2,
    nRegions: band.isComplement ? 2 * nWindows + 1 : 2 * nWindows,
    atoms: makeAtoms(windows, lattice, band),
  };
}

/** Atoms of windows w as 2 w, then the same once more as 2 w + 1. */
function withControl(
  { count, ofCell, first, windows }: Atoms,
  measured: MeasuredComponent,
  nWindows: number,
): ToyRegions {
  const controlShift = count - 1;
  const size = first[count];
  const allFirst = new Uint32Array(2 * count);
  allFirst.set(first);
  for (let a = 1; a < count; a++) allFirst[a + 1 + controlShift] = size + first[a + 1];
  const all = new Uint32Array(2 * size);
  for (let k = 0; k < size; k++) [all[k], all[size + k]] = [2 * windows[k], 2 * windows[k] + 1];
  const atoms = { count: count + controlShift, ofCell, first: allFirst, windows: all };
  return { axis: 'sideBand', measured, nWindows, idsPerWindow: 2, nRegions: 2 * nWindows, atoms, controlShift };
}
