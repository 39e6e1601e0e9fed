/** Peak memory of one scan: measured by the process itself, which must be a fresh one and do nothing else. */
import { execFileSync } from 'node:child_process';
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { evaluateWindows } from '../../src/scan/evaluate-windows.ts';
import { benchModel, STATISTICS } from './model.ts';

export interface Memory {
  readonly windows: number;
  readonly seconds: number;
  /** Resident set of the whole process, workers included, at its largest. */
  readonly peakMiB: number;
}

/** Here and now. */
export async function scanOnce(windows: number): Promise<Memory> {
  const { backend } = await chooseBackend({ backend: 'cpu' }, nodePlatform);
  const started = performance.now();
  await evaluateWindows(benchModel(windows), STATISTICS, backend);
  const seconds = Math.round((performance.now() - started) / 10) / 100;
  await backend.close();
  return { windows, seconds, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) };
}

/** In a process of its own: this program again, with --memory. */
export function scanInFreshProcess(windows: number): Memory {
  const args = [...process.execArgv, process.argv[1], '--memory', String(windows), '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Memory;
}
