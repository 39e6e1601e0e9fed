/** What decides is computed in f64, whatever the device: the most significant windows, and a random sample as a check. */
import { bayesLimit } from '../kernels/bayes_limit.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { flattenPlan, type FlatPlan } from '../model/plan/flat-plan.ts';
import type { RuleCache } from '../model/plan/rule-cache.ts';
import { runInF64 } from './chunk-plan.ts';
import { profileInF64Limit } from './evaluate-profile.ts';
import { p0InF64 } from './p0-in-f64.ts';
import { zOf } from './recheck.ts';
import { largestPoiMax, limitParams, type LimitRequest, type WindowStatistics } from './statistics.ts';
import { limitItem } from './window-items.ts';
import { hasP0, storeLimit, storeP0, wantedCounts, type WindowNumbers } from './window-numbers.ts';

/** Most significant windows that are always recomputed. */
const DECISIVE = 20;

/** Recomputes and replaces; the largest differences go to `numbers.recheck`. */
export function recheckDecisive(
  model: CountingModel,
  statistics: WindowStatistics,
  cache: RuleCache,
  numbers: WindowNumbers,
  sample: ((iWindow: number) => boolean) | undefined,
): void {
  for (const w of decisiveWindows(numbers, sample)) {
    const plan = flattenPlan(model, [w], largestPoiMax(statistics), cache);
    numbers.recheck.checked++;
    if (hasP0(numbers.status[w])) {
      statistics.p0.forEach((method, i) => {
        // without a number from the scan there is nothing to check
        if (Number.isNaN(numbers.p0[i].lnP[w])) return;
        const [lnP, lnComplement] = p0InF64(model, plan, 0, method, w, model.n[w]);
        if (Number.isNaN(lnP)) return; // a fit that converges on the device only: kept as it is
        numbers.recheck.compareZ(numbers.p0[i].z[w], zOf(lnP, lnComplement));
        storeP0(numbers.p0[i], w, lnP, lnComplement);
      });
    }
    if (numbers.status[w] !== 'no-sensitivity') recheckLimits(model, statistics, plan, w, numbers);
  }
}

function decisiveWindows(numbers: WindowNumbers, sample: ((iWindow: number) => boolean) | undefined): Set<number> {
  const { z } = numbers.p0[0];
  const ranked = Array.from(z.keys())
    .filter((w) => z[w] > 0)
    .sort((a, b) => z[b] - z[a] || a - b);
  const wanted = new Set(ranked.slice(0, DECISIVE));
  numbers.status.forEach((status, w) => {
    if (status !== 'bad-background' && sample?.(w)) wanted.add(w);
  });
  return wanted;
}

function recheckLimits(
  model: CountingModel,
  statistics: WindowStatistics,
  plan: FlatPlan,
  w: number,
  numbers: WindowNumbers,
): void {
  statistics.limits.forEach((request, iLimit) => {
    const { observed, expected } = numbers.limits[iLimit];
    for (const n of new Set(wantedCounts(numbers, model, w))) {
      const quantile = numbers.nExpected.subarray(5 * w, 5 * w + 5).indexOf(n);
      const found = quantile < 0 ? observed[w] : expected[quantile][w];
      if (Number.isNaN(found)) continue;
      const [limit, code] = limitInF64(model, plan, request, w, n);
      numbers.recheck.compareLimit(found, limit);
      storeLimit(numbers, iLimit, model, w, n, limit, code);
    }
  });
}

function limitInF64(
  model: CountingModel,
  plan: FlatPlan,
  request: LimitRequest,
  w: number,
  n: number,
): readonly [number, number] {
  if (request.method === 'profile') return profileInF64Limit(model, w, n, request.level);
  const [limit, code] = runInF64(plan, bayesLimit, limitItem(plan, 0, n), limitParams(request), 2);
  return [limit, code];
}
