/** The scan of the benchmark model on one backend: first run, stages, and how time grows with the number of windows. */
import type { Backend } from '../../src/engine/backend.ts';
import { flattenPlan } from '../../src/model/plan/flat-plan.ts';
import { RuleCache } from '../../src/model/plan/rule-cache.ts';
import { evaluateWindows } from '../../src/scan/evaluate-windows.ts';
import { largestPoiMax } from '../../src/scan/statistics.ts';
import { measure, timingOf, type Timing } from './measure.ts';
import { benchModel, STATISTICS } from './model.ts';
import { StageClock } from './stage-clock.ts';

export interface Row {
  readonly stage: string;
  readonly windows: number;
  readonly repeat: number;
  readonly timing: Timing;
}

/** Rows as they are measured: the first run apart (compilation, workers), then stages and total of `repeat` runs. */
export async function* timeScan(
  inner: Backend,
  windows: number,
  repeat: number,
  sizes: readonly number[],
): AsyncGenerator<Row> {
  const backend = new StageClock(inner);
  const model = benchModel(windows);
  const row = (stage: string, timing: Timing, n = windows, times = repeat): Row => ({
    stage,
    windows: n,
    repeat: times,
    timing,
  });
  yield row('first run', await measure(1, () => evaluateWindows(model, STATISTICS, backend)), windows, 1);

  const all = Array.from({ length: windows }, (_, i) => i);
  const poiMax = largestPoiMax(STATISTICS);
  yield row('plan', await measure(repeat, async () => flattenPlan(model, all, poiMax, new RuleCache())));

  const perStage = new Map<string, number[]>();
  const total = await measure(repeat, async () => {
    backend.restart();
    await evaluateWindows(model, STATISTICS, backend);
    for (const [stage, ms] of backend.stages) perStage.set(stage, [...(perStage.get(stage) ?? []), ms]);
  });
  for (const [stage, wall] of perStage) yield row(stage, timingOf(wall, []));
  yield row('whole scan', total);

  for (const size of sizes) {
    const other = benchModel(size);
    const times = size > 20_000 ? Math.min(3, repeat) : repeat;
    yield row('whole scan', await measure(times, () => evaluateWindows(other, STATISTICS, backend)), size, times);
  }
}
