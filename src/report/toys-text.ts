/** What `toys` prints at its end: the global p-value of the best window, with every estimator beside it. */
import { alignColumns } from './compare.ts';
import { probabilityText } from './summary-text.ts';

/** The parts of a toy result that are shown (toys/toy-result.ts). */
export interface ToysShown {
  readonly card: string;
  readonly ensemble: string;
  readonly seed: number;
  readonly n_toys: number;
  readonly n_exceedances: number;
  readonly best: {
    readonly window: number;
    readonly x: number;
    readonly y?: number;
    readonly n: number;
    readonly bkg: number;
  };
  readonly z_local_max: number | null;
  readonly ln_p_local: number;
  readonly z_global: number | null;
  readonly p_global: number;
  readonly p_global_low: number;
  readonly p_global_high: number;
  readonly trials_factor: number | null;
  readonly n_effective: number | null;
  readonly cells: { readonly windows: number; readonly different: number; readonly largest_b0_change: number };
  readonly estimators: readonly EstimatorShown[];
  readonly warnings: readonly string[];
}

interface EstimatorShown {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly reason?: string;
  readonly lnPGlobal: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly zGlobal: number | null;
  readonly trialsFactor: number | null;
}

export function toysText(result: ToysShown): string {
  const { best, cells } = result;
  const place = best.y === undefined ? `at ${short(best.x)}` : `at (${short(best.x)}, ${short(best.y)})`;
  const lines = [
    `${result.card}: ${result.n_toys} toys of ${cells.windows} windows, ensemble ${result.ensemble}, seed ${result.seed}`,
    `best window of the data: ${best.window} ${place}, n = ${best.n} on ${short(best.bkg)}, local p0 ${probabilityText(result.ln_p_local)} (Z ${z(result.z_local_max)})`,
    `${result.n_exceedances} toys reach it: global p ${result.p_global.toPrecision(3)} [${result.p_global_low.toPrecision(3)}, ${result.p_global_high.toPrecision(3)}] (68 %), Z ${z(result.z_global)}`,
    `trials factor ${short(result.trials_factor)}, effective number of windows ${short(result.n_effective)}`,
    '',
    ...alignColumns([
      ['estimator', 'global p', '68 % interval', 'Z', 'trials factor', 'status'],
      ...result.estimators.map(row),
    ]),
    '',
    `counted by cells: ${cells.different} windows have another count than the scan, b0 differs by up to ${(100 * cells.largest_b0_change).toPrecision(2)} %`,
    ...result.warnings.map((warning) => `WARNING ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function row({ name, kind, status, reason, lnPGlobal, interval, zGlobal, trialsFactor }: EstimatorShown): string[] {
  const bound = kind === 'bound' ? '<= ' : '';
  return [
    name,
    lnPGlobal === null ? '-' : bound + probabilityText(lnPGlobal),
    interval === null ? '-' : `${interval.low.toPrecision(2)} to ${interval.high.toPrecision(2)}`,
    z(zGlobal),
    short(trialsFactor),
    status === 'ok' ? 'ok' : `NOT VALID: ${reason}`,
  ];
}

function z(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}

function short(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(4)));
}
