/**
 * Pictures of the page in headless Chromium, to be looked at: npm run screenshots [FOLDER]; default artefacts/. The first
 * one is that of the README: npm run screenshots docs page.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../tests/support/chromium.ts';
import { openPage, scanFinished } from '../tests/web/support/open-page.ts';
import { serveSite } from '../tests/web/support/site.ts';

interface Shot {
  readonly name: string;
  readonly context: BrowserContextOptions;
  /** After the example of windows was scanned. */
  readonly prepare?: (page: Page) => Promise<void>;
  readonly fullPage?: boolean;
}

const WIDE = { width: 1440, height: 1010 };

const SHOTS: readonly Shot[] = [
  { name: 'page', context: { viewport: { width: 1280, height: 900 } } },
  { name: 'windows', context: { viewport: WIDE }, fullPage: true },
  { name: 'windows-dark', context: { viewport: WIDE, colorScheme: 'dark' }, fullPage: true },
  { name: 'fits', context: { viewport: WIDE }, prepare: takeFits, fullPage: true },
  { name: 'fits-dark', context: { viewport: WIDE, colorScheme: 'dark' }, prepare: takeFits, fullPage: true },
  { name: 'narrow', context: { viewport: { width: 390, height: 844 } }, fullPage: true },
  { name: 'help', context: { viewport: WIDE }, prepare: (page) => page.getByRole('button', { name: 'Help' }).click() },
];

const [folder = 'artefacts', only] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
const site = await serveSite({ isolated: true });
const browser = await launchChromium();
try {
  for (const shot of SHOTS.filter(({ name }) => only === undefined || name === only)) await take(shot);
} finally {
  await browser.close();
  await site.close();
}

async function take({ name, context, prepare, fullPage }: Shot): Promise<void> {
  const { page, complaints } = await openPage(browser, site, { context });
  await scanFinished(page, 120_000);
  await prepare?.(page);
  await page.locator('.card-code').waitFor();
  await page.waitForTimeout(500); // charts draw in frames of their own
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage });
  await page.close();
  if (complaints.length > 0) throw new Error(`${file}: ${complaints.join('; ')}`);
  console.log(file);
}

async function takeFits(page: Page): Promise<void> {
  await page.getByLabel('Example').selectOption('alp-diphoton');
  await page.getByRole('region', { name: /^Hypothesis/ }).waitFor({ timeout: 120_000 });
  await scanFinished(page, 120_000);
}
