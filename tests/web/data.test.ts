/** Data files on the page: dropped or chosen, in every format, broken ones, blind until somebody decides to look. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CpuBackend } from '../../src/engine/cpu-backend.ts';
import { parseCard } from '../../src/io/card.ts';
import { scanWindows } from '../../src/scan/window-scan.ts';
import { selectRowsOf } from '../../src/web/engine/select-rows.ts';
import { starterCard } from '../../src/web/data/starter-card.ts';
import { launchChromium } from '../support/chromium.ts';
import { violations } from './support/axe.ts';
import { cardLink, scanCard, setCard, TINY_CARD } from './support/card.ts';
import { dropFiles, fixture, gzipped, type Dropped } from './support/drop.ts';
import { expectNoComplaints, openPage, scanFinished } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium({ webgpu: true });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

/** The card for events.csv that the page should make, scanned by the library. */
async function libraryScan(file: Dropped) {
  const { name, bytes } = file;
  const loaded = { name, bytes, sha256: '', storedBytes: bytes.length };
  const rows = await selectRowsOf(loaded, { x: 'm' });
  const choice = { file: name, x: 'm', select: [], blind: true };
  const text = starterCard('line', choice, { ...rows, x: rows.x!, y: [0, 0] });
  const files = { read: async () => loaded };
  const backend = new CpuBackend({ threads: 1 });
  return { text, result: await scanWindows(parseCard(text, 'card.yaml'), { backend, files, unblind: true }) };
}

/** Half of events.csv. */
const OTHER = Buffer.from(fixture('events.csv').bytes).subarray(0, 1612);

function form(page: Page, { name }: Dropped) {
  return page.getByRole('region', { name: `File ${name}` });
}

test('a dropped file is previewed, scanned blind, and unblinded after a question: as the library scans it', async () => {
  const open = await openPage(browser, site, { hash: await cardLink() });
  const { page } = open;
  const file = fixture('events.csv');
  await dropFiles(page, [file]);
  const offer = form(page, file);
  await offer.getByText('CSV, 100 rows, 5 columns, 3.22 kB').waitFor();
  expect(await offer.getByRole('row', { name: /^e text, 7 without a number/ }).textContent()).toMatch(/1\.25.*10$/);
  await offer.getByLabel('Scan with').selectOption('line');
  await offer.getByText('100 of 100 rows are kept').waitFor();
  expect(await violations(page)).toEqual([]);
  await offer.getByRole('button', { name: 'Use this file' }).click();
  await page.getByText('complete and scanned').waitFor();

  const { text, result } = await libraryScan(file);
  expect(await scanFinished(page)).toContain(`${result.summary.nWindows} windows in `);
  const table = page.getByRole('region', { name: 'Table of windows' });
  expect(await table.getByRole('row', { name: /blind/ }).count()).toBeGreaterThan(5);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('region', { name: 'Export' }).getByRole('button', { name: 'Card', exact: true }).click(),
  ]);
  expect(await readDownload(download)).toBe(text);

  const [best] = result.summary.best;
  await page.getByRole('button', { name: 'Unblind…' }).click();
  await page.getByRole('dialog').getByText('"unblinded": true').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Unblind and scan' }).click();
  const detail = page.getByRole('region', { name: `Window ${best.id}` });
  await detail.getByText(best.z!.toFixed(2)).first().waitFor();
  expect(await detail.getByRole('heading', { name: `Window ${best.id}` }).count()).toBe(1);
  // other data under the same name are blind again
  await page.getByLabel('File events.csv').setInputFiles({ name: 'other.csv', mimeType: 'text/csv', buffer: OTHER });
  await page.getByText('None is looked at').waitFor();
  await page.getByRole('button', { name: 'Unblind…' }).waitFor();
  expectNoComplaints(open);
}, 60_000);

async function readDownload(download: { createReadStream(): Promise<AsyncIterable<Buffer>> }): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

