/** The page finds what the library finds in Node: integers, text and hashes equal, numbers within rounding. */
import fs from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { scanCard } from './support/card.ts';
import { keepScan } from './support/keep-scan.ts';
import { expectNoComplaints, openPage, scanFinished } from './support/open-page.ts';
import { expectSame, lastScan, recordScans } from './support/record-scans.ts';
import { serveSite, type Site } from './support/site.ts';

/** Sums may be taken in another order: chunks go to other workers. */
const IN_F64 = { relative: 1e-9, absolute: 1e-12 };
/** What shaders may be off: 1e-4 in Z up to 10 sigma, which is 1e-3 of p (tests/parity/window-evaluation.test.ts). */
const IN_F32 = { relative: 1e-3, absolute: 1e-4 };

const example = (name: string): string =>
  fs.readFileSync(new URL(`../../examples/${name}/card.yaml`, import.meta.url), 'utf8');
const windows = example('dark-higgsstrahlung');
/** 40 windows instead of 9110. */
const fewWindows = windows.replace(/step: 2\.7 .*/, 'step: 44');
const fewFits = example('alp-diphoton').replaceAll('step: 0.5', 'step: 10');

let [site, browser]: [Site?, Browser?] = [];
beforeAll(async () => {
  site = await serveSite({ isolated: true });
  browser = await launchChromium({ webgpu: true });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test('the example, fits of spectra, and windows on the GPU are those of the library', async () => {
  expect(fewWindows).not.toBe(windows);
  const open = await openPage(browser!, site!, { before: recordScans });
  const { page } = open;
  await scanFinished(page);
  expectSame(await lastScan(page), (await keepScan(windows)).result, IN_F64);

  await scanCard(page, fewFits);
  const fits = await lastScan(page);
  expectSame(fits, (await keepScan(fewFits)).result, IN_F64);
  expect(fits.device.info.description).toBe('one CPU worker (f64)');

  await page.getByLabel('compute on').selectOption('webgpu');
  const line = await scanCard(page, fewWindows);
  expect(line).toMatch(/^\d{2} windows in .* on .*swiftshader.*, WebGPU \(f32\), /i);
  const onGpu = await lastScan(page);
  expect(onGpu.device.info).toMatchObject({ kind: 'webgpu', precision: 'f32' });
  expectSame(onGpu, (await keepScan(fewWindows)).result, IN_F32);
  expectNoComplaints(open);
}, 240_000);
