/** The two examples end to end, as the command line runs them: stages from run.json, the whole from the clock. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { timingOf, type Timing } from './measure.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const EXAMPLES = ['dark-higgsstrahlung', 'delphi-recoil'] as const;

export interface ExampleTiming {
  readonly example: string;
  readonly plots: boolean;
  readonly windows: number;
  /** From typing the command to the prompt. */
  readonly command: Timing;
  /** Stages of the last run, ms (`prepare` and `evaluate` are parts of `total`). */
  readonly stagesMs: Readonly<Record<string, number>>;
}

/** `darkscan scan --backend cpu`; undefined where the example's data is not there. */
export function timeExample(example: string, plots: boolean, repeat: number): ExampleTiming | undefined {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'darkscan-bench-'));
  const out = path.join(folder, 'run');
  const command = ['bin/darkscan.mjs', 'scan', `examples/${example}/card.yaml`, '--backend', 'cpu', '--out', out];
  const env = { DARKSCAN_DATA: path.join(ROOT, '../shared/data/lep-delphi-dimuon'), ...process.env };
  const times: number[] = [];
  try {
    for (let i = 0; i < repeat; i++) {
      const started = performance.now();
      const options = ['--force', '--quiet', ...(plots ? [] : ['--no-plots'])];
      execFileSync(process.execPath, [...command, ...options], { cwd: ROOT, env, stdio: 'pipe' });
      times.push(performance.now() - started);
    }
    const run = JSON.parse(fs.readFileSync(path.join(out, 'run.json'), 'utf8'));
    const stages = Object.entries(run.timingsMs as Record<string, number>).map(([k, v]) => [k, Math.round(v)]);
    return {
      example,
      plots,
      windows: run.windows.count,
      command: timingOf(times, []),
      stagesMs: Object.fromEntries(stages),
    };
  } catch (error) {
    console.log(`${example}: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`);
    return undefined;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
