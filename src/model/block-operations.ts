/**
 * The operations of formulas as loops over a block of points: per point the very operation of formula-compiler.ts, so
 * the same bits. An operand is a column with a mask: -1 for one value per point, 0 for one value that holds at all of
 * them (`values[i & mask]`). Every operation is pure and none throws, so both sides of `&&`, `||` and `? :` may be worked
 * out. The operations that fill densities have loops of their own, which the engine compiles with the function inside;
 * the rest share one loop per number of arguments.
 */
import { exp, hypot, log } from '../stats/portable.ts';
import { BUILTIN_FUNCTIONS, power } from './formula-functions.ts';
import { kallen } from './physics.ts';

/** Fills out[i] for i < n; out is none of the operands. An operation of fewer arguments ignores the last ones. */
export type BlockOperation = (
  n: number,
  out: Float64Array,
  a: Float64Array,
  ma: number,
  b: Float64Array,
  mb: number,
  c: Float64Array,
  mc: number,
) => void;

/** Most arguments an operation has. */
export const MAX_OPERANDS = 3;

/** Operators by their sign, `negate`, `choose` (? :), `square` (^ 2) and the functions densities live on. */
const OWN_LOOPS: Readonly<Record<string, BlockOperation>> = {
  negate(n, out, a, ma) {
    for (let i = 0; i < n; i++) out[i] = -a[i & ma];
  },
  '!'(n, out, a, ma) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] ? 0 : 1;
  },
  '+'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] + b[i & mb];
  },
  '-'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] - b[i & mb];
  },
  '*'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] * b[i & mb];
  },
  '/'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] / b[i & mb];
  },
  '%'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] % b[i & mb];
  },
  '^'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = power(a[i & ma], b[i & mb]);
  },
  square(n, out, a, ma) {
    // power(x, 2) is 1 * (x * x)
    for (let i = 0; i < n; i++) out[i] = a[i & ma] * a[i & ma];
  },
  '<'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] < b[i & mb] ? 1 : 0;
  },
  '<='(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] <= b[i & mb] ? 1 : 0;
  },
  '>'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] > b[i & mb] ? 1 : 0;
  },
  '>='(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] >= b[i & mb] ? 1 : 0;
  },
  '=='(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] === b[i & mb] ? 1 : 0;
  },
  '!='(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] !== b[i & mb] ? 1 : 0;
  },
  '&&'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] && b[i & mb] ? 1 : 0;
  },
  '||'(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] || b[i & mb] ? 1 : 0;
  },
  choose(n, out, a, ma, b, mb, c, mc) {
    for (let i = 0; i < n; i++) out[i] = a[i & ma] ? b[i & mb] : c[i & mc];
  },
  min(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = Math.min(a[i & ma], b[i & mb]);
  },
  max(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = Math.max(a[i & ma], b[i & mb]);
  },
  abs(n, out, a, ma) {
    for (let i = 0; i < n; i++) out[i] = Math.abs(a[i & ma]);
  },
  sqrt(n, out, a, ma) {
    for (let i = 0; i < n; i++) out[i] = Math.sqrt(a[i & ma]);
  },
  exp(n, out, a, ma) {
    for (let i = 0; i < n; i++) out[i] = exp(a[i & ma]);
  },
  log(n, out, a, ma) {
    for (let i = 0; i < n; i++) out[i] = log(a[i & ma]);
  },
  hypot(n, out, a, ma, b, mb) {
    for (let i = 0; i < n; i++) out[i] = hypot(a[i & ma], b[i & mb]);
  },
  kallen(n, out, a, ma, b, mb, c, mc) {
    for (let i = 0; i < n; i++) out[i] = kallen(a[i & ma], b[i & mb], c[i & mc]);
  },
};

const operations = new Map<string, BlockOperation>(Object.entries(OWN_LOOPS));

/** The operation of that name (see OWN_LOOPS) or of the built-in function; undefined beyond MAX_OPERANDS arguments. */
export function blockOperation(name: string): BlockOperation | undefined {
  const known = operations.get(name);
  if (known !== undefined) return known;
  const builtin = BUILTIN_FUNCTIONS.get(name);
  if (builtin === undefined || builtin.minArguments > MAX_OPERANDS) return undefined;
  const operation = loopOver(builtin.evaluate, builtin.minArguments);
  operations.set(name, operation);
  return operation;
}

function loopOver(f: (...values: number[]) => number, nArguments: number): BlockOperation {
  switch (nArguments) {
    case 1:
      return (n, out, a, ma) => {
        for (let i = 0; i < n; i++) out[i] = f(a[i & ma]);
      };
    case 2:
      return (n, out, a, ma, b, mb) => {
        for (let i = 0; i < n; i++) out[i] = f(a[i & ma], b[i & mb]);
      };
    default:
      return (n, out, a, ma, b, mb, c, mc) => {
        for (let i = 0; i < n; i++) out[i] = f(a[i & ma], b[i & mb], c[i & mc]);
      };
  }
}
