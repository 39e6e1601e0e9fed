/**
 * What each window can do in an ensemble: the probability that it alone reaches a local p0. Where p0 is that probability
 * itself, the largest attainable one; else summed over what toys can count (reach.ts).
 */
import type { ToySources } from '../../model/toys/toy-sources.ts';
import type { ToyTables } from '../toy-tables.ts';
import { attainableLnP, rankOfLnP } from './attainable.ts';
import { reachLnP } from './reach.ts';

export interface Attainable {
  /** [nWindows] ln of the probability that the window reaches a local p0. */
  at(lnPLocal: number): Float64Array;
  /** Why these are not those of the ensemble, where they are not. */
  readonly reason?: string;
}

/** What decides it, parts of a campaign. */
export interface AttainableInput {
  readonly tables: ToyTables;
  readonly sources: ToySources;
  /** p0 is the probability of its counts in this very ensemble; default true. */
  readonly isExact?: boolean;
  /** Probabilities of the steps p0 has rows by. */
  readonly steps?: Float64Array;
}

export function makeAttainable({ tables, sources, isExact = true, steps }: AttainableInput): Attainable {
  const { ranks, b0, nOff } = tables;
  if (isExact) return { at: (lnP) => attainableLnP(ranks, lnP) };
  const { scenarios, common } = sources;
  const moves = scenarios !== undefined || common.factors.some((f) => f !== 1);
  const isNominal = !moves && sources.sources.every(({ nodes }) => nodes.factors.length === 1);
  const means = { n: b0, nOff, weights: steps };
  return {
    at: (lnP) => reachLnP(ranks, rankOfLnP(ranks, lnP), means),
    ...(isNominal ? {} : { reason: 'nuisances: what a window can reach is known at their nominal values only' }),
  };
}
