/** What `toys` prints at its end: the global p-value of the best window, with every estimator beside it. */
import { alignColumns } from './compare.ts';
import { probabilityText } from './summary-text.ts';

interface GlobalShown {
  readonly ln_p_global: number | null;
  readonly p_global_low: number | null;
  readonly p_global_high: number | null;
  readonly z_global: number | null;
  readonly trials_factor: number | null;
  readonly n_effective: number | null;
}

interface WindowShown {
  readonly window: number;
  readonly x: number;
  readonly y?: number;
  readonly n: number;
  readonly bkg: number;
  readonly n_off?: number;
}

interface HypothesisShown {
  readonly hypothesis: number;
  readonly spectrum?: string;
  readonly mass: number;
  readonly s_hat: number;
  readonly s_err: number;
}

/** The parts of toys.json that are shown (toys/toy-result.ts). */
export interface ToysShown extends GlobalShown {
  readonly card: string;
  readonly sample: string;
  readonly ensemble: string;
  readonly seed: number;
  readonly n_toys: number;
  readonly n_exceedances: number;
  /** Of windows, or of sliding-range fits. */
  readonly n_windows?: number;
  readonly n_hypotheses?: number;
  readonly stop: string;
  readonly best: WindowShown | HypothesisShown | null;
  readonly z_local_max: number | null;
  readonly ln_p_local: number;
  readonly cells?: { readonly different: number; readonly largest_b0_change: number };
  readonly estimators: readonly (GlobalShown & {
    readonly name: string;
    readonly kind: string;
    readonly status: string;
    readonly reason?: string;
  })[];
  readonly injected: readonly {
    readonly x: number;
    readonly y?: number;
    readonly events: number;
    readonly share: number;
    readonly share_low: number;
    readonly share_high: number;
  }[];
  readonly warnings: readonly string[];
}

export function toysText(result: ToysShown): string {
  const { cells, estimators, injected, best } = result;
  const { tested, one } = wordsOf(result);
  const lines = [
    `${result.card}: ${result.n_toys} ${result.sample} toys of ${tested}, ensemble ${result.ensemble}, seed ${result.seed}`,
    bestText(result),
    reachText(result),
    ...(estimators.length === 0
      ? []
      : [
          `trials factor ${short(result.trials_factor)}, effective number of ${one === 'window' ? 'windows' : 'hypotheses'} ${short(result.n_effective)}`,
          '',
          ...alignColumns([
            ['estimator', 'global p', '68 % interval', 'Z', 'trials factor', 'status'],
            ...estimators.map(row),
          ]),
          '',
        ]),
    ...injected.map(
      ({ x, y, events, share, share_low, share_high }) =>
        `signal of ${short(events)} events at ${place(x, y)}: the best window is within 2 resolutions of it in ${percent(share)} of the toys [${percent(share_low)}, ${percent(share_high)}]`,
    ),
    ...(cells === undefined
      ? []
      : [
          `counted by cells: ${cells.different} windows have another count than the scan, b0 of toys differs by up to ${(100 * cells.largest_b0_change).toPrecision(2)} %${best !== null && 'n_off' in best ? ' from n_off / tau' : ''}`,
        ]),
    ...result.warnings.map((warning) => `WARNING ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function wordsOf({ n_windows, n_hypotheses }: ToysShown) {
  return n_windows === undefined
    ? { tested: `${n_hypotheses} hypotheses`, one: 'hypothesis', none: 'NONE HAS AN EXCESS' }
    : { tested: `${n_windows} windows`, one: 'window', none: 'NONE HAS AN EVENT' };
}

function bestText(result: ToysShown): string {
  const { best, ln_p_local, z_local_max } = result;
  const { one, none } = wordsOf(result);
  if (best === null) return `best ${one} of the data: ${none}`;
  const p0 = `local p0 ${probabilityText(ln_p_local)} (Z ${z(z_local_max)})`;
  if ('hypothesis' in best) {
    const { hypothesis, spectrum, mass, s_hat, s_err } = best;
    const where = `${hypothesis} at ${short(mass)}${spectrum === undefined ? '' : ` in ${spectrum}`}`;
    return `best hypothesis of the data: ${where}, S = ${short(s_hat)} +- ${short(s_err)}, ${p0}`;
  }
  const beside = best.n_off === undefined ? '' : ` (${best.n_off} beside it)`;
  return `best window of the data: ${best.window} at ${place(best.x, best.y)}, n = ${best.n} on ${short(best.bkg)}${beside}, ${p0}`;
}

function reachText(result: ToysShown): string {
  const { n_exceedances, n_toys, ln_p_global, p_global_low, p_global_high, z_global, stop } = result;
  if (ln_p_global === null) return `${n_exceedances} of ${n_toys} toys reach it`;
  const range = `[${p(p_global_low)}, ${p(p_global_high)}] (68 %)`;
  const reach =
    stop === 'exceedances' ? `toy ${n_toys} is the ${n_exceedances}-th to reach it` : `${n_exceedances} toys reach it`;
  return `${reach}: global p ${probabilityText(ln_p_global)} ${range}, Z ${z(z_global)}`;
}

function row(estimator: ToysShown['estimators'][number]): string[] {
  const { name, kind, status, reason, ln_p_global, p_global_low, p_global_high, z_global, trials_factor } = estimator;
  const bound = kind === 'bound' ? '<= ' : '';
  return [
    name,
    ln_p_global === null ? '-' : bound + probabilityText(ln_p_global),
    p_global_low === null ? '-' : `${p(p_global_low)} to ${p(p_global_high)}`,
    z(z_global),
    short(trials_factor),
    status === 'ok' ? 'ok' : `NOT VALID: ${reason}`,
  ];
}

function place(x: number, y: number | undefined): string {
  return y === undefined ? short(x) : `(${short(x)}, ${short(y)})`;
}

function p(value: number | null): string {
  return value === null || value === 0 ? '0' : probabilityText(Math.log(value));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function z(value: number | null): string {
  return value === null ? '-' : value.toFixed(2);
}

function short(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(4)));
}
