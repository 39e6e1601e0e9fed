/** How many toys have their largest local Z where: what the figures and the page draw. */

export interface MaxZHistogram {
  /** Lower edge of the first bin, and width of all. */
  readonly low: number;
  readonly width: number;
  readonly toys: readonly number[];
  /** Toys in no bin: without an event or excess, or below the first one. */
  readonly outside: number;
}

export const Z_BIN = 0.1;

/**
 * @param z extremes that were met, NaN: no excess. @param n toys with them
 * @param range whole units of Z
 */
export function maxZHistogram(
  z: ArrayLike<number>,
  n: ArrayLike<number>,
  [low, high]: readonly [number, number],
): MaxZHistogram {
  const toys = Array.from({ length: Math.round((high - low) / Z_BIN) }, () => 0);
  let outside = 0;
  for (let i = 0; i < z.length; i++) {
    const bin = Math.floor((z[i] - low) / Z_BIN);
    if (bin >= 0 && bin < toys.length) toys[bin] += n[i];
    else outside += n[i];
  }
  return { low, width: Z_BIN, toys, outside };
}

/** Whole units of Z that hold the toys, the data and the levels from 1 on. */
export function maxZRange(z: ArrayLike<number>, zLocal: number | null): [number, number] {
  const all = [...Array.from(z).filter((value) => !Number.isNaN(value)), ...(zLocal === null ? [] : [zLocal])];
  const least = all.reduce((low, value) => Math.min(low, value), 3);
  return [Math.max(0, Math.floor(least) - 1), Math.ceil(all.reduce((high, value) => Math.max(high, value), 4)) + 1];
}