test('Parquet, ROOT and gzipped files are told and used as CSV is; rows are selected by conditions', async () => {
  const open = await openPage(browser, site, { hash: await cardLink() });
  const { page } = open;
  const files = [
    [fixture('events-zstd-optional.parquet'), 'Parquet, 100 rows, 5 columns', 'e: empty'],
    [fixture('events.root'), 'ROOT, 100 rows, 5 columns', 'e: not finite'],
    [gzipped(fixture('events.csv')), 'CSV, 100 rows, 5 columns', 'e: empty'],
  ] as const;
  for (const [file, told, reason] of files) {
    await dropFiles(page, [file]);
    const offer = form(page, file);
    await offer.getByText(told).waitFor();
    // the card on the page has a column m as well
    expect(await offer.getByLabel('Scan with').inputValue()).toBe('card');
    await offer.getByLabel(/^Rows where/).fill('q >');
    await offer.getByText(/^card: data\.select\[0\]/).waitFor();
    expect(await offer.getByRole('button', { name: 'Use this file' }).isDisabled()).toBe(true);
    await offer.getByLabel(/^Rows where/).fill('q > 0\ne > 0');
    await offer.getByText(`; 7 left out: ${reason}`).waitFor();
    await offer.getByRole('button', { name: 'Use this file' }).click();
    await page.getByText('complete and scanned').waitFor();
    await page.getByRole('list', { name: 'Files of the card' }).getByText(file.name, { exact: true }).waitFor();
  }
  expectNoComplaints(open);
}, 60_000);

test('broken files, unusable ones and several cards are one clear line each; the tree of a ROOT file is chosen', async () => {
  const open = await openPage(browser, site, { hash: await cardLink() });
  const { page } = open;
  const whole = fixture('events.root');
  const alert = page.getByRole('alert');
  await dropFiles(page, [{ name: 'cut.root', bytes: whole.bytes.subarray(0, 9000) }]);
  await alert.getByText(/^cut\.root: .*; fetch or make it again$/).waitFor();
  await dropFiles(page, [{ name: 'cut.gz', bytes: gzipped(fixture('events.csv')).bytes.subarray(0, 300) }]);
  await alert.getByText(/'cut\.gz' ends too early \(truncated gzip\)/).waitFor();
  const card = Buffer.from(TINY_CARD);
  await dropFiles(page, [
    { name: 'a.yaml', bytes: card },
    { name: 'b.yml', bytes: card },
  ]);
  await alert.getByText('2 cards (a.yaml, b.yml) were dropped at once').waitFor();
  expect(await page.getByRole('region', { name: /^File / }).count()).toBe(0);

  const trees = fixture('two-trees.root');
  await dropFiles(page, [trees]);
  await form(page, trees).getByLabel('Tree').selectOption({ label: 'dir/background' });
  await form(page, trees).getByText('is an array of 3').waitFor();
  expect(await alert.count()).toBe(0);
  await form(page, trees).getByRole('button', { name: 'Not now' }).click();
  expect(await form(page, trees).count()).toBe(0);
  expectNoComplaints(open);
}, 60_000);

test('a card asks for its files by name; a card dropped with its data is scanned', async () => {
  const open = await openPage(browser, site, { hash: await cardLink() });
  const { page } = open;
  const text = TINY_CARD.replace('{ simulate: true }', '{ file: folder/mine.csv }');
  await setCard(page, text);
  const files = page.getByRole('list', { name: 'Files of the card' });
  await files.getByText('is needed').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText("the card names the file 'folder/mine.csv'; drop it on the page").waitFor();
  const { bytes } = fixture('events.csv');
  await page
    .getByLabel('File folder/mine.csv')
    .setInputFiles({ name: 'events.csv', mimeType: 'text/csv', buffer: Buffer.from(bytes) });
  await page.getByText('complete and scanned').waitFor();
  await files.getByText('events.csv, 3.22 kB').waitFor();

  await scanCard(page, TINY_CARD);
  await dropFiles(page, [
    { name: 'mine.csv', bytes },
    { name: 'my.yaml', bytes: Buffer.from(text) },
  ]);
  await page.getByText('complete and scanned').waitFor();
  await files.getByText('mine.csv, 3.22 kB', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Blind everywhere' }).click();
  await page.getByRole('button', { name: 'Unblind…' }).click();
  await page.getByRole('button', { name: 'Unblind and scan' }).click();
  await page.getByRole('button', { name: 'Blind again' }).click();
  await page.getByRole('button', { name: 'Unblind…' }).waitFor();
  await page.getByText('complete and scanned').waitFor();
  expectNoComplaints(open);
}, 60_000);
