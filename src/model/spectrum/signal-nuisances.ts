/** What is not known exactly about the signal of sliding-range fits. */
import type { Nuisance } from '../counting-model.ts';

export interface SignalNuisances {
  /** On efficiency, luminosity, branching; sizes per hypothesis. */
  readonly yields?: readonly Nuisance[];
}
