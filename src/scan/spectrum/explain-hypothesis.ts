/** One hypothesis of a scan of fits in full: the numbers of its row of the table, its inputs, and both fits bin by bin. */
import { limitGroups } from '../../model/limit-groups.ts';
import { hiddenBins, hiddenIntervals } from '../../model/spectrum/blind-masses.ts';
import { pickHypotheses } from '../../model/spectrum/pick-hypotheses.ts';
import { evaluateSpectra } from './evaluate-spectra.ts';
import { fitCurves } from './fit-curves.ts';
import type { SpectrumResult } from './fit-spectrum.ts';
import type { PreparedPart, PreparedSpectra } from './prepare.ts';
import { hasNumbers } from './spectrum-table.ts';

/** A bin of the fitted range; expected events of the fit without and of the fit with signal. */
export interface ExplainedBin {
  readonly low: number;
  readonly high: number;
  /** null under a blind signal. */
  readonly n: number | null;
  readonly background: number;
  /** null for a blind hypothesis. */
  readonly withSignal: number | null;
  /** The background of the fit with signal; null as well. */
  readonly backgroundOfFull: number | null;
}

/** Of a fit that has numbers. */
interface ExplainedFit {
  readonly sHat: number;
  readonly sErr: number | null;
  /** Background within 2 widths of the signal. */
  readonly bHat: number;
  readonly q0: number;
  /** Signed. */
  readonly z: number;
  readonly lnP0: number;
  readonly deviance: number;
  readonly dof: number;
  readonly pFit: number;
  readonly iterations: number;
  readonly edm: number;
}

export interface HypothesisExplanation extends Partial<ExplainedFit> {
  readonly hypothesis: number;
  /** Absent where the card has one spectrum. */
  readonly spectrum?: string;
  readonly mass: number;
  /** Position in the variable of the spectrum. */
  readonly x: number;
  /** Resolution, and standard deviation of the whole signal. */
  readonly sigma: number;
  readonly width: number;
  readonly range: readonly [low: number, high: number];
  readonly nBins: number;
  readonly status: string;
  /** Expected signal events per unit of the POI. */
  readonly sensitivity: number;
  /** Standard deviation of the spurious signal in events. */
  readonly spuriousSignal: number;
  /** Relative sizes; of shapes those of resolution and position. */
  readonly nuisances: readonly {
    readonly name: string;
    readonly constraint: string;
    readonly effects: readonly { readonly target: string; readonly up: number; readonly down: number }[];
  }[];
  readonly limits: readonly {
    readonly method: string;
    readonly levelLabel: string;
    readonly unit: string;
    readonly observed: number | null;
    readonly expected: readonly (number | null)[];
  }[];
  /** ok, or why a limit is missing. */
  readonly limitStatus: string;
  /** Of the fitted range, ascending; empty where there is no fit. */
  readonly bins: readonly ExplainedBin[];
}

/** @param id below prepared.nHypotheses */
export async function explainHypothesis(prepared: PreparedSpectra, id: number): Promise<HypothesisExplanation> {
  const { card, parts, mass, sensitivity, spurious } = prepared;
  const part = parts.findLast(({ first }) => first <= id)!;
  const alone = partOfOne(part, id);
  const numbers = await evaluateSpectra({ ...prepared, parts: [alone], nHypotheses: 1 }, {});
  const [fit] = numbers.results;
  const [hypothesis] = alone.hypotheses;
  const [{ low, high, bins }] = alone.plan.ranges;
  return {
    hypothesis: id,
    ...(parts.length > 1 ? { spectrum: part.name } : {}),
    mass: mass[id],
    x: hypothesis.mass,
    sigma: hypothesis.sigma,
    width: hypothesis.width ?? hypothesis.sigma,
    range: [low, high],
    nBins: bins.length,
    status: fit.status,
    ...(hasNumbers(fit) ? numbersOf(fit) : {}),
    sensitivity: sensitivity[id],
    spuriousSignal: spurious[id],
    nuisances: nuisancesOf(prepared, id),
    limits: limitGroups(card.statistics.limits).map(({ method, levelLabel }, i) => ({
      method,
      levelLabel,
      unit: card.signal.poi.unit,
      observed: orNull(numbers.limits[i].observed[0]),
      expected: numbers.limits[i].expected.map(([value]) => orNull(value)),
    })),
    limitStatus: numbers.limitStatus[0],
    bins: hasNumbers(fit) || fit.status === 'blind' ? binsOf(prepared, part, alone) : [],
  };
}

/** The part of the scan with this hypothesis only; `first` stays its number in the scan, by which its signal is found. */
function partOfOne(part: PreparedPart, id: number): PreparedPart {
  const { unbinned } = part;
  const rows = [id - part.first];
  return {
    ...part,
    hypotheses: [part.hypotheses[rows[0]]],
    plan: pickHypotheses(part.plan, rows),
    first: id,
    ...(unbinned ? { unbinned: { ...unbinned, plan: pickHypotheses(unbinned.plan, rows) } } : {}),
  };
}

function numbersOf(fit: SpectrumResult): ExplainedFit {
  const { sHat, sErr, bHat, q0, z, lnP0, deviance, dof, pFit, iterations, edm, status } = fit;
  const error = status === 'no-error' ? null : sErr;
  return { sHat, sErr: error, bHat, q0, z, lnP0, deviance, dof, pFit, iterations, edm };
}

function nuisancesOf(
  { yieldNuisances, shapeNuisances }: PreparedSpectra,
  id: number,
): HypothesisExplanation['nuisances'] {
  const yields = yieldNuisances.map(({ name, constraint, effects }) => ({
    name,
    constraint: constraint as string,
    effects: effects.map(({ target, up, down }) => ({ target, up: up[id], down: down[id] })),
  }));
  const shapes = shapeNuisances.map(({ name, resolution, position }) => ({
    name,
    constraint: 'normal',
    effects: [
      ...(resolution ? [{ target: 'resolution', up: resolution[id], down: resolution[id] }] : []),
      ...(position ? [{ target: 'position', up: position[id], down: position[id] }] : []),
    ],
  }));
  return [...yields, ...shapes];
}

/** Both fits of the only hypothesis of `alone`; of a blind one that without signal. */
function binsOf({ blind }: PreparedSpectra, part: PreparedPart, alone: PreparedPart): ExplainedBin[] {
  const { spectrum, hypotheses, first } = part;
  const { low, high, counts } = spectrum;
  const hidden = hiddenBins(spectrum, hiddenIntervals(hypotheses, blind.subarray(first, first + hypotheses.length)));
  const isBlind = blind[alone.first] === 1;
  const curves = fitCurves(alone.plan, counts, 0);
  return Array.from(curves?.bins ?? [], (bin, i) => ({
    low: low[bin],
    high: high[bin],
    n: hidden[bin] ? null : counts[bin],
    background: curves!.background[i],
    withSignal: isBlind ? null : curves!.signalPlusBackground[i],
    backgroundOfFull: isBlind ? null : curves!.backgroundOfFull[i],
  }));
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
