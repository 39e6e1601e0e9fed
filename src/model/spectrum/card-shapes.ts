/** The block `shape` of a spectrum card as signal shapes and their widths. */
import { DarkscanError } from '../../errors.ts';
import type { SpectrumBlock, TemplateFile } from '../card.ts';
import { columnOf, type Columns } from '../columns.ts';
import type { Scope } from '../expression.ts';
import { hypothesisFormula, type Bounds, type OfHypothesis } from './card-formulas.ts';
import type { Hypothesis } from './hypotheses.ts';
import { crystalBall, gaussian, template, type Histogram, type SignalShape, type Tail } from './signal-shapes.ts';
import { voigt, voigtWidth } from './voigt.ts';

/** Shape of a signal at x with resolution sigma. */
export type ShapeAt = (hypothesis: Hypothesis) => SignalShape;

export interface ShapeModel {
  readonly shapeAt: ShapeAt;
  /** Standard deviation of the whole signal; undefined where it is the resolution. */
  readonly widthAt: ((hypothesis: Hypothesis) => number) | undefined;
}

/**
 * @param where path of the block, for messages
 * @param table of a template
 */
export function shapeModel(
  shape: SpectrumBlock['shape'],
  where: string,
  scope: Scope,
  massAt: OfHypothesis,
  table: Columns | undefined,
): ShapeModel {
  const formula = (text: number | string, key: string, bounds: Bounds) =>
    hypothesisFormula(text, `${where}.${key}`, scope, massAt, bounds);
  switch (shape.kind) {
    case 'gaussian':
      return { shapeAt: ({ mass, sigma }) => gaussian(mass, sigma), widthAt: undefined };
    case 'voigt': {
      const width = formula(shape.width, 'width', { atLeast: 0 });
      return {
        shapeAt: ({ mass, sigma }) => voigt(mass, sigma, width(mass)),
        widthAt: ({ mass, sigma }) => voigtWidth(sigma, width(mass)),
      };
    }
    case 'crystal-ball': {
      const tailOf = (side: 'low' | 'high') => {
        const spec = shape[side];
        if (spec === undefined) return () => undefined;
        const alpha = formula(spec.alpha, `${side}.alpha`, { above: 0 });
        const n = formula(spec.n, `${side}.n`, { above: 1 });
        return (x: number): Tail => ({ alpha: alpha(x), n: n(x) });
      };
      const [low, high] = [tailOf('low'), tailOf('high')];
      return {
        shapeAt: ({ mass, sigma }) => crystalBall(mass, sigma, { low: low(mass), high: high(mass) }),
        widthAt: undefined,
      };
    }
    case 'template': {
      const histogram = templateOf(shape.table, table);
      const own = standardDeviation(histogram);
      const scale = shape.scale === undefined ? () => 1 : formula(shape.scale, 'scale', { above: 0 });
      return {
        shapeAt: ({ mass }) => template(histogram, mass, scale(mass)),
        widthAt: ({ mass }) => own * scale(mass),
      };
    }
  }
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

/** Error (kind data): gaps, and what no histogram of a signal can be. */
function templateOf({ file, columns }: TemplateFile, table: Columns | undefined): Histogram {
  if (table === undefined) throw new DarkscanError('internal', `template: ${file} was not read`);
  const [low, high] = [columnOf(table, columns.low, file), columnOf(table, columns.high, file)];
  for (let i = 1; i < low.length; i++)
    if (Math.abs(low[i] - high[i - 1]) > 1e-9 * (high[i] - low[i])) {
      const found = `${file}: bin ${i} starts at ${low[i]}, the one before ends at ${high[i - 1]}`;
      throw new DarkscanError('data', `${found}, expected a template without gaps; sort or fill it`);
    }
  const edges = [...low, high[high.length - 1]];
  const histogram = { name: file, edges, contents: columnOf(table, columns.content, file) };
  template(histogram); // refuses what is wrong with it at every hypothesis
  return histogram;
}
