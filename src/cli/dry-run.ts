/** `darkscan scan --dry-run`: how large the scan is, how much memory and time it will take. Writes nothing. */
import { evaluateWindows } from '../scan/evaluate-windows.ts';
import { prepareScan } from '../scan/prepare.ts';
import { statisticsOf } from '../scan/window-scan.ts';
import { chooseBackend } from '../engine/choose-backend.ts';
import { componentRanges, rangesLine } from './background-lines.ts';
import type { CardInput } from './card-input.ts';
import { pickWindows } from '../scan/pick-windows.ts';
import type { BackendOptions } from './scan-options.ts';
import { print, type Session } from './session.ts';

/** Windows really computed, spread evenly over the scan, from which the time is estimated. */
const TRIAL_WINDOWS = 500;
/** Result columns of f64 that a window needs beside the model. */
const RESULT_COLUMNS = 25;

interface DryRunOptions extends BackendOptions {
  readonly seed?: number;
  readonly unblind?: boolean;
  readonly json?: boolean;
}

export async function dryRun({ card, files }: CardInput, options: DryRunOptions, session: Session): Promise<void> {
  const seed = options.seed ?? card.seed ?? 1;
  const started = performance.now();
  const { model, windows, rows } = await prepareScan(card, { files, seed, unblind: options.unblind ?? false });
  const prepareMs = performance.now() - started;
  const { backend } = await chooseBackend(options, session.platform);
  try {
    const nTrial = Math.min(TRIAL_WINDOWS, windows.count);
    const trial = pickWindows(
      model,
      Array.from({ length: nTrial }, (_, i) => Math.floor((i * windows.count) / nTrial)),
    );
    // The first pass pays for start-up (workers, pipelines); the second one is what scales.
    const pass = async (): Promise<number> => {
      const before = performance.now();
      await evaluateWindows(trial, statisticsOf(card), backend, { signal: session.signal });
      return performance.now() - before;
    };
    const startUpMs = await pass();
    const trialMs = await pass();
    const estimatedMs = prepareMs + startUpMs + (trialMs * windows.count) / Math.max(1, nTrial);
    const arrays =
      8 + 2 * model.components.length + 2 * model.nuisances.reduce((sum, { effects }) => sum + effects.length, 0);
    const arrayBytes = 8 * windows.count * (arrays + RESULT_COLUMNS) + 16 * rows.used;
    const result = {
      card: card.name,
      windows: windows.count,
      rows,
      background: model.components.map(componentRanges),
      backend: backend.info.description,
      arrayMiB: Math.ceil(arrayBytes / 2 ** 20),
      estimatedSeconds: Number((estimatedMs / 1000).toPrecision(2)),
      trialWindows: nTrial,
    };
    if (options.json) return print(session, JSON.stringify(result, undefined, 2));
    print(
      session,
      [
        `${card.name}: ${windows.count} windows, ${rows.used} of ${rows.read} rows used`,
        ...result.background.map(rangesLine),
        `backend: ${result.backend}`,
        `memory: about ${result.arrayMiB} MiB of arrays beside the program`,
        `time: about ${result.estimatedSeconds} s without plots (measured on ${nTrial} windows)`,
      ].join('\n'),
    );
  } finally {
    await backend.close();
  }
}
