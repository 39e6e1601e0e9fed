/** What engines answer to a page in Chromium, for comparison with the library in this process. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { AnyScanResult, DeviceReport } from '../../../src/web/engine/api.ts';

/** To be called before the page loads (`before` of openPage). */
export async function recordScans(page: Page): Promise<void> {
  await page.addInitScript(`
    globalThis.scans = [];
    globalThis.Worker = class extends Worker {
      constructor(...args) {
        super(...args);
        this.addEventListener('message', ({ data }) => {
          const scan = data?.value?.value;
          if (scan?.result?.table) scans.push(scan);
        });
      }
    };
  `);
}

export interface RecordedScan {
  readonly table: readonly { readonly name: string; readonly values: readonly (number | string)[] }[];
  readonly provenance: AnyScanResult['provenance'];
  readonly device: DeviceReport;
}

/** The scan that finished last. */
export async function lastScan(page: Page): Promise<RecordedScan> {
  return page.evaluate(`(() => {
    const { result, device } = scans.at(-1);
    const table = result.table.columns.map(({ name, values }) => ({ name, values: [...values] }));
    return { table, provenance: result.provenance, device };
  })()`);
}

export interface Allowed {
  readonly relative: number;
  readonly absolute: number;
}

/** Integers, text and missing values are equal, numbers within what is allowed; hashes, rows and statuses are equal. */
export function expectSame(found: RecordedScan, expected: AnyScanResult, { relative, absolute }: Allowed): void {
  const { table, provenance } = expected;
  for (const key of [
    'card',
    'seed',
    'files',
    'status',
    ...('rows' in provenance ? ['rows', 'unblinded'] : []),
  ] as const)
    expect(found.provenance[key as never], key).toEqual(provenance[key as never]);
  expect(found.table.map(({ name }) => name)).toEqual(table.columns.map(({ name }) => name));
  table.columns.forEach(({ name, type, values }, c) => {
    const own = found.table[c].values;
    if (type !== 'f64') return expect(own, name).toEqual([...values]);
    const outside = (values as Float64Array).findIndex((value, i) => {
      if (Object.is(own[i], value)) return false;
      return !(Math.abs((own[i] as number) - value) <= relative * Math.abs(value) + absolute);
    });
    const told = outside < 0 ? '' : `${name}[${outside}]: got ${own[outside]}, expected ${values[outside]}`;
    expect(told).toBe('');
  });
}
