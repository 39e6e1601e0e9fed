/** Resolution of the signal over the plane: the card's formulas, checked at every point where they are used. */
import { DarkscanError } from '../errors.ts';
import { cos, sin } from '../stats/portable.ts';
import type { LatticeWindows } from './card.ts';
import { covarianceFromCorrelation, covarianceFromRotation, interval, type Symmetric } from './ellipse.ts';
import { compileExpression, type Expression, type Scope } from './expression.ts';
import { planeVariables } from './region.ts';

export interface ResolutionAt {
  /** Covariance of a signal event. */
  readonly sigma: Symmetric;
  /** The same with sigmas scaled by the half-axes: boundary of the window d^T window^-1 d = 1. */
  readonly window: Symmetric;
}

export interface Resolution {
  readonly is2D: boolean;
  /** Half-axes of the window in units of the resolution. */
  readonly k: { readonly x: number; readonly y: number };
  /** Error (kind card, with the point) where a sigma is not a finite number above 0 or |rho| >= 1. */
  at(x: number, y: number): ResolutionAt;
  /** As `at`, undefined instead of an error. */
  tryAt(x: number, y: number): ResolutionAt | undefined;
}

/** At |rho| above this the quadratic form loses more than half of its digits. */
const MAX_CORRELATION = 1 - 1e-7;

export function makeResolution(card: LatticeWindows, is2D: boolean, scope: Scope): Resolution {
  const { resolution, half_axes: half } = card;
  const k = typeof half === 'number' ? { x: half, y: half } : { x: half.x, y: half.y };
  const variables = planeVariables(is2D);
  const compile = (text: number | string | undefined, key: string): Expression | undefined =>
    text === undefined ? undefined : compileExpression(text, variables, scope, `windows.resolution.${key}`);
  const sx = compile(resolution.x, 'x')!;
  const sy = is2D ? compile(resolution.y, 'y') : undefined;
  if (is2D && sy === undefined) refuse('y', 'is missing', 'a formula of x and y; add it');
  const rho = is2D ? compile(resolution.correlation, 'correlation') : undefined;
  const phi = is2D ? compile(resolution.rotation, 'rotation') : undefined;
  const values = new Float64Array(2);

  /** The offending key and value go through `fail`, which throws or gives up. */
  function evaluate(x: number, y: number, fail: (key: string, value: number) => void): ResolutionAt | undefined {
    values[0] = x;
    values[1] = y;
    const s1 = sx.evaluate(values);
    if (!(s1 > 0 && s1 < Infinity)) return void fail('x', s1);
    if (sy === undefined) return { sigma: interval(s1), window: interval(k.x * s1) };
    const s2 = sy.evaluate(values);
    if (!(s2 > 0 && s2 < Infinity)) return void fail('y', s2);
    if (phi !== undefined) {
      const angle = phi.evaluate(values);
      if (!Number.isFinite(angle)) return void fail('rotation', angle);
      const [c, s] = [cos(angle), sin(angle)];
      const window = covarianceFromRotation(k.x * s1, k.y * s2, c, s);
      return { sigma: covarianceFromRotation(s1, s2, c, s), window };
    }
    const r = rho === undefined ? 0 : rho.evaluate(values);
    if (!(Math.abs(r) <= MAX_CORRELATION)) return void fail('correlation', r);
    return { sigma: covarianceFromCorrelation(s1, s2, r), window: covarianceFromCorrelation(k.x * s1, k.y * s2, r) };
  }

  return {
    is2D,
    k,
    tryAt: (x, y) => evaluate(x, y, () => undefined),
    at(x, y) {
      return evaluate(x, y, (key, value) => {
        const allowed: Record<string, string> = {
          correlation: 'a number between -1 and 1',
          rotation: 'a finite angle',
        };
        const point = is2D ? `x = ${x}, y = ${y}` : `x = ${x}`;
        const expected = `${allowed[key] ?? 'a finite number above 0'}; correct the formula or windows.region`;
        refuse(key, `is ${value} at ${point}`, expected);
      })!;
    },
  };
}

function refuse(key: string, found: string, expected: string): never {
  const where = `windows.resolution.${key}`;
  throw new DarkscanError('card', `card: ${where} ${found}, expected ${expected}`, { where });
}
