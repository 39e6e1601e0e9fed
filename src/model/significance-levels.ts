/** Curves over local Z for the plots of toys: plain arrays, so that JSON holds them as they are. */
export interface SignificanceLevels {
  /** [n] levels from 0 on. */
  readonly z: readonly number[];
  /** [n] P(Z >= z) of a normal distribution. */
  readonly pLocal: readonly number[];
  /** [n] windows at or above the level expected from background: the sum of their largest attainable p0 not above p(z). */
  readonly windows: readonly number[];
  /** [n] windows of the data at or above the level. */
  readonly observed: readonly number[];
  /** [n] probability of at least one window, were they independent (Sidak): a bound. */
  readonly independent: readonly number[];
}
