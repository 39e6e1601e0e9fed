/** A page in headless Chromium that records everything it should not do. */
import { expect } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Site } from './site.ts';

export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, requests that failed or left the origin. */
  readonly complaints: readonly string[];
}

/** @param hash of the address, with its # */
export async function openPage(browser: Browser, site: Site, { hash = '' } = {}): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => complaints.push(`request failed: ${request.url()}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(site.url) && !/^(blob|data):/.test(url)) complaints.push(`request outside: ${url}`);
  });
  await page.goto(site.url + hash);
  return { page, complaints };
}

/** Waits for the end of the scan that runs; the text of the device line. */
export async function scanFinished(page: Page, timeout = 60_000): Promise<string> {
  const device = page.locator('[data-testid="device"]');
  await page.locator('[data-testid="progress"]').waitFor({ state: 'detached', timeout });
  await device.waitFor({ timeout });
  return (await device.textContent()) ?? '';
}

export function expectNoComplaints({ complaints }: OpenPage): void {
  expect(complaints).toEqual([]);
}
