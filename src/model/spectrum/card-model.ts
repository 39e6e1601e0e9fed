/** The blocks of a spectrum card as hypotheses, backgrounds, fit ranges and bins. */
import { DarkscanError } from '../../errors.ts';
import type { OrderChoice, SpectrumBlock } from '../card.ts';
import { columnOf, type Columns } from '../columns.ts';
import type { Scope } from '../expression.ts';
import { formulaOfX, hypothesisFormula, massFormula, type OfHypothesis } from './card-formulas.ts';
import { shapeModel, type ShapeAt } from './card-shapes.ts';
import type { Background, FitModel, PeakingBackground } from './fit-plan.ts';
import { hypothesesInSteps, hypothesesOfTable, type Hypothesis } from './hypotheses.ts';
import { gaussian } from './signal-shapes.ts';

/** Tables that a block names. */
export interface BlockTables {
  readonly hypotheses?: Columns;
  readonly template?: Columns;
}

export interface BlockModel {
  readonly hypotheses: readonly Hypothesis[];
  readonly massAt: OfHypothesis;
  readonly sigmaAt: OfHypothesis | undefined;
  readonly shapeAt: ShapeAt;
  readonly model: FitModel;
  /** Where the degree of the background is chosen in every range; `model` then has the highest one. */
  readonly choice: OrderChoice | undefined;
}

/** @param where path of the block, for messages */
export function blockModel(block: SpectrumBlock, where: string, scope: Scope, tables: BlockTables): BlockModel {
  const massAt = massFormula(block.mass, `${where}.mass`, scope);
  const sigmaAt =
    block.resolution === undefined
      ? undefined
      : hypothesisFormula(block.resolution, `${where}.resolution`, scope, massAt, { above: 0 });
  const { range, background } = block;
  const { shapeAt, widthAt } = shapeModel(block.shape, `${where}.shape`, scope, massAt, tables.template);
  const choice = orderChoiceOf(background);
  return {
    hypotheses: hypothesesOf(block, where, sigmaAt, tables.hypotheses).map((h) =>
      widthAt === undefined ? h : { ...h, width: widthAt(h) },
    ),
    massAt,
    sigmaAt,
    shapeAt,
    model: {
      signalAt: shapeAt,
      background: backgroundOf(block, where, scope, massAt),
      range: {
        halfWidth: range.half_width,
        minWidth: range.min_width,
        clip: range.clip,
        excluded: range.exclude,
      },
      peaks: (block.peaks ?? []).map((peak): PeakingBackground => ({
        shape: gaussian(peak.x, peak.sigma),
        expected: peak.events,
        error: peak.error,
      })),
    },
    choice,
  };
}

function hypothesesOf(
  { hypotheses }: SpectrumBlock,
  where: string,
  sigmaAt: OfHypothesis | undefined,
  table: Columns | undefined,
): Hypothesis[] {
  if ('from' in hypotheses) {
    if (sigmaAt === undefined) throw new DarkscanError('internal', `${where}: no resolution`);
    return hypothesesInSteps(sigmaAt, hypotheses.from, hypotheses.to, hypotheses.step, `card: ${where}.hypotheses`);
  }
  const { file, columns } = hypotheses.table;
  if (table === undefined) throw new DarkscanError('internal', `${where}: ${file} was not read`);
  const positions = columnOf(table, columns.x, file);
  const sigmas = columns.sigma === undefined ? positions.map((x) => sigmaAt!(x)) : columnOf(table, columns.sigma, file);
  return hypothesesOfTable(positions, sigmas, file);
}

/** The rule by which its order is chosen, where it is. */
export function orderChoiceOf(background: SpectrumBlock['background']): OrderChoice | undefined {
  const order = 'degree' in background ? background.degree : background.powers;
  return typeof order === 'object' ? order : undefined;
}

function backgroundOf(
  { background }: SpectrumBlock,
  where: string,
  scope: Scope,
  massAt: OfHypothesis,
): FitModel['background'] {
  const order = orderChoiceOf(background)?.to;
  if (background.kind === 'power-law') return { ...background, powers: order ?? (background.powers as number) };
  if (background.kind === 'exponential')
    return { kind: background.kind, degree: order ?? (background.degree as number) };
  const { kind } = background;
  if (order !== undefined) return { kind, degree: order };
  const degree = background.degree as number | string;
  if (typeof degree === 'number') return { kind, degree };
  const place = `${where}.background.degree`;
  const degreeAt = hypothesisFormula(degree, place, scope, massAt, { atLeast: 0, below: MOST_DEGREE + 1 });
  return ({ mass }): Background => ({ kind, degree: Math.floor(degreeAt(mass)) });
}

const MOST_DEGREE = 7;
const MOST_BINS = 1e6;
/** Bins of figures and toys of unbinned fits, in resolutions. */
const PICTURE_BIN = 1 / 8;

/**
 * Edges of the bins of events: e_0 = from, e_{i+1} = e_i + width(e_i), the last one at or before `to`. Sums are compensated
 * (Kahan), so that bins of one width end where they should.
 * Error (kind card): a width that is not above 0, no bin, more than a million bins.
 */
export function binEdges(
  bins: NonNullable<SpectrumBlock['bins']>,
  where: string,
  scope: Scope,
  sigmaAt?: OfHypothesis,
): Float64Array {
  const refuse = (found: string): never => {
    throw new DarkscanError('card', `card: ${where}: ${found}`, { where });
  };
  const { from, to } = bins;
  const widthAt =
    'width' in bins
      ? formulaOfX(bins.width, `${where}.width`, scope, { above: 0 })
      : (x: number) => PICTURE_BIN * sigmaAt!(x);
  const edges = [from];
  let lost = 0;
  for (;;) {
    const low = edges[edges.length - 1];
    const wide = widthAt(low);
    const step = wide - lost;
    const end = low + step;
    lost = end - low - step;
    if (edges.length > MOST_BINS || end === low)
      refuse(`more than ${MOST_BINS} bins from ${from} to ${to}; make them wider`);
    // the last edge, where it should be `to` but for rounding
    if (end > to + 1e-9 * wide) {
      // the fit has all events up to `to`, and so have its figures, limits and toys
      if ('unbinned' in bins && to - low > 1e-9 * wide) edges.push(to);
      break;
    }
    edges.push(end);
  }
  if (edges.length < 2) refuse(`the first bin, of width ${widthAt(from)}, ends beyond ${to}; make it narrower`);
  return Float64Array.from(edges);
}
