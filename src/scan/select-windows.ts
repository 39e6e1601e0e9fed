/** A model of some windows of another, in any order and as often as wanted. */
import type { BackgroundComponent, CountingModel } from '../model/counting-model.ts';

type Numbers = Float64Array | Uint32Array;

/** @param index [new number of windows] window of `model` each one is a copy of */
export function selectWindows(model: CountingModel, index: ArrayLike<number>): CountingModel {
  const pick = <T extends Numbers>(values: T): T => {
    const picked = new (values.constructor as new (length: number) => T)(index.length);
    for (let i = 0; i < index.length; i++) picked[i] = values[index[i]];
    return picked;
  };
  const maybe = <T extends Numbers>(values: T | undefined) => values && pick(values);
  return {
    nWindows: index.length,
    n: pick(model.n),
    sensitivity: pick(model.sensitivity),
    components: model.components.map((c): BackgroundComponent => ({
      ...c,
      b0: pick(c.b0),
      sumW2: maybe(c.sumW2),
      entries: maybe(c.entries),
      nOff: maybe(c.nOff),
      tau: maybe(c.tau),
      leak: maybe(c.leak),
      error: maybe(c.error),
      fits: c.fits && Array.from(index, (w) => c.fits![w]),
    })),
    nuisances: model.nuisances.map((nuisance) => ({
      ...nuisance,
      effects: nuisance.effects.map(({ target, up, down }) => ({ target, up: pick(up), down: pick(down) })),
    })),
  };
}
