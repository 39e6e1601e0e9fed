/** A page in headless Chromium that records everything it should not do. */
import { expect } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Site } from './site.ts';

export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, requests that failed or left the origin. */
  readonly complaints: readonly string[];
}

export interface OpenOptions {
  /** Of the address, with its #. */
  readonly hash?: string;
  /** Called before the page is loaded: to route requests, to listen. */
  readonly before?: (page: Page) => unknown;
  /** Colour scheme, size of the window and the like. */
  readonly context?: BrowserContextOptions;
}

export async function openPage(browser: Browser, site: Site, options: OpenOptions = {}): Promise<OpenPage> {
  const { hash = '', before, context } = options;
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, ...context });
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
  await before?.(page);
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
