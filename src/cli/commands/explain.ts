/**
 * `darkscan explain CARD --window ID`: one window in full: geometry, counts, backgrounds, nuisances with their sizes,
 * p0, limits, and the posterior of the parameter of interest as its quantiles (the limit at every credibility).
 */
import { CpuBackend } from '../../engine/cpu-backend.ts';
import { DarkscanError } from '../../errors.ts';
import { isSpectrumCard, windowCard } from '../../io/card.ts';
import { toJsonText } from '../../io/result-json.ts';
import { prepareScan, type PreparedScan } from '../../scan/prepare.ts';
import { evaluateWindows, type WindowNumbers } from '../../scan/evaluate-windows.ts';
import { limitGroups } from '../../model/limit-groups.ts';
import type { LimitRequest } from '../../scan/statistics.ts';
import { statisticsOf } from '../../scan/window-scan.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readAnyCard } from '../card-input.ts';
import { explanationText, POSTERIOR_LEVELS, type Explanation } from '../explanation.ts';
import { pickWindows } from '../pick-windows.ts';
import type { AddCommand } from '../program.ts';
import { seedOption, wholeNumber } from '../scan-options.ts';
import { explainHypothesis } from '../spectrum-explanation.ts';
import { print } from '../session.ts';

interface ExplainOptions {
  readonly window?: number;
  readonly hypothesis?: number;
  readonly seed?: number;
  readonly unblind?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const addExplain: AddCommand = (program, session) => {
  program
    .command('explain')
    .description('every number of one window, or of one mass of a card of fits: inputs, nuisances, limits (in f64)')
    .argument(CARD_ARGUMENT, CARD_ARGUMENT_HELP)
    .option('--window <id>', 'number of the window, as in the table of a scan', (text) =>
      wholeNumber(text, 0, 2 ** 31 - 1),
    )
    .option('--hypothesis <id>', 'number of the hypothesis, for a card of fits', (text) =>
      wholeNumber(text, 0, 2 ** 31 - 1),
    )
    .addOption(seedOption())
    .option('--unblind', 'look at the count even if the window is blind')
    .option('--json', 'as JSON on stdout')
    .option('-q, --quiet', 'no notes')
    .action(async (named: string | undefined, options: ExplainOptions) => {
      const input = await readAnyCard(named, session, options);
      if (isSpectrumCard(input.card)) {
        const id = wanted('hypothesis', options.hypothesis, options.window);
        return explainHypothesis({ ...input, card: input.card }, id, options, session);
      }
      const { card, files } = windowCard(input);
      const id = wanted('window', options.window, options.hypothesis);
      const seed = options.seed ?? card.seed ?? 1;
      const prepared = await prepareScan(card, { files, seed, unblind: options.unblind ?? false });
      if (id >= prepared.windows.count) {
        const last = prepared.windows.count - 1;
        throw new DarkscanError('usage', `explain: no window ${id}, this scan has 0 to ${last}`);
      }
      const statistics = statisticsOf(card);
      // Each limit asked for, then every level of the posterior of the Bayesian ones.
      const limits = [...statistics.limits, ...posteriorsOf(statistics.limits)];
      const backend = new CpuBackend({ threads: 1 });
      try {
        const model = pickWindows(prepared.model, [id]);
        const blind = prepared.blind.slice(id, id + 1);
        const numbers = await evaluateWindows(model, { ...statistics, limits }, backend, {
          blind,
          signal: session.signal,
        });
        const explanation = explain(prepared, id, numbers);
        print(session, options.json ? toJsonText(explanation, 2) : explanationText(explanation, card));
      } finally {
        await backend.close();
      }
    });
};

/** The number that this kind of card needs; error (kind usage) where the other one, or none, is given. */
function wanted(kind: 'window' | 'hypothesis', own: number | undefined, other: number | undefined): number {
  if (own !== undefined) return own;
  const found = other === undefined ? 'nothing' : kind === 'window' ? '--hypothesis' : '--window';
  const card = kind === 'window' ? 'windows' : 'fits';
  throw new DarkscanError('usage', `explain: found ${found}, a card of ${card} needs --${kind} ID; add it`);
}

function explain(
  { card, windows, model, blind, efficiency }: PreparedScan,
  row: number,
  numbers: WindowNumbers,
): Explanation {
  const isBlind = blind[row] === 1;
  const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const posteriors = numbers.limits.slice(card.statistics.limits.length);
  return {
    window: row,
    x: windows.x[row],
    ...(windows.kind === 'ellipses' ? { y: windows.y[row], b: windows.b[row], phiDeg: windows.phiDeg[row] } : {}),
    a: windows.a[row],
    status: numbers.status[0],
    n: isBlind ? null : model.n[row],
    background: numbers.bkg[0],
    backgroundError: orNull(numbers.bkgErr[0]),
    components: model.components.map(({ name, kind, b0, nOff, tau, leak, entries, sumW2, error, fits }) => ({
      name,
      kind,
      expected: b0[row],
      ...(nOff && tau ? { nOff: nOff[row], tau: tau[row] } : {}),
      ...(leak ? { leak: leak[row] } : {}),
      ...(entries && sumW2 ? { simulatedEvents: entries[row], sumOfSquaredWeights: sumW2[row] } : {}),
      ...(error ? { error: error[row] } : {}),
      ...(fits ? { degree: fits[row].degree, bins: fits[row].counts.length, bandEvents: sum(fits[row].counts) } : {}),
    })),
    sensitivity: model.sensitivity[row],
    sensitivityError: orNull(numbers.sensErr[0]),
    efficiency: efficiency[row],
    nuisances: model.nuisances.map(({ name, constraint, effects }) => ({
      name,
      constraint,
      effects: effects.map(({ target, up, down }) => ({ target, up: up[row], down: down[row] })),
    })),
    p0: [card.statistics.p0].flat().map((method, i) => ({
      method,
      lnP0: orNull(numbers.p0[i].lnP[0]),
      z: orNull(numbers.p0[i].z[0]),
    })),
    expectedCounts: [...numbers.nExpected],
    limits: limitGroups(card.statistics.limits).map(({ method, levelLabel }, i) => {
      const { observed, expected } = numbers.limits[i];
      const levels = method === 'bayes' ? posteriors.splice(0, POSTERIOR_LEVELS.length) : [];
      return {
        ...card.statistics.limits[i],
        levelLabel,
        observed: orNull(observed[0]),
        expected: expected.map((values) => orNull(values[0])),
        posterior: isBlind
          ? []
          : levels.map((level, k) => ({ probability: POSTERIOR_LEVELS[k], poi: orNull(level.observed[0]) })),
      };
    }),
  };
}

/** The limit at every level shown, for each Bayesian limit: quantiles of its posterior. */
function posteriorsOf(limits: readonly LimitRequest[]): LimitRequest[] {
  const bayesian = limits.filter(({ method }) => method === 'bayes');
  return bayesian.flatMap((limit) => POSTERIOR_LEVELS.map((level) => ({ ...limit, level })));
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, n) => total + n, 0);
}
