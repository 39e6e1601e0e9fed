/** Resolution of the signal over the plane: the card's formulas, checked at every point where they are used. */
import { DarkscanError } from '../errors.ts';
import { cos, sin } from '../stats/portable.ts';
import type { LatticeWindows } from './card.ts';
import { covarianceFromCorrelation, covarianceFromRotation, interval, type Symmetric } from './ellipse.ts';
import { compileExpression, type Expression, type Scope } from './expression.ts';
import { BLOCK } from './formula-blocks.ts';
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
  /** Writes sigma of `tryAt` at the first `count` points, the same bits; xx is NaN where there is none. */
  sigmaMany(x: Float64Array, y: Float64Array, count: number, out: SigmaColumns): void;
}

/** Elements of a covariance and its determinant, one per point. */
export type SigmaColumns = Readonly<Record<'xx' | 'xy' | 'det', Float64Array>>;

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
  const turn = phi ?? rho;
  const values = new Float64Array(2);
  const [s1s, s2s, turns] = [0, 1, 2].map(() => new Float64Array(BLOCK));

  /** First of the numbers that cannot be; t is the angle or the correlation. */
  function failing(s1: number, s2: number, t: number): readonly [key: string, value: number] | undefined {
    if (!(s1 > 0 && s1 < Infinity)) return ['x', s1];
    if (sy === undefined) return undefined;
    if (!(s2 > 0 && s2 < Infinity)) return ['y', s2];
    if (phi !== undefined) return Number.isFinite(t) ? undefined : ['rotation', t];
    return Math.abs(t) <= MAX_CORRELATION ? undefined : ['correlation', t];
  }

  function covariance(s1: number, s2: number, t: number): Symmetric {
    if (sy === undefined) return interval(s1);
    return phi === undefined ? covarianceFromCorrelation(s1, s2, t) : covarianceFromRotation(s1, s2, cos(t), sin(t));
  }

  /** The offending key and value go through `fail`, which throws or gives up. */
  function evaluate(x: number, y: number, fail: (key: string, value: number) => void): ResolutionAt | undefined {
    values[0] = x;
    values[1] = y;
    const [s1, s2, t] = [sx.evaluate(values), sy?.evaluate(values) ?? 0, turn?.evaluate(values) ?? 0];
    const failed = failing(s1, s2, t);
    if (failed !== undefined) return void fail(...failed);
    return { sigma: covariance(s1, s2, t), window: covariance(k.x * s1, k.y * s2, t) };
  }

  function sigmaMany(x: Float64Array, y: Float64Array, count: number, out: SigmaColumns): void {
    for (let from = 0; from < count; from += BLOCK) {
      const n = Math.min(BLOCK, count - from);
      const columns = [x.subarray(from, from + n), y.subarray(from, from + n)];
      sx.evaluateMany(columns, n, s1s);
      sy?.evaluateMany(columns, n, s2s);
      turn?.evaluateMany(columns, n, turns);
      for (let i = 0; i < n; i++) {
        const valid = failing(s1s[i], s2s[i], turns[i]) === undefined;
        const { xx, xy, det } = covariance(s1s[i], s2s[i], turns[i]);
        out.xx[from + i] = valid ? xx : NaN;
        out.xy[from + i] = xy;
        out.det[from + i] = det;
      }
    }
  }

  return {
    is2D,
    k,
    sigmaMany,
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
