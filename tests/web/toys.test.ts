/** Toys in a browser: the numbers of the library however they were cut into parts, and a page that can be used meanwhile. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CpuBackend } from '../../src/engine/cpu-backend.ts';
import { isSpectrumCard, parseAnyCard, parseCard } from '../../src/io/card.ts';
import { dataFiles } from '../../src/node/index.ts';
import { prepareScan } from '../../src/scan/prepare.ts';
import { prepareSpectra } from '../../src/scan/spectrum/prepare.ts';
import { throwToys } from '../../src/toys/campaign.ts';
import { prepareToys } from '../../src/toys/prepare-toys.ts';
import { prepareToysOfSpectra } from '../../src/toys/spectrum/prepare-toys-of-spectra.ts';
import { spectrumToyResult, type SpectrumToyResult } from '../../src/toys/spectrum/spectrum-toy-result.ts';
import { toyResult, type ToyResult } from '../../src/toys/toy-result.ts';
import { numberText } from '../../src/web/state/number-text.ts';
import { launchChromium } from '../support/chromium.ts';
import { scanCard, TINY_CARD } from './support/card.ts';
import { expectNoComplaints, openPage } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

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

const TINY_SPECTRUM = `schema: darkscan/card/1
name: tiny-spectrum
scan: { kind: spectrum }
spectra:
  - data: { simulate: { density: '200*exp(-x/30)' } }
    x: { label: m, unit: GeV }
    bins: { from: 0, to: 40, width: 1 }
    hypotheses: { from: 8, to: 32, step: 1 }
    resolution: 1.5
    shape: { kind: gaussian }
    range: { half_width: 5 }
    background: { kind: chebyshev, degree: 2 }
signal: { poi: { name: S, unit: events } }
statistics: { limits: [{ method: profile, confidence: 0.9 }] }
`;

/** The same campaigns as `darkscan toys` throws them. */
async function librarySpectrumToys(n: number, text: string): Promise<SpectrumToyResult> {
  const { card } = parseAnyCard(text, 'card.yaml');
  if (!isSpectrumCard(card)) throw new Error('not a card of spectra');
  const setup = await prepareToysOfSpectra(await prepareSpectra(card, { files: dataFiles('.'), seed: 1 }), 1);
  const backend = new CpuBackend({ threads: 1 });
  const { tally } = await throwToys(setup, backend, { from: 0, to: n });
  await backend.close();
  return spectrumToyResult(setup, tally);
}

async function libraryToys(n: number): Promise<ToyResult> {
  const { card } = parseCard(TINY_CARD, 'card.yaml');
  const prepared = await prepareScan(card, { files: dataFiles('.'), seed: 1, unblind: false });
  const backend = new CpuBackend({ threads: 1 });
  const setup = await prepareToys(prepared, { seed: 1, backend });
  const { tally } = await throwToys(setup, backend, { from: 0, to: n });
  await backend.close();
  return toyResult(setup, tally);
}

function panelOf(page: Page) {
  const panel = page.getByRole('region', { name: 'Global significance' });
  return {
    panel,
    answer: panel.getByTestId('global-p'),
    throwUntil: async (n: number) => {
      await panel.getByRole('combobox', { name: 'toys to throw' }).selectOption(String(n));
      await panel.getByRole('button', { name: /^(Throw toys|Continue)$/ }).click();
    },
    /** Until the report of so many toys is there. */
    reported: (n: number) => panel.getByText(`of ${n.toLocaleString('en-US')} toys reach the data`).waitFor(),
  };
}

test('a campaign in parts gives the numbers of the library, and every estimator', async () => {
  const open = await openPage(browser, site);
  await scanCard(open.page, TINY_CARD);
  const { panel, answer, throwUntil, reported } = panelOf(open.page);
  for (const n of [100, 1000, 10_000]) {
    await throwUntil(n);
    await reported(n);
  }
  const expected = await libraryToys(10_000);
  const plain = (text: string | null) => (text ?? '').replaceAll('\u00a0', ' ');
  expect(plain(await answer.textContent())).toContain(
    `global p = ${numberText(expected.p_global, 3)} [${numberText(expected.p_global_low, 3)}, ${numberText(expected.p_global_high, 3)}]`,
  );
  expect(plain(await panel.textContent())).toContain(
    `${expected.n_exceedances.toLocaleString('en-US')} of 10,000 toys reach the data`,
  );
  const table = panel.getByRole('table', { name: 'All estimators of the global p-value' });
  await table.waitFor();
  const rows = await table.getByRole('rowheader').allTextContents();
  expect(rows).toEqual(['toys', 'Gaussian process', 'up-crossings', 'Euler characteristic', 'Šidák', 'Bonferroni']);
  for (const { status, reason } of expected.estimators) {
    if (status !== 'ok') expect(plain(await table.textContent())).toContain(`not valid: ${reason}`);
  }
  expectNoComplaints(open);
  await open.page.close();
});

