/** `darkscan explain CARD --hypothesis ID` for cards of sliding-range fits: one mass in full. */
import { DarkscanError } from '../errors.ts';
import { toJsonText } from '../io/result-json.ts';
import type { SpectrumCard } from '../model/card.ts';
import { limitGroups } from '../model/limit-groups.ts';
import { EXPECTED_QUANTILES } from '../model/result.ts';
import { alignColumns } from '../report/compare.ts';
import { probabilityText, significant } from '../report/summary-text.ts';
import { evaluateSpectra } from '../scan/spectrum/evaluate-spectra.ts';
import { fitCurves } from '../scan/spectrum/fit-curves.ts';
import { prepareSpectra, type PreparedSpectra } from '../scan/spectrum/prepare.ts';
import { hasNumbers } from '../scan/spectrum/spectrum-table.ts';
import { pickHypotheses } from '../toys/spectrum/joint-plan.ts';
import type { CardInput } from './card-input.ts';
import { print, type Session } from './session.ts';

interface ExplainOptions {
  readonly seed?: number;
  readonly json?: boolean;
}

/** Bins shown to people: within this many widths of the signal. */
const SHOWN = 3;

export async function explainHypothesis(
  { card, files }: CardInput<SpectrumCard>,
  id: number,
  options: ExplainOptions,
  session: Session,
): Promise<void> {
  const prepared = await prepareSpectra(card, { files, seed: options.seed ?? card.seed ?? 1 });
  if (id >= prepared.nHypotheses) {
    const last = prepared.nHypotheses - 1;
    throw new DarkscanError('usage', `explain: no hypothesis ${id}, this scan has 0 to ${last}`);
  }
  const explanation = await explain(prepared, id);
  print(session, options.json ? toJsonText(explanation, 2) : explanationText(explanation));
}

type Explanation = Awaited<ReturnType<typeof explain>>;

async function explain(prepared: PreparedSpectra, id: number) {
  const { card, parts, mass, sensitivity, spurious, yieldNuisances, shapeNuisances } = prepared;
  const part = parts.findLast(({ first }) => first <= id)!;
  const hypothesis = part.hypotheses[id - part.first];
  const plan = pickHypotheses(part.plan, [id - part.first]);
  // the numbers of the signal are found by the number of the hypothesis in the scan
  const { unbinned } = part;
  const alone = {
    ...part,
    hypotheses: [hypothesis],
    plan,
    first: id,
    ...(unbinned ? { unbinned: { ...unbinned, plan: pickHypotheses(unbinned.plan, [id - part.first]) } } : {}),
  };
  const numbers = await evaluateSpectra({ ...prepared, parts: [alone], nHypotheses: 1 }, {});
  const [fit] = numbers.results;
  const curves = hasNumbers(fit) ? fitCurves(plan, part.spectrum.counts, 0) : undefined;
  const { low, high, counts } = part.spectrum;
  const [range] = plan.ranges;
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    hypothesis: id,
    ...(parts.length > 1 ? { spectrum: part.name } : {}),
    mass: mass[id],
    x: hypothesis.mass,
    sigma: hypothesis.sigma,
    width: hypothesis.width ?? hypothesis.sigma,
    range: [range.low, range.high],
    nBins: range.bins.length,
    status: fit.status,
    ...(hasNumbers(fit)
      ? {
          sHat: fit.sHat,
          sErr: fit.status === 'no-error' ? null : fit.sErr,
          bHat: fit.bHat,
          q0: fit.q0,
          z: fit.z,
          lnP0: fit.lnP0,
          deviance: fit.deviance,
          dof: fit.dof,
          pFit: fit.pFit,
          iterations: fit.iterations,
          edm: fit.edm,
        }
      : {}),
    sensitivity: sensitivity[id],
    spuriousSignal: spurious[id],
    nuisances: [
      ...yieldNuisances.map(({ name, constraint, effects }) => ({
        name,
        constraint,
        effects: effects.map(({ target, up, down }) => ({ target, up: up[id], down: down[id] })),
      })),
      ...shapeNuisances.map(({ name, resolution, position }) => ({
        name,
        constraint: 'normal',
        effects: [
          ...(resolution ? [{ target: 'resolution', up: resolution[id], down: resolution[id] }] : []),
          ...(position ? [{ target: 'position', up: position[id], down: position[id] }] : []),
        ],
      })),
    ],
    limits: limitGroups(card.statistics.limits).map(({ method, levelLabel }, i) => ({
      method,
      levelLabel,
      unit: card.signal.poi.unit,
      observed: orNull(numbers.limits[i].observed[0]),
      expected: numbers.limits[i].expected.map(([value]) => orNull(value)),
    })),
    limitStatus: numbers.limitStatus[0],
    bins: Array.from(curves?.bins ?? [], (bin, i) => ({
      low: low[bin],
      high: high[bin],
      n: counts[bin],
      background: curves!.background[i],
      withSignal: curves!.signalPlusBackground[i],
    })),
  };
}

function explanationText(one: Explanation): string {
  const { x, width, bins, limits, nuisances } = one;
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '-' : significant(value, 5);
  const near = bins.filter(({ low, high }) => low < x + SHOWN * width && high > x - SHOWN * width);
  const fit =
    one.sHat === undefined
      ? ['no fit: the status says why']
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
    String(n),
    significant(background, 4),
    significant(withSignal, 4),
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
