/**
 * What the page hands out, against the command line on the downloaded card: the run directory with its toys, tables and
 * figures; and cards in links, with data files that are asked for.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareTables } from '../../src/report/compare.ts';
import { readTable } from '../../src/node/read-run.ts';
import { loadPngRenderer } from '../../src/node/png.ts';
import { linkOf } from '../../src/web/state/link.ts';
import { edited, EVENTS, LINE_CARD } from '../cli/line-card.ts';
import { FITS_CARD } from '../cli/spectrum-bench.ts';
import { launchChromium } from '../support/chromium.ts';
import { SMALL_CARD, workplace, type Outcome } from '../unit/cli/run-cli.ts';
import { TINY_CARD } from './support/card.ts';
import { expectNoComplaints, openPage, scanFinished } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

const { folder, cli } = workplace();
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
/** On a machine that does much else. */
const PATIENTLY = { timeout: 30_000 };
const EXACT = { rtol: 1e-9, atol: 1e-12 };
let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite({ isolated: true });
  browser = await launchChromium({ webgpu: true });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What a button saves, written into a folder of the test. */
async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 60_000 }),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

function unzip(path: string): string {
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(path)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return path.replace(/\.zip$/, '');
}

function filesIn(run: string): string[] {
  const names = readdirSync(run, { recursive: true }).map(String);
  return names.filter((name) => statSync(join(run, name)).isFile()).sort();
}

const read = (...parts: string[]): Buffer => readFileSync(join(...parts));

/** Without what depends on the clock and on where it ran. */
function withoutClock(json: Buffer): unknown {
  const hidden = ['elapsedMs', 'timingsMs', 'backend'];
  return JSON.parse(json.toString(), (key, value: unknown) => (hidden.includes(key) ? undefined : value));
}

/** As on a page over plain http. */
function withoutClipboard(): void {
  Object.defineProperty(navigator, 'clipboard', { value: undefined });
}

/** What Ctrl+V gives. */
async function pasted(page: Page): Promise<string> {
  const field = await page.evaluateHandle(() => document.body.appendChild(document.createElement('textarea')));
  await field.focus();
  await page.keyboard.press('Control+V');
  return field.evaluate(({ value }) => value);
}

