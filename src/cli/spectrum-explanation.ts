/** `darkscan explain CARD --hypothesis ID` for cards of sliding-range fits: one mass in full. */
import { DarkscanError } from '../errors.ts';
import { toJsonText } from '../io/result-json.ts';
import type { SpectrumCard } from '../model/card.ts';
import { EXPECTED_QUANTILES } from '../model/result.ts';
import { alignColumns } from '../report/compare.ts';
import { probabilityText, significant } from '../report/summary-text.ts';
import { explainHypothesis, type HypothesisExplanation } from '../scan/spectrum/explain-hypothesis.ts';
import { prepareSpectra } from '../scan/spectrum/prepare.ts';
import type { CardInput } from './card-input.ts';
import { print, type Session } from './session.ts';

interface ExplainOptions {
  readonly seed?: number;
  readonly unblind?: boolean;
  readonly json?: boolean;
}

/** Bins shown to people: within this many widths of the signal. */
const SHOWN = 3;

export async function printHypothesis(
  { card, files }: CardInput<SpectrumCard>,
  id: number,
  options: ExplainOptions,
  session: Session,
): Promise<void> {
  const { unblind } = options;
  const prepared = await prepareSpectra(card, { files, seed: options.seed ?? card.seed ?? 1, unblind });
  if (id >= prepared.nHypotheses) {
    const last = prepared.nHypotheses - 1;
    throw new DarkscanError('usage', `explain: no hypothesis ${id}, this scan has 0 to ${last}`);
  }
  const explanation = await explainHypothesis(prepared, id);
  print(session, options.json ? toJsonText(explanation, 2) : explanationText(explanation));
}

function explanationText(one: HypothesisExplanation): string {
  const { x, width, bins, limits, nuisances } = one;
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '-' : significant(value, 5);
  const near = bins.filter(({ low, high }) => low < x + SHOWN * width && high > x - SHOWN * width);
  const fit =
    one.sHat === undefined
      ? [one.status === 'blind' ? 'blind: nothing that has seen a signal is shown' : 'no fit: the status says why']
      : [
          `S = ${number(one.sHat)} ± ${number(one.sErr)} events, background in ± 2 widths ${number(one.bHat)}`,
          `q0 ${number(one.q0)}, signed Z ${number(one.z)}, p0 ${probabilityText(one.lnP0!)}`,
          `fit with signal: deviance ${number(one.deviance)} / ${one.dof}, p ${number(one.pFit)}, ${one.iterations} steps, edm ${number(one.edm)}`,
        ];
  const head = ['limit', 'observed', ...EXPECTED_QUANTILES.map((q) => `expected ${q}`)];
  const rows = limits.map(({ method, levelLabel, observed, expected }) => [
    `${method}, ${levelLabel}`,
    number(observed),
    ...expected.map(number),
  ]);
  const sizes = nuisances.flatMap(({ name, constraint, effects }) =>
    effects.map(({ target, up, down }) => {
      const size = up === down ? significant(up) : `+${significant(up)} -${significant(down)}`;
      return [name, constraint, target, size];
    }),
  );
  const table = near.map(({ low, high, n, background, withSignal }) => [
    `${significant(low, 6)} to ${significant(high, 6)}`,
    n === null ? 'blind' : String(n),
    significant(background, 4),
    withSignal === null ? '-' : significant(withSignal, 4),
  ]);
  return [
    `hypothesis ${one.hypothesis}${one.spectrum === undefined ? '' : ` in ${one.spectrum}`}: mass ${number(one.mass)}, at x = ${number(x)}, resolution ${number(one.sigma)}, width ${number(width)}`,
    `range ${number(one.range[0])} to ${number(one.range[1])}, ${one.nBins} bins; status ${one.status}`,
    ...fit,
    `${number(one.sensitivity)} signal events per unit of the POI${one.spuriousSignal > 0 ? `, spurious signal ${number(one.spuriousSignal)} events` : ''}`,
    ...alignColumns(sizes).map((line) => `  ${line}`),
    ...(limits.length > 0
      ? [`limits in ${limits[0].unit}`, ...alignColumns([head, ...rows]).map((line) => `  ${line}`)]
      : []),
    ...(table.length > 0
      ? alignColumns([['bins near the signal', 'n', 'without signal', 'with signal'], ...table])
      : []),
  ].join('\n');
}
