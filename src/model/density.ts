/** Background density of one component over the plane: expected events per unit area (2D) or length (1D). */
import { DarkscanError } from '../errors.ts';
import type { Card, DensityComponent } from './card.ts';
import { compileExpression, type Scope } from './expression.ts';
import type { PlaneFunction } from './plane-function.ts';
import { makeRegion, planeVariables, type Region } from './region.ts';
import { integrateRegion } from './region-integral.ts';

export interface Density {
  readonly name: string;
  /** Where events can be; undefined when the density is absolute and was given no support. */
  readonly support?: Region;
  /** Expected events over the support and the absolute error of that number; undefined without support. */
  readonly total?: number;
  readonly totalError?: number;
  /** Finite and >= 0; 0 outside the support. Error (kind card, with the point) for a negative or NaN formula. */
  at(x: number, y: number): number;
  /** `at` for many points, the same bits. */
  readonly atMany: PlaneFunction;
}

/**
 * Density of a card's component. With `events` the formula is normalised to that total over `support` (without it
 * windows.region); without `events` the formula is the density itself.
 */
export function makeDensity(card: Card, component: DensityComponent, scope: Scope, where: string): Density {
  const is2D = card.y !== undefined;
  const formula = compileExpression(component.density, planeVariables(is2D), scope, `${where}.density`);
  const support = supportOf(card, component, scope, where);
  const values = new Float64Array(2);

  function raw(x: number, y: number): number {
    values[0] = x;
    values[1] = y;
    const density = formula.evaluate(values);
    return density >= 0 && density < Infinity ? density : refuse(density, x, y);
  }

  function refuse(density: number, x: number, y: number): never {
    const point = is2D ? `x = ${x}, y = ${y}` : `x = ${x}`;
    const message = `card: ${where}.density is ${density} at ${point}, expected a finite number, 0 or more`;
    throw new DarkscanError('card', `${message}; correct the formula or its support`, { where: `${where}.density` });
  }

  const inside = (x: number, y: number) => (support === undefined || support.contains(x, y) ? raw(x, y) : 0);

  /** factor * density, 0 outside the support, where the formula may have any value. */
  const insideMany =
    (factor: number): PlaneFunction =>
    (x, y, count, out) => {
      formula.evaluateMany([x, y], count, out);
      for (let i = 0; i < count; i++) {
        const density = out[i];
        if (support !== undefined && !support.contains(x[i], y[i])) out[i] = 0;
        else out[i] = density >= 0 && density < Infinity ? factor * density : refuse(density, x[i], y[i]);
      }
    };
  if (component.events === undefined) {
    const { name } = component;
    if (support === undefined) return { name, at: inside, atMany: insideMany(1) };
    const { value, error } = integrateRegion(support, is2D, insideMany(1));
    return { name, support, total: value, totalError: error, at: inside, atMany: insideMany(1) };
  }
  if (support === undefined) {
    const message = `card: ${where}.events needs a support and windows from a table have no region; add ${where}.support`;
    throw new DarkscanError('card', message, { where: `${where}.events` });
  }
  const { value, error } = integrateRegion(support, is2D, insideMany(1));
  if (!(value > 0)) {
    const message = `card: ${where}.density is 0 all over its support, expected a density to normalise; correct it`;
    throw new DarkscanError('card', message, { where: `${where}.density` });
  }
  const factor = component.events / value;
  const total = component.events;
  return {
    name: component.name,
    support,
    total,
    totalError: error * factor,
    at: (x, y) => factor * inside(x, y),
    atMany: insideMany(factor),
  };
}

function supportOf(card: Card, component: DensityComponent, scope: Scope, where: string): Region | undefined {
  const is2D = card.y !== undefined;
  if (component.support !== undefined) return makeRegion(component.support, is2D, scope, `${where}.support`);
  if (component.events === undefined || 'table' in card.windows) return undefined;
  return makeRegion(card.windows.region, is2D, scope, 'windows.region');
}
