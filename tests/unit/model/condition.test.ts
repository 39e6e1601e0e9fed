import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/model/condition.ts';
import { compileExpression, makeScope } from '../../../src/model/expression.ts';
import { uniforms } from './helpers.ts';

const SCOPE = makeScope({
  constants: { cut: 0.4 },
  functions: { 'near(a, b)': 'abs(a - b) < cut', 'sum(a, b)': 'a + b' },
});
const VARIABLES = ['x', 'y', 'x0', 'y0'];

function held(text: string, points: readonly (readonly number[])[]): number[] {
  const columns = VARIABLES.map((_, k) => Float64Array.from(points, (point) => point[k] ?? 0));
  const out = new Float64Array(points.length);
  compileCondition(text, VARIABLES, SCOPE, 'here').evaluateMany(columns, points.length, out);
  return [...out];
}

describe('a condition', () => {
  test.each([
    'x < x0',
    'x <= 0.5 || y > x0 && y != 0.25',
    '!(x >= y0) == 1',
    '(x > y ? x0 < 0.5 : !(y0 >= x)) && sum(x, y) < 1.2',
    'near(x, x0) || near(y, y0)',
    'x == 0.25 || x^2 + y^2 < 0.5',
  ])('%s holds where the formula is not 0', (text) => {
    const u = uniforms(2);
    // quarters are met exactly; 1300 points: blocks and a rest
    const points = Array.from({ length: 1300 }, () => VARIABLES.map(() => (u() < 0.3 ? 0.25 : u())));
    const formula = compileExpression(text, VARIABLES, SCOPE, 'here');
    expect(held(text, points)).toEqual(points.map((point) => (formula.evaluate(point) ? 1 : 0)));
  });

  test('has no value where a compared number has none and the rest does not decide', () => {
    const points = [[-1], [4]];
    expect(held('sqrt(x) < 1', points)).toEqual([NaN, 0]);
    expect(held('!(sqrt(x) < 1)', points)).toEqual([NaN, 1]);
    for (const operator of ['<', '<=', '>', '>=', '==', '!='])
      expect(held(`log(x) ${operator} 1`, points)[0]).toBeNaN();
    expect(held('x > 0 && sqrt(x) < 1', points)).toEqual([0, 0]);
    expect(held('sqrt(x) < 1 && x > 0', points)).toEqual([0, 0]);
    expect(held('x < 0 || sqrt(x) < 1', points)).toEqual([1, 0]);
    expect(held('x < 5 && sqrt(x) < 9', points)).toEqual([NaN, 1]);
    expect(held('x > 9 || sqrt(x) < 9', points)).toEqual([NaN, 1]);
    expect(held('x > 0 ? sqrt(x) < 9 : x < 0', points)).toEqual([1, 1]);
    expect(held('sqrt(x) > 0 ? x < 9 : x > 9', points)).toEqual([NaN, 1]);
  });

  test.each([
    'x',
    '3',
    'x - x0',
    '-(x < 1)',
    '(x < 1) * (y < 1)',
    'x && y < 1',
    'sum(x, y)',
    'x < 1 ? 1 : 0',
    'abs(x)',
  ])('%s is none', (text) =>
    expect(() => compileCondition(text, VARIABLES, SCOPE, 'here')).toThrow(
      /here: '.*' is a number, expected a condition such as 'x < x0'/,
    ),
  );
});