test('toys are paused and continued, the page answers meanwhile, another scan drops them', async () => {
  const open = await openPage(browser, site);
  const { page } = open;
  await scanCard(page, TINY_CARD);
  const { panel, answer, throwUntil } = panelOf(page);
  await throwUntil(10_000_000);
  await answer.waitFor();
  // meanwhile the engine tells of another window
  const detail = page.getByRole('region', { name: /^Window \d$/ });
  const first = await detail.getAttribute('aria-label');
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => detail.getAttribute('aria-label')).not.toBe(first);
  await detail.locator('[aria-busy="false"]').waitFor();
  await panel.getByRole('button', { name: 'Pause' }).waitFor();
  await panel.getByRole('button', { name: 'Pause' }).click();
  await panel.getByRole('button', { name: 'Continue' }).waitFor();
  const thrown = Number(/of ([\d,]+) toys/.exec((await panel.textContent())!)![1].replaceAll(',', ''));
  expect(thrown).toBeGreaterThan(0);
  expect(thrown).toBeLessThan(10_000_000);
  await panel.getByRole('button', { name: 'Continue' }).click();
  await panel.getByRole('button', { name: 'Pause' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await panel.getByRole('button', { name: 'Throw toys' }).waitFor();
  expect(await answer.count()).toBe(0);
  expectNoComplaints(open);
  await page.close();
});

test('toys on a GPU are the same toys', async () => {
  const open = await openPage(browser, site);
  await open.page.getByLabel('compute on').selectOption('webgpu');
  await scanCard(open.page, TINY_CARD);
  const { panel, throwUntil, reported } = panelOf(open.page);
  await throwUntil(100);
  await reported(100);
  const { n_exceedances } = await libraryToys(100);
  expect(await panel.textContent()).toContain(`${n_exceedances} of 100 toys reach the data`);
  expect(await panel.textContent()).toMatch(/Thrown on [^.]*WebGPU/);
  expectNoComplaints(open);
  await open.page.close();
});

test('toys of fits, with masses that are blind: those of the library', async () => {
  const open = await openPage(browser, site);
  const text = `${TINY_SPECTRUM}blind: [{ mass: [10, 14] }]\n`;
  await scanCard(open.page, text);
  const { panel, throwUntil, reported } = panelOf(open.page);
  await throwUntil(100);
  await reported(100);
  const { n_exceedances, n_left_out, z_local_max } = await librarySpectrumToys(100, text);
  expect(n_left_out).toBeGreaterThan(2);
  await panel.getByText(`${n_left_out} hypotheses are blind or have no fit`).waitFor();
  expect(await panel.textContent()).toContain(`${n_exceedances} of 100 toys reach the data`);
  expect(await panel.textContent()).toContain(`Z = ${z_local_max!.toFixed(2)}`);
  // nothing of the blind masses in the views of the result
  await open.page.getByRole('combobox', { name: 'status' }).selectOption('blind');
  const rows = open.page.getByRole('region', { name: 'Table of hypotheses' });
  await rows.getByText(`of 17 hypotheses`).waitFor();
  expectNoComplaints(open);
  await open.page.close();
});

test('of a blind result there are no toys, and the panel says why', async () => {
  const open = await openPage(browser, site);
  await scanCard(open.page, `${TINY_CARD}blind: [{ x: [0, 3] }]\n`);
  const { panel } = panelOf(open.page);
  await panel.getByText('The result is blind').waitFor();
  expect(await panel.getByRole('button').count()).toBe(0);
  expectNoComplaints(open);
  await open.page.close();
});
