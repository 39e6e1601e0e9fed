/**
 * From the address to the first result: the page with its example of 9110 windows, observed and expected limits, in headless
 * Chromium without a GPU, served with and without the headers that give workers shared memory:
 *   node --import tsx bench/page-open.bench.ts [--rounds 5] [--record FILE]
 * By the page's own clock, a fresh browser profile each time, the two ways of serving in turns. "scanned again" is the
 * second scan on the same page, as its device line tells it.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { launchChromium } from '../tests/support/chromium.ts';
import { openPage, scanFinished } from '../tests/web/support/open-page.ts';
import { serveSite, type Site } from '../tests/web/support/site.ts';
import { circumstances } from './support/record.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, record: { type: 'string' } } });

/** Runs in the page: marks when the map is there. */
const MARK = `new MutationObserver((_, watch) => {
  if (document.querySelector('section[aria-label="Map of the windows"]') === null) return;
  watch.disconnect();
  performance.mark('first result');
}).observe(document, { childList: true, subtree: true })`;

const FIRST_RESULT = `performance.getEntriesByName('first result')[0].startTime`;

interface Times {
  readonly firstResultMs: number;
  /** Of the device line, "9110 windows in 3.96 s on ...". */
  readonly scanMs: number;
  readonly scannedAgainMs: number;
}

const browser = await launchChromium();

async function measure(site: Site): Promise<Times> {
  const { page } = await openPage(browser, site, { before: async (fresh) => fresh.addInitScript(MARK) });
  const first = await scanFinished(page, 120_000);
  const firstResultMs = await page.evaluate<number>(FIRST_RESULT);
  await page.getByRole('button', { name: 'Scan', exact: true }).click();
  await page.locator('[data-testid="progress"]').waitFor();
  const again = await scanFinished(page, 120_000);
  await page.close();
  return { firstResultMs: Math.round(firstResultMs), scanMs: msOf(first), scannedAgainMs: msOf(again) };
}

function msOf(deviceLine: string): number {
  const found = / in ([\d.]+) s on /.exec(deviceLine);
  if (found === null) throw new Error(`no time in '${deviceLine}'`);
  return 1000 * Number(found[1]);
}

function medians(all: readonly Times[]): Times {
  const of = (key: keyof Times) => all.map((times) => times[key]).sort((a, b) => a - b)[all.length >> 1];
  return { firstResultMs: of('firstResultMs'), scanMs: of('scanMs'), scannedAgainMs: of('scannedAgainMs') };
}

const sites = { 'shared memory': await serveSite({ isolated: true }), 'no shared memory': await serveSite() };
const rows: Record<string, Times[]> = {};
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, site] of Object.entries(sites)) {
    const times = await measure(site);
    (rows[name] ??= []).push(times);
    console.log(name.padEnd(18), JSON.stringify(times));
  }
}
const version = `Chromium ${browser.version()}, headless`;
const median = Object.fromEntries(Object.entries(rows).map(([name, all]) => [name, medians(all)]));
console.log(version, 'medians', JSON.stringify(median));
if (values.record)
  fs.writeFileSync(
    values.record,
    `${JSON.stringify({ ...circumstances(), browser: version, windows: 9110, median, rounds: rows }, undefined, 2)}\n`,
  );
await browser.close();
for (const site of Object.values(sites)) await site.close();
