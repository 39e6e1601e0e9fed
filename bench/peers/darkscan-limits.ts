/**
 * Our side of compare.py: node ... darkscan-limits.ts WINDOWS THREADS. Times the whole scan (plan, p0, expected counts
 * and limits) after one warm-up; prints JSON: the inputs, every distinct (window, n) with our limit, and the seconds.
 */
import type { Backend } from '../../src/engine/backend.ts';
import { CpuBackend } from '../../src/engine/cpu-backend.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { evaluateWindows } from '../../src/scan/evaluate-windows.ts';
import { wantedCounts, type WindowNumbers } from '../../src/scan/window-numbers.ts';
import { measure } from '../support/measure.ts';
import { benchModel, SIZES, STATISTICS } from '../support/model.ts';

const [windows, threads] = process.argv.slice(2).map(Number);
const model = benchModel(windows);
const backend: Backend = new CpuBackend({ threads, spawn: nodePlatform.spawn });
let numbers: WindowNumbers = await evaluateWindows(model, STATISTICS, backend);
const { medianMs } = await measure(5, async () => {
  numbers = await evaluateWindows(model, STATISTICS, backend);
});
await backend.close();

/** Equal counts of a window are one limit, here and for the peers. */
const [{ observed, expected }] = numbers.limits;
const asked: { window: number; n: number; limit: number }[] = [];
for (let window = 0; window < windows; window++) {
  const found = new Map<number, number>();
  const limits = [observed, ...expected].map((column) => column[window]);
  wantedCounts(numbers, model, window).forEach((n, i) => found.set(n, limits[i]));
  found.forEach((limit, n) => asked.push({ window, n, limit }));
}

console.log(
  JSON.stringify({
    seconds: medianMs / 1000,
    credibility: STATISTICS.limits[0].level,
    b0: Array.from(model.components[0].b0),
    s0: model.sensitivity[0],
    sizes: SIZES,
    window: asked.map((a) => a.window),
    n: asked.map((a) => a.n),
    limit: asked.map((a) => a.limit),
  }),
);
