import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Reference rows: arguments first, expected values last (tests/golden/make_stats_tables.py). */
export interface ReferenceTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

export function readTables(name: string): Record<string, ReferenceTable> {
  const text = readFileSync(new URL(`../../golden/stats-${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { functions: Record<string, ReferenceTable> }).functions;
}

export interface Deviation {
  /** Deviation over what is allowed: at most 1. */
  readonly share: number;
  readonly text: string;
}

/** Worst row of a table, |got - expected| measured against allowed(expected, row). NaN counts as infinitely wrong. */
export function worstDeviation(
  table: ReferenceTable,
  evaluate: (row: readonly number[]) => number,
  allowed: (expected: number, row: readonly number[]) => number,
  valueColumn = table.columns.length - 1,
): Deviation {
  let worst: Deviation = { share: -1, text: 'table is empty' };
  for (const row of table.rows) {
    const expected = row[valueColumn];
    const got = evaluate(row);
    const share = got === expected ? 0 : Math.abs(got - expected) / allowed(expected, row);
    if (!(share <= worst.share)) {
      const call = row.slice(0, table.columns.length).join(', ');
      const relative = Math.abs(got - expected) / Math.abs(expected);
      worst = {
        share: Number.isNaN(share) ? Infinity : share,
        text: `row (${call}): got ${got}, expected ${expected}, off by ${Math.abs(got - expected)} (relative ${relative}), allowed ${allowed(expected, row)}`,
      };
    }
  }
  if (process.env.STATS_REPORT) console.log(`${worst.share.toFixed(3)} of allowed; ${worst.text}`);
  return worst;
}

export function expectWithin(deviation: Deviation): void {
  expect(deviation.share, deviation.text).toBeGreaterThanOrEqual(0);
  expect(deviation.share, deviation.text).toBeLessThanOrEqual(1);
}

/** Spacing of doubles at |value|: the unit in the last place. */
export function ulp(value: number): number {
  const size = Math.abs(value);
  if (size < 2.2250738585072014e-308) return 5e-324;
  let power = 2 ** Math.floor(Math.log2(size));
  if (power > size) power /= 2;
  return power * 2 ** -52;
}
