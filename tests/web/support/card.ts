/**
 * How tests put a card onto the page: through the file input of the card panel, in one call, whichever editor is
 * shown. `await scanCard(page, text)` then scans it.
 */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { linkOf } from '../../../src/web/state/link.ts';
import { scanFinished } from './open-page.ts';

/** Six windows over one variable, scanned in no time. */
export const TINY_CARD = `schema: darkscan/card/1
name: tiny
scan: windows
data: { simulate: true }
x: { column: m, label: 'm', unit: GeV }
windows: { resolution: { x: 0.1 }, half_axes: 2, step: 2, region: { x: [1, 2] } }
background: { components: [{ name: flat, density: 100, support: { x: [0, 3] } }] }
signal: { poi: { name: S, unit: events }, efficiency: 1 }
statistics: { p0: marginal, limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }], expected: percent }
`;

/** Fragment of an address that opens the page with this card: quicker than the example, which is large. */
export async function cardLink(text = TINY_CARD): Promise<string> {
  return linkOf({ text, files: [] });
}

/** Replaces the card; does not scan. */
export async function setCard(page: Page, text: string): Promise<void> {
  const input = page.getByLabel('Card file');
  await input.setInputFiles({ name: 'card.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
  // the input is emptied when the file was read
  await expect.poll(() => input.inputValue()).toBe('');
}

/** Replaces the card and scans it, whatever runs; the text of the device line. */
export async function scanCard(page: Page, text: string, timeout?: number): Promise<string> {
  await setCard(page, text);
  await page.keyboard.press('Control+Enter');
  const refused = page.locator('[role="alert"]');
  await page.getByText('complete and scanned').or(refused).first().waitFor({ timeout });
  expect(await refused.allTextContents()).toEqual([]);
  return scanFinished(page, timeout);
}
