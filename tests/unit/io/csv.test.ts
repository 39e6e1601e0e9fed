import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCsv, readCsvHeader } from '../../../src/io/csv.ts';
import { readWholeTable } from '../../../src/io/table-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, wanted: string[]) => parseCsv(bytes(text), 'a.csv', wanted);
const column = (text: string, name: string): number[] => [...read(text, [name]).columns.get(name)!];

describe('untidy files as they are found', () => {
  test('blanks in header names and around numbers are trimmed', () => {
    expect(column('px1 , py1\n 1.5 ,2\n  -3e2,4 \n', 'px1')).toEqual([1.5, -300]);
    expect(column('px1 , py1\n 1.5 ,2\n  -3e2,4 \n', 'py1')).toEqual([2, 4]);
  });

  test('an extra comma at the end of every row is tolerated, in the header or not', () => {
    expect(read('a,b\n1,2,\n3,4, \n', ['a', 'b'])).toMatchObject({ rowCount: 2, rowsRead: 2, rejections: [] });
    expect(column('a,b,\n1,2,\n3,4,\n', 'b')).toEqual([2, 4]);
  });

  test('overflow stars reject a row only if the column is needed', () => {
    const text = 'a,b\n1,**********\n2,5\n';
    expect(read(text, ['a']).rowCount).toBe(2);
    expect(read(text, ['b'])).toMatchObject({
      rowCount: 1,
      rowsRead: 2,
      rejections: [{ reason: 'b: overflow stars', count: 1, firstLine: 2 }],
    });
  });

  test('every other bad cell has its own reason, count and first line', () => {
    const rows = ['1,2', ',3', '4,', 'x,1', 'NaN,1', '-inf,1', '0x10,1', '5', '6,7,8', '', '9,1', 'Infinity,2'];
    expect(read(`a,b\n${rows.join('\n')}\n`, ['a', 'b'])).toMatchObject({
      rowCount: 2,
      rowsRead: 11,
      rejections: [
        { reason: 'a: empty', count: 1, firstLine: 3 },
        { reason: 'b: empty', count: 1, firstLine: 4 },
        { reason: 'a: not a number', count: 2, firstLine: 5 },
        { reason: 'a: not finite', count: 3, firstLine: 6 },
        { reason: 'too few fields', count: 1, firstLine: 9 },
        { reason: 'too many fields', count: 1, firstLine: 10 },
      ],
    });
  });

  test.each([
    ['Windows line ends', 'a,b\r\n1,2\r\n3,4\r\n', [2, 4]],
    ['no newline at the end', 'a,b\n1,2\n3,4', [2, 4]],
    ['a byte order mark', '\ufeffa,b\n1,2\n', [2]],
    ['semicolons', 'a;b\n1;2\n', [2]],
    ['tabs', 'a\tb\n1\t2\n', [2]],
    ['quotes, a comma inside', 'a,b,"c,d"\n"1","2","x, y"\n', [2]],
    ['blank lines between and after', 'a,b\n\n1,2\n  \n3,4\n\n\n', [2, 4]],
    ['a header and no rows', 'a,b\n', []],
  ])('%s', (_name, text, expected) => {
    expect(column(text, 'b')).toEqual(expected);
  });

  test('a single column works', () => {
    expect(column('m\n1\n2\n', 'm')).toEqual([1, 2]);
  });
});

describe('refusals', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /^a.csv: is empty/],
    ['a blank first line', '\n1,2\n', /^a.csv: is empty or starts with a blank line/],
    ['no header', '1,2\n3,4\n', /first line holds numbers \(1,2\), expected column names/],
    ['a binary file', Uint8Array.of(114, 111, 111, 116, 0, 0, 1), /is not text/],
    ['a missing column', 'mass,y\n1,2\n', /^a.csv: no column 'b'; the file has mass, y$/],
    ['a mistyped column', 'bb,y\n1,2\n', /^a.csv: no column 'b'; did you mean 'bb'\? the file has bb, y$/],
    ['a column twice', 'b,b\n1,2\n', /column 'b' is there twice/],
  ])('%s', (_name, content, expected) => {
    const data = typeof content === 'string' ? bytes(content) : content;
    expect(() => parseCsv(data, 'a.csv', ['b'])).toThrow(expected);
  });

  test('in a table where every row counts a bad row is an error with its line', async () => {
    const whole = (text: string) => readWholeTable({ name: 'w.csv', bytes: bytes(text) }, ['a'], undefined);
    await expect(whole('a\n1\nx\n')).rejects.toThrow(/^w.csv:3: a: not a number/);
    await expect(whole('a\n')).rejects.toThrow(/has a header but no rows/);
    expect((await whole('a\n1\n')).rowCount).toBe(1);
  });
});

test('numbers written by JavaScript come back bit for bit, across block borders too', () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(double, double), { minLength: 1, maxLength: 50 }), (rows) => {
      const text = `u,v\n${rows.map((row) => row.join(',')).join('\n')}`;
      expect(column(text, 'v')).toEqual(rows.map(([, v]) => (Object.is(v, -0) ? 0 : v)));
    }),
    { seed: 1, numRuns: 100 },
  );
  // 3 MB in blocks of 1 MB: rows straddle two borders.
  const n = 200_000;
  const text = `i,square\n${Array.from({ length: n }, (_, i) => `${i},${i * i}`).join('\n')}\n`;
  const table = read(text, ['i', 'square']);
  expect(table.rowCount).toBe(n);
  expect(table.columns.get('square')!.every((value, i) => value === i * i)).toBe(true);
});

test('line numbers count on across blocks', () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => (i === 299_999 ? 'bad,1' : `${i},1`));
  expect(read(`a,b\n${rows.join('\n')}`, ['a']).rejections).toEqual([
    { reason: 'a: not a number', count: 1, firstLine: 300_001 },
  ]);
});

test('the header gives names without blanks', () => {
  expect(readCsvHeader(bytes(' run , px1 ,\n1,2,\n'), 'a.csv')).toEqual(['run', 'px1']);
});
