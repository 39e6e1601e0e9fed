/** The blocks of a spectrum card as hypotheses, signal shapes, backgrounds and fit ranges. */
import { DarkscanError } from '../../errors.ts';
import type { OrderChoice, SpectrumBlock } from '../card.ts';
import { columnOf, type Columns } from '../columns.ts';
import type { Scope } from '../expression.ts';
import { formulaOfX, hypothesisFormula, massFormula, type OfHypothesis } from './card-formulas.ts';
import type { Background, FitModel, PeakingBackground } from './fit-plan.ts';
import { hypothesesInSteps, hypothesesOfTable, type Hypothesis } from './hypotheses.ts';
import { crystalBall, gaussian, template, type Histogram, type SignalShape, type Tail } from './signal-shapes.ts';
import { voigt, voigtWidth } from './voigt.ts';

/** Tables that a block names. */
export interface BlockTables {
  readonly hypotheses?: Columns;
  readonly template?: Columns;
}

/** Shape of a signal at x with resolution sigma. */
export type ShapeAt = (hypothesis: Hypothesis) => SignalShape;

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
      : hypothesisFormula(block.resolution, `${where}.resolution`, scope, massAt);
  const { range, background } = block;
  const shapeAt = shapeOf(block, where, scope, massAt, tables.template);
  const widthAt = widthOf(block, where, scope, massAt, tables.template);
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
    return hypothesesInSteps(sigmaAt, hypotheses.from, hypotheses.to, hypotheses.step);
  }
  const { file, columns } = hypotheses.table;
  if (table === undefined) throw new DarkscanError('internal', `${where}: ${file} was not read`);
  const positions = columnOf(table, columns.x, file);
  const sigmas = columns.sigma === undefined ? positions.map((x) => sigmaAt!(x)) : columnOf(table, columns.sigma, file);
  return hypothesesOfTable(positions, sigmas);
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
  const degreeAt = hypothesisFormula(degree, place, scope, massAt, [0, 7.999999]);
  return ({ mass }): Background => ({ kind, degree: Math.floor(degreeAt(mass)) });
}

function shapeOf(
  { shape }: SpectrumBlock,
  where: string,
  scope: Scope,
  massAt: OfHypothesis,
  table: Columns | undefined,
): ShapeAt {
  const formula = (text: number | string, key: string) =>
    hypothesisFormula(text, `${where}.shape.${key}`, scope, massAt);
  switch (shape.kind) {
    case 'gaussian':
      return ({ mass, sigma }) => gaussian(mass, sigma);
    case 'voigt': {
      const width = formula(shape.width, 'width');
      return ({ mass, sigma }) => voigt(mass, sigma, width(mass));
    }
    case 'crystal-ball': {
      const tailOf = (side: 'low' | 'high') => {
        const spec = shape[side];
        if (spec === undefined) return () => undefined;
        const [alpha, n] = [formula(spec.alpha, `${side}.alpha`), formula(spec.n, `${side}.n`)];
        return (x: number): Tail => ({ alpha: alpha(x), n: n(x) });
      };
      const [low, high] = [tailOf('low'), tailOf('high')];
      return ({ mass, sigma }) => crystalBall(mass, sigma, { low: low(mass), high: high(mass) });
    }
    case 'template': {
      const histogram = templateOf(shape.table, table);
      const scale = shape.scale === undefined ? () => 1 : formula(shape.scale, 'scale');
      return ({ mass }) => template(histogram, mass, scale(mass));
    }
  }
}

/** Of the whole signal; undefined where it is the resolution. */
function widthOf(
  { shape }: SpectrumBlock,
  where: string,
  scope: Scope,
  massAt: OfHypothesis,
  table: Columns | undefined,
): ((hypothesis: Hypothesis) => number) | undefined {
  const formula = (text: number | string, key: string) =>
    hypothesisFormula(text, `${where}.shape.${key}`, scope, massAt);
  if (shape.kind === 'voigt') {
    const width = formula(shape.width, 'width');
    return ({ mass, sigma }) => voigtWidth(sigma, width(mass));
  }
  if (shape.kind === 'template') {
    const own = standardDeviation(templateOf(shape.table, table));
    const scale = shape.scale === undefined ? () => 1 : formula(shape.scale, 'scale');
    return ({ mass }) => own * scale(mass);
  }
  return undefined;
}

function standardDeviation({ edges, contents }: Histogram): number {
  let [sum, first, second] = [0, 0, 0];
  for (let i = 0; i < contents.length; i++) {
    const [a, b] = [edges[i], edges[i + 1]];
    sum += contents[i];
    first += (contents[i] * (a + b)) / 2;
    second += (contents[i] * (a * a + a * b + b * b)) / 3;
  }
  return Math.sqrt(Math.max(0, second / sum - (first / sum) ** 2));
}

function templateOf(
  { file, columns }: { file: string; columns: { low: string; high: string; content: string } },
  table: Columns | undefined,
): Histogram {
  if (table === undefined) throw new DarkscanError('internal', `template: ${file} was not read`);
  const [low, high] = [columnOf(table, columns.low, file), columnOf(table, columns.high, file)];
  for (let i = 1; i < low.length; i++)
    if (Math.abs(low[i] - high[i - 1]) > 1e-9 * (high[i] - low[i])) {
      const found = `${file}: bin ${i} starts at ${low[i]}, the one before ends at ${high[i - 1]}`;
      throw new DarkscanError('data', `${found}, expected a template without gaps; sort or fill it`);
    }
  return { edges: [...low, high[high.length - 1]], contents: columnOf(table, columns.content, file) };
}

const MOST_BINS = 1e6;

/** Edges of the bins of events. Error (kind card): a width that is not above 0, more than a million bins. */
export function binEdges(bins: NonNullable<SpectrumBlock['bins']>, where: string, scope: Scope): Float64Array {
  const widthAt = formulaOfX(bins.width, `${where}.width`, scope);
  const edges = [bins.from];
  for (;;) {
    const low = edges[edges.length - 1];
    const width = widthAt(low);
    const end = low + width;
    if (!(width > 0 && width < Infinity && end > low) || edges.length > MOST_BINS) {
      const found =
        edges.length > MOST_BINS ? `more than ${MOST_BINS} bins` : `${where}.width is ${width} at x = ${low}`;
      throw new DarkscanError('card', `card: ${found}, expected a number above 0; correct the formula`, { where });
    }
    // the last edge, where it should be `to` but for rounding
    if (end > bins.to + 1e-9 * width) break;
    edges.push(end);
  }
  if (edges.length < 2)
    throw new DarkscanError(
      'card',
      `card: ${where}: no bin fits between ${bins.from} and ${bins.to}; narrow the width`,
    );
  return Float64Array.from(edges);
}
