/** What `bias` prints: one line per strength, the masses that stand out, and the spurious signal. Bad news in CAPITALS. */
import type { BiasOverall, BiasResult, BiasRow, SpuriousSize } from '../../model/spectrum/bias-result.ts';
import { alignColumns } from '../compare.ts';
import { probabilityText, significant } from '../summary-text.ts';

const LISTED = 5;

/** Lines for a terminal. @param directory where the run was written, when it was */
export function biasText(result: BiasResult, directory?: string, { plots = true } = {}): string {
  const { card, truth, thrown_from, n_toys, n_hypotheses, left_out, overall, spurious, warnings, seed } = result;
  const own = thrown_from === 'own' ? 'the fit of each' : 'its fits, stitched';
  const from = truth === null ? own : `the fits of ${truth}, stitched`;
  const lines = [
    `${card}: ${n_toys} toys of ${n_hypotheses} hypotheses at ${overall.length} strength${overall.length === 1 ? '' : 's'}, thrown from ${from}, seed ${seed}`,
    ...Object.entries(left_out).map(([reason, n]) => `${n} hypotheses LEFT OUT: ${reason.toUpperCase()}`),
    '',
    'all hypotheses; strength: injected signal in expected errors of S',
    ...alignColumns([HEAD, ...overall.map(overallRow)]).map((line) => `  ${line}`),
    ...overall.flatMap(tailText),
    '',
    `largest mean pulls of ${result.rows.length} (pull: (S - injected) / error)`,
    ...alignColumns([ROW_HEAD, ...standingOut(result.rows).map(row)]).map((line) => `  ${line}`),
    ...(spurious ?? []).flatMap((size) => spuriousText(size, result)),
    ...(warnings.length > 0 ? ['', ...warnings.map((warning) => `WARNING ${warning}`)] : []),
    ...(directory === undefined
      ? []
      : ['', `results in ${directory}: bias.json, bias.csv, bias.parquet, run.json${plots ? ', plots/' : ''}`]),
  ];
  return `${lines.join('\n')}\n`;
}

const HEAD = [
  'strength',
  'toys',
  'failed',
  'mean pull',
  'p(unbiased)',
  'pull width',
  'coverage',
  'largest bias / error',
];

function overallRow(one: BiasOverall): string[] {
  const { strength, toys, failures, pull_mean, pull_mean_err, ln_p_unbiased, pull_width, coverage, largest } = one;
  return [
    String(strength),
    String(toys),
    String(failures),
    withError(pull_mean, pull_mean_err),
    ln_p_unbiased === null ? '-' : probabilityText(ln_p_unbiased),
    fixed(pull_width, 3),
    coverage === null ? '-' : `${(100 * coverage).toFixed(1)} %`,
    largest === null ? '-' : `${largest.in_errors.toFixed(3)} at ${significant(largest.mass, 5)}`,
  ];
}

function tailText({ tails }: BiasOverall): string[] {
  if (tails === null) return [];
  const percent = (share: number) => `${significant(100 * share)} %`;
  const parts = tails.map(({ tail, share, normal }) => `${tail} ${percent(share)} (${percent(normal)})`);
  return [`signed Z without signal, share of toys (normal): ${parts.join(', ')}`];
}

const ROW_HEAD = [
  'id',
  'mass',
  'strength',
  'injected',
  'bias',
  'mean pull',
  'pull width',
  'coverage',
  'bias of expected counts',
];

/** By distance of the mean pull from 0. */
function standingOut(rows: readonly BiasRow[]): BiasRow[] {
  return rows
    .filter(({ pull_mean }) => pull_mean !== null)
    .sort((a, b) => Math.abs(b.pull_mean!) - Math.abs(a.pull_mean!) || a.id - b.id)
    .slice(0, LISTED);
}

function row(one: BiasRow): string[] {
  return [
    String(one.id),
    significant(one.mass, 5),
    String(one.strength),
    significant(one.s_injected),
    withError(one.bias, one.bias_err),
    withError(one.pull_mean, one.pull_mean_err),
    withError(one.pull_width, one.pull_width_err),
    one.coverage === null ? '-' : `${(100 * one.coverage).toFixed(1)} %`,
    one.bias_expected === null ? '-' : significant(one.bias_expected),
  ];
}

/** Two digits of the events are more than their error holds. */
function spuriousText(
  { spectrum, where, events, error, mass, in_errors, expected, envelope }: SpuriousSize,
  { n_hypotheses }: BiasResult,
): string[] {
  const of = spectrum === '' ? '' : ` of ${spectrum}`;
  const place = `at ${significant(mass, 5)}, ${significant(in_errors)} of the error of S`;
  const noise = events < 3 * error ? '; no more than the fluctuations of the toys: throw more' : '';
  const without = expected === null ? '' : `; without fluctuations ${significant(Math.abs(expected))}`;
  return [
    '',
    `spurious signal${of}: largest |mean S| of ${n_hypotheses} masses is ${significant(events)} +- ${significant(error, 2)} events ${place}${without}${noise}`,
    `for the card, at ${where}:`,
    `    spurious_signal: ${significant(events)} # events`,
    ...(envelope === null
      ? []
      : ['or, a power of the mass that none exceeds:', `    spurious_signal: '${envelope}' # events`]),
  ];
}

/** "0.031 +- 0.012": the error with two digits, the value with as many decimals. */
function withError(value: number | null, error: number | null): string {
  if (value === null) return '-';
  if (error === null || !(error > 0)) return significant(value);
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(error)));
  return `${value.toFixed(decimals)} +- ${error.toFixed(decimals)}`;
}

function fixed(value: number | null, decimals: number): string {
  return value === null ? '-' : value.toFixed(decimals);
}
