/** The card's nuisances as sizes per window and target. */
import { DarkscanError } from '../errors.ts';
import type { Card, Nuisance as CardNuisance } from './card.ts';
import { BACKGROUND_TARGET, SIGNAL_TARGETS, type Nuisance, type NuisanceEffect } from './counting-model.ts';
import { compileExpression, type Scope } from './expression.ts';

/** Coordinates at which formulas of x and y are evaluated: window centres. */
export interface Centres {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Evaluates every size at the window centres. Errors: a size that is not finite, a lognormal size at or below -1,
 * a gamma size with different up and down (a gamma has one shape).
 */
export function resolveNuisances(card: Card, centres: Centres, scope: Scope): Nuisance[] {
  return (card.nuisances ?? []).map((nuisance, i) => ({
    name: nuisance.name,
    constraint: nuisance.constraint,
    effects: Object.entries(nuisance.on).map(([target, size]) =>
      resolveEffect(card, nuisance, target, size, centres, scope, i),
    ),
  }));
}

/** Everything a nuisance may act on. */
export function nuisanceTargets(card: Card): string[] {
  return [BACKGROUND_TARGET, ...SIGNAL_TARGETS, ...card.background.components.map((c) => c.name)];
}

function resolveEffect(
  card: Card,
  nuisance: CardNuisance,
  target: string,
  size: CardNuisance['on'][string],
  centres: Centres,
  scope: Scope,
  index: number,
): NuisanceEffect {
  const where = `nuisances[${index}].on.${target}`;
  if (typeof size === 'object') {
    const up = evaluateAtCentres(card, size.up, centres, scope, `${where}.up`);
    const down = evaluateAtCentres(card, size.down, centres, scope, `${where}.down`);
    checkSizes(nuisance.constraint, up, `${where}.up`);
    checkSizes(nuisance.constraint, down, `${where}.down`);
    if (nuisance.constraint === 'gamma') {
      throw new DarkscanError(
        'card',
        `card: ${where} has up and down, but a gamma constraint has one size; give one number`,
        { where },
      );
    }
    return { target, up, down };
  }
  const values = evaluateAtCentres(card, size, centres, scope, where);
  checkSizes(nuisance.constraint, values, where);
  return { target, up: values, down: values };
}

/** A number or formula of x (and y) at every centre. */
export function evaluateAtCentres(
  card: Card,
  formula: number | string,
  centres: Centres,
  scope: Scope,
  where: string,
): Float64Array {
  const variables = card.y ? ['x', 'y'] : ['x'];
  const expression = compileExpression(formula, variables, scope, where);
  const values = new Float64Array(centres.count);
  expression.evaluateMany([centres.x, centres.y], centres.count, values);
  return values;
}

function checkSizes(constraint: string, values: Float64Array, where: string): void {
  const bad = values.findIndex((v) => !Number.isFinite(v) || (constraint === 'lognormal' && v <= -1));
  if (bad < 0) return;
  const allowed = constraint === 'lognormal' ? 'a number above -1' : 'a finite number';
  throw new DarkscanError(
    'card',
    `card: ${where} is ${values[bad]} in window ${bad}, expected ${allowed}; check the formula`,
    { where },
  );
}
