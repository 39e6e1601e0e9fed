/** The statistical model of some windows of a scan, for estimates and for looking at one window. */
import type { CountingModel } from '../model/counting-model.ts';

/** @param rows windows to keep, in the order of the result */
export function pickWindows(model: CountingModel, rows: readonly number[]): CountingModel {
  const reals = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]);
  const counts = (values: Uint32Array): Uint32Array => Uint32Array.from(rows, (row) => values[row]);
  return {
    nWindows: rows.length,
    n: counts(model.n),
    components: model.components.map((component) => ({
      ...component,
      b0: reals(component.b0),
      sumW2: component.sumW2 && reals(component.sumW2),
      entries: component.entries && counts(component.entries),
      nOff: component.nOff && counts(component.nOff),
      tau: component.tau && reals(component.tau),
      error: component.error && reals(component.error),
      leak: component.leak && reals(component.leak),
      fits: component.fits && rows.map((row) => component.fits![row]),
    })),
    sensitivity: reals(model.sensitivity),
    nuisances: model.nuisances.map((nuisance) => ({
      ...nuisance,
      effects: nuisance.effects.map(({ target, up, down }) => ({ target, up: reals(up), down: reals(down) })),
    })),
  };
}
