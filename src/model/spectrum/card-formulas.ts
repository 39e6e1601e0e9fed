/** Formulas of a spectrum card: of x alone, or of a hypothesis (x position of the signal, m mass of the particle). */
import { DarkscanError } from '../../errors.ts';
import type { Formula } from '../card.ts';
import { compileExpression, type Scope } from '../expression.ts';

/** Variables of formulas that belong to a hypothesis. */
export const HYPOTHESIS_VARIABLES = ['x', 'm'] as const;

export type OfHypothesis = (x: number) => number;

/**
 * The formula as a function of the position, with the mass it stands for. Error (kind card), with the place and the
 * hypothesis, where a value is outside [lowest, highest] or not a number.
 */
export function hypothesisFormula(
  formula: Formula,
  where: string,
  scope: Scope,
  massAt: OfHypothesis,
  [lowest, highest]: readonly [number, number] = [-Infinity, Infinity],
): OfHypothesis {
  const expression = compileExpression(formula, HYPOTHESIS_VARIABLES, scope, where);
  return (x) => {
    const value = expression.evaluate([x, massAt(x)]);
    if (value >= lowest && value <= highest && Math.abs(value) < Infinity) return value;
    const allowed =
      lowest === -Infinity
        ? 'a finite number'
        : highest === Infinity
          ? `a finite number >= ${lowest}`
          : `a number between ${lowest} and ${highest}`;
    const message = `card: ${where} is ${value} at x = ${x}, expected ${allowed}; correct the formula`;
    throw new DarkscanError('card', message, { where });
  };
}

/** A formula of x alone. */
export function formulaOfX(formula: Formula, where: string, scope: Scope): OfHypothesis {
  const expression = compileExpression(formula, ['x'], scope, where);
  return (x) => expression.evaluate([x]);
}

/** Position -> mass of the particle: the card's formula, or the position itself. */
export function massFormula(formula: Formula | undefined, where: string, scope: Scope): OfHypothesis {
  if (formula === undefined) return (x) => x;
  const mass = formulaOfX(formula, where, scope);
  return (x) => {
    const value = mass(x);
    if (Number.isFinite(value)) return value;
    const message = `card: ${where} is ${value} at x = ${x}, expected a finite number; correct the formula`;
    throw new DarkscanError('card', message, { where });
  };
}