describe('the page after a scan with toys', () => {
  let page: Page;
  let open: Awaited<ReturnType<typeof openPage>>;
  let run: string;
  let line: string;
  let outcome: Outcome;
  let again: string;

  beforeAll(async () => {
    open = await openPage(browser, site, { hash: await linkOf({ text: SMALL_CARD, files: [] }) });
    ({ page } = open);
    await scanFinished(page);
    const toys = page.getByRole('region', { name: 'Global significance' });
    await toys.getByRole('combobox', { name: 'toys' }).selectOption('100');
    await toys.getByRole('button', { name: 'Throw toys' }).click();
    await toys
      .getByText(/\b100 toys/)
      .first()
      .waitFor();
    run = unzip(await saved(page, 'Run (zip)'));
    await saved(page, 'Card');
    line = await page.getByRole('textbox', { name: 'Command line' }).inputValue();
    outcome = await cli(`${line.replace('npx darkscan ', '')} --out again`);
    again = join(folder, 'again');
  }, 120_000);

  afterAll(() => expectNoComplaints(open));

  test('gives a command line that runs', () => {
    expect(line).toBe('npx darkscan scan card.yaml --backend cpu --global --n 100');
    expect(outcome.code, outcome.err).toBe(0);
  });

  test('saves the card as it was written', () => {
    expect(read(folder, 'card.yaml').toString()).toBe(SMALL_CARD);
    expect(read(run, 'card.yaml').toString()).toBe(SMALL_CARD);
  });

  test('saves the files that the command line writes', () => {
    expect(filesIn(run)).toEqual(filesIn(again));
    expect(filesIn(run).filter((name) => name.endsWith('.png')).length).toBeGreaterThan(8);
    expect(filesIn(run)).toContain('toys.json');
  });

  test('saves equal tables: integers and texts are the same, numbers to 1e-9', async () => {
    const [ofPage, ofLine] = await Promise.all([readTable(run), readTable(again)]);
    const compared = compareTables(ofPage.table, ofLine.table, EXACT);
    expect(compared).toMatchObject({ equal: true });
    expect((await cli('compare small again --rtol 1e-9')).code).toBe(0);
  });

  test('saves equal summaries, provenance and toys', () => {
    for (const name of ['summary.json', 'run.json', 'toys.json', 'plots/toys.json'])
      expect(withoutClock(read(run, name)), name).toEqual(withoutClock(read(again, name)));
    expect(read(run, 'toys-where.csv').toString()).toBe(read(again, 'toys-where.csv').toString());
  });

  test('saves the same figures, PNG byte for byte', async () => {
    const png = await loadPngRenderer();
    if (typeof png !== 'function') throw new Error(png.unavailable);
    for (const name of filesIn(run).filter((file) => file.endsWith('.svg'))) {
      const svg = read(run, name);
      expect(svg.toString(), name).toBe(read(again, name).toString());
      const drawn = read(run, name.replace(/svg$/, 'png'));
      expect(Buffer.compare(drawn, png(svg.toString())), `${name} as PNG`).toBe(0);
    }
  });

  test('leaves a run that plot and export read', async () => {
    const { code, out } = await cli('plot small --list');
    expect([code, out.trim().split('\n').length]).toEqual([
      0,
      filesIn(run).filter((name) => name.endsWith('.svg')).length,
    ]);
    expect(await cli('export small --to csv --out small.csv')).toMatchObject({ code: 0 });
    expect(await cli('plot small --what map-z --no-png --out drawn')).toMatchObject({ code: 0 });
    expect(read(folder, 'drawn/map-z.svg').toString()).toBe(read(run, 'plots/map-z.svg').toString());
  });

  test('saves tables and figures one by one', async () => {
    const csv = await saved(page, 'Table (CSV)');
    expect(csv).toBe(join(folder, 'small-windows.csv'));
    expect(existsSync(join(folder, 'small.csv'))).toBe(true);
    expect(readFileSync(csv).toString()).toBe(read(folder, 'small.csv').toString());
    expect(readFileSync(await saved(page, 'Table (Parquet)')).equals(read(run, 'windows.parquet'))).toBe(true);

    await page.getByText('Figures', { exact: true }).click();
    const figure = page.getByRole('region', { name: 'Export' }).getByRole('combobox', { name: 'Figure' });
    await figure.selectOption('map-z');
    await page.getByRole('img', { name: /^local significance \(marginal\), \d+ windows/ }).waitFor();
    expect(readFileSync(await saved(page, 'Save figure as SVG')).equals(read(run, 'plots/map-z.svg'))).toBe(true);
    expect(readFileSync(await saved(page, 'Save figure as PNG')).equals(read(run, 'plots/map-z.png'))).toBe(true);
    await figure.selectOption('toys-max-z');
    await page.getByRole('img', { name: /^largest local Z of 100 background-only toys/ }).waitFor();
    expect(await page.getByRole('region', { name: 'Export' }).getByRole('status').textContent()).toBe(
      'small-map-z.png saved',
    );
  });
});

