/** Bounds over boxes against the formula itself at random points of the box. */
import { expect, it } from 'vitest';
import { compileExpression, makeScope } from '../../../src/model/expression.ts';
import { compileBounds, truth } from '../../../src/model/formula-bounds.ts';
import { uniforms } from './helpers.ts';

const SCOPE = makeScope({ constants: { c: 2.5 }, functions: { 'f(a, b)': 'a*b - sqrt(abs(a) + c)' } });
const VARIABLES = ['x', 'y'];
const FORMULAS = [
  'x + sqrt(y^2) - c',
  'f(x, y) / (1 + x^2)',
  'x^3 - y^-2',
  'min(x, y, 1) * max(x, -y)',
  'exp(x/4) - log(abs(y) + 1) + hypot(x, y)',
  'x < y ? x : y*y',
  'floor(x) + sign(y) * expm1(-x)',
  'x < 1 && !(y >= x) || x*y > 4',
  'max(x, 0) > 0',
  'x <= y != y <= 1',
  'pow(abs(x) + 0.1, 1.5) == y',
];

it.each(FORMULAS)('hold %s at every point', (formula) => {
  const [expression, boundsOf] = [compileExpression, compileBounds].map((make) => make(formula, VARIABLES, SCOPE, 'f'));
  const u = uniforms(11);
  let known = 0;
  for (let box = 0; box < 300; box++) {
    const [x, y] = [8 * u() - 4, 8 * u() - 4];
    const [width, height] = [2 * u() ** 3, 2 * u() ** 3];
    const bounds = (boundsOf as ReturnType<typeof compileBounds>)([
      [x, x + width],
      [y, y + height],
    ]);
    if (bounds === undefined) continue;
    known++;
    for (let point = 0; point < 50; point++) {
      const at = [Math.min(x + width, x + width * u()), Math.min(y + height, y + height * u())];
      const value = (expression as ReturnType<typeof compileExpression>).evaluate(at);
      expect(value).toBeGreaterThanOrEqual(bounds[0]);
      expect(value).toBeLessThanOrEqual(bounds[1]);
    }
  }
  expect(known).toBeGreaterThan(100);
});

it('know nothing where a formula can be NaN or infinite, and nothing of functions they do not know', () => {
  const of = (formula: string) => compileBounds(formula, ['x'], SCOPE, 'f')([[-1, 1]]);
  for (const formula of ['sqrt(x)', '1/x', 'log(x + 1)', 'x^-1', 'x % 2', 'sin(x)', 'sqrt(x) < 2']) {
    expect(of(formula), formula).toBeUndefined();
  }
  expect(truth(of('sqrt(x) < 2 && x > 3'))).toBe(false);
  expect(truth(of('sqrt(x) < 2 || x < 3'))).toBe(true);
  expect([truth(of('x < 2')), truth(of('x > 2')), truth(of('x < 0.5'))]).toEqual([true, false, undefined]);
});
