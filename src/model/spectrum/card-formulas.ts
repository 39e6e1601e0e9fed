/** Formulas of a spectrum card: of x alone, or of a hypothesis (x position of the signal, m mass of the particle). */
import { DarkscanError } from '../../errors.ts';
import type { Formula } from '../card.ts';
import { compileExpression, type Scope } from '../expression.ts';

/** Variables of formulas that belong to a hypothesis. */
export const HYPOTHESIS_VARIABLES = ['x', 'm'] as const;

export type OfHypothesis = (x: number) => number;

/** What a formula may give, besides being finite. */
export interface Bounds {
  readonly above?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly below?: number;
}

/** The value, if it is what the card may say at x. Error (kind card) with the place, the value and x. */
function checked(value: number, x: number, where: string, bounds: Bounds): number {
  const { above = -Infinity, atLeast = -Infinity, atMost = Infinity, below = Infinity } = bounds;
  if (value > above && value >= atLeast && value <= atMost && value < below) return value;
  const words = { above: 'above', atLeast: 'of at least', atMost: 'of at most', below: 'below' } as const;
  const allowed = Object.entries(bounds).map(([key, bound]) => ` ${words[key as keyof Bounds]} ${bound}`);
  const message = `card: ${where} is ${value} at x = ${x}, expected a finite number${allowed.join(' and')}; correct it`;
  throw new DarkscanError('card', message, { where });
}

/** The formula as a function of the position, with the mass it stands for. Error (kind card) outside the bounds. */
export function hypothesisFormula(
  formula: Formula,
  where: string,
  scope: Scope,
  massAt: OfHypothesis,
  bounds: Bounds = {},
): OfHypothesis {
  const expression = compileExpression(formula, HYPOTHESIS_VARIABLES, scope, where);
  return (x) => checked(expression.evaluate([x, massAt(x)]), x, where, bounds);
}

/** A formula of x alone. Error (kind card) outside the bounds. */
export function formulaOfX(formula: Formula, where: string, scope: Scope, bounds: Bounds = {}): OfHypothesis {
  const expression = compileExpression(formula, ['x'], scope, where);
  return (x) => checked(expression.evaluate([x]), x, where, bounds);
}

/** Position -> mass of the particle: the card's formula, or the position itself. */
export function massFormula(formula: Formula | undefined, where: string, scope: Scope): OfHypothesis {
  return formula === undefined ? (x) => x : formulaOfX(formula, where, scope);
}