describe('a blind scan of a spectrum', () => {
  const text = edited(FITS_CARD, [
    [
      '{ histogram: { file: counts.csv, columns: { low: lo, high: hi, count: n } } }',
      "{ simulate: { density: '300*exp(-x/30)' } }",
    ],
    ['hypotheses:', 'bins: { from: 0, to: 60, width: 1 }\n    hypotheses:'],
    ['signal:', 'blind: [{ mass: [25, 35] }]\nsignal:'],
  ]);

  test('is handed out blind, unblinded only when it was; a link of it never unblinds', async () => {
    writeFileSync(join(folder, 'card.yaml'), text);
    const hash = await linkOf({ text, files: [] });
    const open = await openPage(browser, site, { hash, context: CLIPBOARD });
    const { page } = open;
    const command = page.getByRole('textbox', { name: 'Command line' });
    for (const flag of ['', ' --unblind']) {
      if (flag !== '') {
        await page.getByRole('button', { name: 'Unblind…' }).click();
        await page.getByRole('button', { name: 'Unblind and scan' }).click();
      }
      await expect.poll(() => command.inputValue(), PATIENTLY).toBe(`npx darkscan scan card.yaml${flag} --backend cpu`);
      const run = unzip(await saved(page, 'Run (zip)'));
      const again = join(folder, `by-line${flag}`.replace(' ', ''));
      const { code, err } = await cli(`scan card.yaml${flag} --backend cpu --no-plots --out ${again}`);
      expect(code, err).toBe(0);
      expect(filesIn(run).filter((name) => !/\.(svg|png)$/.test(name))).toEqual(filesIn(again));
      const [ofPage, ofLine] = await Promise.all([readTable(run), readTable(again)]);
      expect(compareTables(ofPage.table, ofLine.table, EXACT)).toMatchObject({ equal: true });
      for (const name of ['summary.json', 'run.json']) {
        expect(withoutClock(read(run, name)), name).toEqual(withoutClock(read(again, name)));
        expect(read(run, name).includes('"unblinded": true'), name).toBe(name === 'run.json' && flag !== '');
      }
      await page.getByRole('button', { name: 'Copy link' }).click();
      await page.getByText(/^link of [\d,]+ characters copied$/).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(site.url + hash);
    }
    expectNoComplaints(open);
  });
});

describe('a link', () => {
  const sha256 = createHash('sha256').update(EVENTS).digest('hex');
  const files = [{ name: 'events.csv', sha256, bytes: EVENTS.length }];

  test('asks for its data, refuses another file and comes back from the page as it was', async () => {
    const hash = await linkOf({ text: LINE_CARD, files });
    const open = await openPage(browser, site, { hash, context: CLIPBOARD });
    const { page } = open;
    await page.getByText('events.csv').and(page.locator('.missing *')).first().waitFor();
    expect(await page.getByRole('region', { name: 'Map of the windows' }).count()).toBe(0);

    const give = (content: string) =>
      page
        .getByLabel('File events.csv')
        .setInputFiles({ name: 'events.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
    const refusal = page.getByRole('alert');
    await give(`${EVENTS}1.3,1\n`);
    await refusal.waitFor();
    expect(await refusal.textContent()).toBe(
      `events.csv: ${EVENTS.length + 6} bytes, the link was made with ${EVENTS.length}; give that file, or name another one in the card`,
    );
    await give(EVENTS.replace('1.05', '1.06'));
    await expect
      .poll(() => refusal.textContent(), PATIENTLY)
      .toMatch(/^events\.csv: SHA-256 \w{12}…, the link was made with /);
    await give(EVENTS);
    await refusal.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Enter');
    expect(await scanFinished(page)).toMatch(/^10 windows /);

    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText(/^link of [\d,]+ characters copied$/).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(site.url + hash);
    expect(await page.getByRole('textbox', { name: 'Command line' }).inputValue()).toBe(
      'npx darkscan scan card.yaml --backend cpu',
    );
    await page.getByText('gives this result again in a folder with card.yaml and events.csv').waitFor();
    expectNoComplaints(open);
  });

  test('that is damaged is refused in one line, and another one opens in its place; a page without clipboard copies', async () => {
    const before = (page: Page) => page.addInitScript(withoutClipboard);
    const open = await openPage(browser, site, { hash: '#c=AAAA', before });
    const { page } = open;
    const refusal = page.getByRole('alert');
    await refusal.waitFor();
    expect(await refusal.textContent()).toBe(
      'link: the card in this address is damaged (it does not unpack); ask for the link again',
    );
    await page.evaluate((fragment) => (location.hash = fragment), await linkOf({ text: TINY_CARD, files: [] }));
    await refusal.waitFor({ state: 'detached' });
    expect(await scanFinished(page)).toMatch(/^6 windows /);

    await page.getByRole('button', { name: 'Copy command line' }).click();
    await page.getByText('command line copied').waitFor();
    expect(await pasted(page)).toBe('npx darkscan scan card.yaml --backend cpu');
    expectNoComplaints(open);
  });
});
