/** Shorthand for tests: all numbers of small counting models on a backend. */
import type { Backend } from '../../src/engine/backend.ts';
import { CpuBackend } from '../../src/engine/cpu-backend.ts';
import { evaluateWindows, type WindowNumbers } from '../../src/scan/evaluate-windows.ts';
import type { WindowStatistics } from '../../src/scan/statistics.ts';
import { countingModel, type CountingCase } from './counting.ts';

export const STATISTICS: WindowStatistics = {
  p0: ['marginal'],
  limits: [{ method: 'bayes', level: 0.9, poiMax: 1e5 }],
  expected: 'percent',
};

export function evaluateCases(
  cases: readonly CountingCase[],
  statistics: Partial<WindowStatistics> = {},
  backend: Backend = new CpuBackend({ threads: 1 }),
): Promise<WindowNumbers> {
  return evaluateWindows(countingModel(cases), { ...STATISTICS, ...statistics }, backend);
}
