/** What decides is computed in f64, whatever the device: the most significant windows, and a random sample as a check. */
import { bayesLimit } from '../kernels/bayes_limit.ts';
import { marginalP0, P0_STRIDE } from '../kernels/marginal_p0.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { flattenPlan, type FlatPlan } from '../model/plan/flat-plan.ts';
import type { RuleCache } from '../model/plan/rule-cache.ts';
import { runInF64 } from './chunk-plan.ts';
import { onOffInF64 } from './evaluate-on-off.ts';
import { zOf } from './recheck.ts';
import { largestPoiMax, limitParams, type WindowStatistics } from './statistics.ts';
import { limitItem, p0Item } from './window-items.ts';
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
        const item = () => p0Item(plan, 0, model.n[w]);
        const [lnP, lnComplement] =
          method === 'on-off' ? onOffInF64(model, w) : runInF64(plan, marginalP0, item(), {}, P0_STRIDE);
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
    if (request.method === 'profile') return;
    const { observed, expected } = numbers.limits[iLimit];
    for (const n of new Set(wantedCounts(numbers, model, w))) {
      const item = limitItem(plan, 0, n);
      const [limit, code] = runInF64(plan, bayesLimit, item, limitParams(request), 2);
      const quantile = numbers.nExpected.subarray(5 * w, 5 * w + 5).indexOf(n);
      numbers.recheck.compareLimit(quantile < 0 ? observed[w] : expected[quantile][w], limit);
      storeLimit(numbers, iLimit, model, w, n, limit, code);
    }
  });
}
