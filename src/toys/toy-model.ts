/** The counting model of the scanned windows as toys count: events of the data and backgrounds by the rule `cells`. */
import { DarkscanError } from '../errors.ts';
import type { Card } from '../model/card.ts';
import type { BackgroundComponent, CountingModel, Nuisance } from '../model/counting-model.ts';
import { BACKGROUND_TARGET } from '../model/counting-model.ts';
import { windowSums, type ScenarioPlane } from '../model/toys/atom-sizes.ts';
import type { SimulatedAtoms } from '../model/toys/replica-maps.ts';
import type { MeasuredComponent } from '../model/toys/toy-regions.ts';
import type { ToyComponent, ToyEnsemble } from '../model/toys/toy-sources.ts';
import type { P0Method } from '../scan/statistics.ts';
import type { CellCounts } from './observed.ts';

export interface CellInputs {
  readonly plane: ScenarioPlane;
  readonly components: readonly ToyComponent[];
  /** By name, for components with simulation statistics. */
  readonly samples: ReadonlyMap<string, SimulatedAtoms>;
  readonly counts: CellCounts;
}

/**
 * n, n_off, b0 and sums of simulated weights by cells; relative errors, tau and nuisances as in the scan.
 * @param model of the scanned windows (selectWindows)
 */
export function modelByCells(model: CountingModel, { plane, components, samples, counts }: CellInputs): CountingModel {
  return {
    ...model,
    n: counts.n,
    components: model.components.map((c, i): BackgroundComponent => {
      if (c.kind === 'side-band') {
        const nOff = counts.nOff!;
        return { ...c, nOff, b0: c.tau!.map((tau, w) => (tau > 0 ? nOff[w] / tau : 0)) };
      }
      const b0 = windowSums(components[i].atoms, plane);
      const sample = samples.get(c.name);
      if (c.kind === 'mc-stat' && sample !== undefined) return { ...c, ...sampleSums(sample, plane) };
      if (c.error === undefined) return { ...c, b0 };
      // the fit of a polynomial is not repeated: what is left of it is its error
      const kind = 'error-given';
      return { name: c.name, kind, b0, error: c.error.map((e, w) => (c.b0[w] > 0 ? (e * b0[w]) / c.b0[w] : e)) };
    }),
  };
}

function sampleSums({ atoms, weights }: SimulatedAtoms, plane: ScenarioPlane) {
  const [sumW, sumW2, entries] = [0, 1, 2].map(() => new Float64Array(plane.atoms.count));
  atoms.forEach((a, i) => {
    if (a === 0) return;
    sumW[a] += weights[i];
    sumW2[a] += weights[i] * weights[i];
    entries[a]++;
  });
  const [b0, w2, n] = [sumW, sumW2, entries].map((sums) => windowSums(sums, plane));
  return { b0, sumW2: w2, entries: Uint32Array.from(n) };
}

/** Nothing but Poisson fluctuations: backgrounds known, no nuisance; n_off stays counted. */
export function fixedModel(model: CountingModel): CountingModel {
  return {
    ...model,
    components: model.components.map((c) => (c.kind === 'side-band' ? c : { name: c.name, kind: 'known', b0: c.b0 })),
    nuisances: [],
  };
}

/**
 * Nuisances as toys draw them. One on a component that is counted in side bands is the uncertainty of its tau: events of
 * window and band come from one density, which cannot move against itself, so it stays nominal in toys.
 */
export function drawnNuisances(
  nuisances: readonly Nuisance[],
  names: readonly string[],
  measured: MeasuredComponent | undefined,
): Nuisance[] {
  if (measured?.band === undefined) return [...nuisances];
  const others = names.filter((name) => name !== measured.name);
  return nuisances.map((nuisance) => ({
    ...nuisance,
    effects: nuisance.effects.flatMap((effect) => {
      if (effect.target === measured.name) return [];
      return effect.target === BACKGROUND_TARGET ? others.map((target) => ({ ...effect, target })) : [effect];
    }),
  }));
}

/** The ensemble of the card, or the one that goes with its p0 (methods.md section 6). */
export function ensembleOf(card: Card, method: P0Method): ToyEnsemble {
  const isMarginal = method === 'marginal' || method === 'marginal-mid-p';
  return card.toys?.ensemble ?? (isMarginal ? 'predictive' : 'auxiliary');
}

/** Error (kind card): the profile likelihood of a fit that toys do not repeat. */
export function refusePolynomial(model: CountingModel, method: P0Method): void {
  if (method !== 'profile') return;
  const i = model.components.findIndex((c) => c.kind === 'polynomial');
  if (i < 0) return;
  const where = `background.components[${i}]`;
  const found = `${where} (${model.components[i].name}) is a polynomial fitted beside each window`;
  const message = `card: ${found}, which toys do not fit again, expected p0 marginal`;
  throw new DarkscanError('card', `${message}; put marginal first in statistics.p0`, { where });
}
