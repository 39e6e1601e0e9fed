/**
 * A region of the plane (or of the line): a closed box and an optional condition. Window centres lie in one, densities
 * live in one.
 */
import { DarkscanError } from '../errors.ts';
import type { Region as CardRegion } from './card.ts';
import { compileExpression, type Scope } from './expression.ts';

export interface Region {
  readonly x: readonly [number, number];
  /** [0, 0] in 1D. */
  readonly y: readonly [number, number];
  readonly hasCondition: boolean;
  contains(x: number, y: number): boolean;
}

/** Variables every formula over the plane may use. */
export function planeVariables(is2D: boolean): readonly string[] {
  return is2D ? ['x', 'y'] : ['x'];
}

/**
 * @param where path of the region in the card, for messages
 * Errors (kind card): a box that is empty or not finite, y missing in 2D or given in 1D, a bad condition.
 */
export function makeRegion(card: CardRegion, is2D: boolean, scope: Scope, where: string): Region {
  if (is2D !== (card.y !== undefined)) {
    const advice = is2D ? 'is missing, expected [low, high]; add it' : 'is given but the card has no y; remove one';
    throw new DarkscanError('card', `card: ${where}.y ${advice}`, { where: `${where}.y` });
  }
  const x = range(card.x, `${where}.x`);
  const y = card.y === undefined ? ([0, 0] as const) : range(card.y, `${where}.y`);
  const variables = planeVariables(is2D);
  const condition =
    card.where === undefined ? undefined : compileExpression(card.where, variables, scope, `${where}.where`);
  const values = new Float64Array(2);
  return {
    x,
    y,
    hasCondition: condition !== undefined,
    contains(px, py) {
      if (!(px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1])) return false;
      if (condition === undefined) return true;
      values[0] = px;
      values[1] = py;
      const held = condition.evaluate(values);
      return held !== 0 && !Number.isNaN(held);
    },
  };
}

function range(limits: readonly number[], where: string): readonly [number, number] {
  const [low, high] = limits;
  if (!Number.isFinite(low) || !Number.isFinite(high) || !(low < high)) {
    const message = `card: ${where} is [${low}, ${high}], expected [low, high] with low < high; swap or correct them`;
    throw new DarkscanError('card', message, { where });
  }
  return [low, high];
}
