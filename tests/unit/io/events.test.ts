import { describe, expect, test } from 'vitest';
import { readEvents, type EventSelection } from '../../../src/io/events.ts';
import { EMPTY_SCOPE, makeScope } from '../../../src/model/expression.ts';

const CSV = 'm , e,q\n1,10,-1\n2,20,1\n3,**,-1\n-4,40,-1\n5,50,-1\n';
const events = (selection: EventSelection, csv = CSV, scope = EMPTY_SCOPE) =>
  readEvents({ name: 'a.csv', bytes: new TextEncoder().encode(csv) }, selection, scope, 'data');

describe('rows', () => {
  test('without rules every row with good cells is used', async () => {
    const sample = await events({ x: 'm' });
    expect([...sample.x]).toEqual([1, 2, 3, -4, 5]);
    expect(sample.y).toBeUndefined();
    expect(sample.weight).toBeUndefined();
    expect(sample.rows).toEqual({ read: 5, used: 5, rejected: {} });
  });

  test('rows are rejected by cells, by derived values and by the first rule they fail, all counted', async () => {
    const sample = await events({
      x: 'm',
      y: 'root',
      derive: { twice: '2*e', root: 'sqrt(m) + 0*twice' },
      select: ['q < 0', 'm < 5'],
    });
    expect([...sample.x]).toEqual([1]);
    expect([...sample.y!]).toEqual([1]);
    expect(sample.rows).toEqual({
      read: 5,
      used: 1,
      rejected: { 'e: overflow stars': 1, 'root: not finite': 1, 'select: q < 0': 1, 'select: m < 5': 1 },
    });
  });

  test('many rows give what each row gives', async () => {
    const n = 20_000;
    const m = Array.from({ length: n }, (_, i) => (i % 7 === 3 ? -i : i));
    const sample = await events(
      { x: 'm', y: 'r', derive: { r: 'sqrt(m)' }, select: ['m % 2 == 1'], weight: '1/(m - 10001)', scale: 2 },
      `m\n${m.join('\n')}\n`,
    );
    const kept = m.filter((value) => value >= 0 && value % 2 === 1 && value !== 10001);
    expect([...sample.x]).toEqual(kept);
    expect([...sample.y!]).toEqual(kept.map(Math.sqrt));
    expect([...sample.weight!]).toEqual(kept.map((value) => 2 * (1 / (value - 10001))));
    const negative = m.filter((value) => value < 0).length;
    expect(sample.rows.rejected).toEqual({
      'r: not finite': negative,
      'select: m % 2 == 1': n - negative - kept.length - 1,
      'weight: not finite': 1,
    });
  });

  test('used plus rejected is read', async () => {
    const { rows } = await events({ x: 'm', y: 'e', select: ['m > 0', 'q < 0'] });
    expect(rows.used + Object.values(rows.rejected).reduce((a, b) => a + b, 0)).toBe(rows.read);
  });

  test('negative squared masses are kept unless a rule cuts them', async () => {
    expect([...(await events({ x: 'm2', derive: { m2: 'm*abs(m)' } })).x]).toEqual([1, 4, 9, -16, 25]);
  });

  test('weights are a column or a formula, times the scale', async () => {
    expect([...(await events({ x: 'm', weight: 'q', scale: 0.5 })).weight!]).toEqual([-0.5, 0.5, -0.5, -0.5, -0.5]);
    expect([...(await events({ x: 'm', scale: 3 })).weight!]).toEqual([3, 3, 3, 3, 3]);
    const sample = await events({ x: 'm', weight: 'log(m)' });
    expect(sample.rows.rejected).toEqual({ 'weight: not finite': 1 });
    expect([...sample.x]).toEqual([1, 2, 3, 5]);
  });

  test('constants and functions of the card are known', async () => {
    const scope = makeScope({ constants: { s: 100 }, functions: { 'recoil(m, e)': 's + m^2 - 2*sqrt(s)*e' } });
    expect((await events({ x: 'm', y: 'r', derive: { r: 'recoil(m, e)' } }, CSV, scope)).y![0]).toBe(100 + 1 - 200);
  });

  test('an empty selection gives empty arrays, not an error', async () => {
    expect(await events({ x: 'm', select: ['m > 100'] })).toMatchObject({
      x: new Float64Array(0),
      rows: { read: 5, used: 0 },
    });
  });
});

describe('refusals', () => {
  test.each<[string, EventSelection, RegExp]>([
    ['a missing axis column', { x: 'mass' }, /a.csv: no column 'mass'; the file has m, e, q$/],
    ['a missing column in a rule', { x: 'm', select: ['qq < 0'] }, /a.csv: no column 'qq'; did you mean 'q'\?/],
    [
      'a derived column that exists',
      { x: 'm', derive: { e: 'm' } },
      /card: data.derive.e: 'e' is already a column of a.csv/,
    ],
    [
      'a derived column used before it is made',
      { x: 'm', derive: { a: 'b', b: 'm' } },
      /data.derive.a: unknown name 'b'/,
    ],
  ])('%s', async (_name, selection, expected) => {
    await expect(events(selection)).rejects.toThrow(expected);
  });

  test('a name that is a column and a constant is refused where it is used', async () => {
    const scope = makeScope({ constants: { e: 2.7 } });
    await expect(events({ x: 'm', select: ['e > 1'] }, CSV, scope)).rejects.toThrow(
      /data.select\[0\]: 'e' is both a column of a.csv and a constant/,
    );
    expect((await events({ x: 'm' }, CSV, scope)).rows.used).toBe(5);
  });
});
