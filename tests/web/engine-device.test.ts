/** Browsers without a GPU, with one that fails, without WebCrypto: right results all the same, and a sentence about it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { scanCard, setCard, TINY_CARD } from './support/card.ts';
import { keepScan } from './support/keep-scan.ts';
import { expectNoComplaints, openPage } from './support/open-page.ts';
import { expectSame, lastScan, recordScans } from './support/record-scans.ts';
import { serveSite, type Site } from './support/site.ts';

const IN_F64 = { relative: 1e-9, absolute: 1e-12 };
const IN_F32 = { relative: 1e-3, absolute: 1e-4 };
const ON_CPU = /^6 windows in .* on (\d+ CPU workers|CPU, this thread) \(f64\), /;

let [site, browser, expected]: [Site?, Browser?, Awaited<ReturnType<typeof keepScan>>?] = [];
beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium({ webgpu: true });
  expected = await keepScan(TINY_CARD);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Puts code in front of that of the engine's worker. */
async function inEngine(page: Page, code: string): Promise<void> {
  await page.route(/\/engine-worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

/** Runs in the engine: every device that is made, before anybody else has it. */
const onDevice = (code: string): string => `{
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    ${code}
    return device;
  };
}`;
const NO_ADAPTER = `GPU.prototype.requestAdapter = async () => null;`;
/** The software adapter of the tests as one that 'GPU if there is one' takes. */
const HARDWARE = `Object.defineProperty(GPUAdapterInfo.prototype, 'isFallbackAdapter', { value: false });`;

/** The first device passes the self-test, which is 3 submissions, and is lost at work; later ones at once. */
const lostAtWork = (losses: number): string =>
  HARDWARE +
  onDevice(`
    globalThis.opened = (globalThis.opened ?? 0) + 1;
    const { submit } = device.queue;
    let submissions = opened === 1 ? 0 : 3;
    device.queue.submit = function (...args) {
      if (++submissions === 4 && opened <= ${losses}) device.destroy();
      return submit.apply(this, args);
    };`);

interface Case {
  readonly what: string;
  readonly code: string;
  readonly device: RegExp;
  readonly told: string | RegExp;
  readonly allowed?: typeof IN_F32;
}

const CASES: readonly Case[] = [
  {
    what: 'no WebGPU',
    code: `delete Object.getPrototypeOf(navigator).gpu;`,
    device: ON_CPU,
    told: 'No GPU is used: this browser has no WebGPU. CPU workers give the same numbers.',
  },
  {
    what: 'no adapter',
    code: NO_ADAPTER,
    device: ON_CPU,
    told: /^No GPU is used: no adapter found.*CPU workers give the same numbers\.$/,
  },
  {
    what: 'an adapter that gives no device',
    code: `${HARDWARE} GPUAdapter.prototype.requestDevice = async () => { throw new Error('limits too small'); };`,
    device: ON_CPU,
    told: /^No GPU is used: .* gives no device \(limits too small\)\. CPU workers give the same numbers\.$/,
  },
  {
    what: 'a software adapter only',
    code: '',
    device: ON_CPU,
    told: /^No GPU is used: .* is a software adapter, slower than CPU workers\./,
  },
  {
    what: 'a GPU that takes no array of this size',
    code:
      HARDWARE +
      onDevice(`
        const limits = new Proxy(device.limits, { get: (of, name) => name === 'maxStorageBufferBindingSize' ? 64 : of[name] });
        Object.defineProperty(device, 'limits', { value: limits });`),
    device: ON_CPU,
    told: /^The GPU was given up during the scan \(an array of \d+ bytes, allowed 64 .*\); CPU workers did the rest, and all numbers hold\.$/,
  },
  {
    what: 'a GPU that is lost once at work',
    code: lostAtWork(1),
    device: /^6 windows in .* WebGPU \(f32\), /,
    told: 'The GPU was lost once during the scan; its work was repeated, and all numbers hold.',
    allowed: IN_F32,
  },
  {
    what: 'a GPU that is lost again and again',
    code: lostAtWork(99),
    device: ON_CPU,
    told: /^The GPU was given up during the scan \(3 losses .*\); CPU workers did the rest, and all numbers hold\.$/,
  },
];

describe('the scan is right and a sentence tells of', () => {
  test.each(CASES)('$what', async ({ code, device, told, allowed = IN_F64 }) => {
    const before = async (page: Page) => (await recordScans(page), await inEngine(page, code));
    const open = await openPage(browser!, site!, { before });
    expect(await scanCard(open.page, TINY_CARD)).toMatch(device);
    expectSame(await lastScan(open.page), expected!.result, allowed);
    await open.page.getByText(told).first().waitFor({ timeout: 5000 });
    expectNoComplaints(open);
    await open.page.close();
  });
});

test('a GPU that is asked for and not there is an error that says what to do', async () => {
  const { page } = await openPage(browser!, site!, { before: (opened) => inEngine(opened, NO_ADAPTER) });
  await setCard(page, TINY_CARD);
  await page.getByLabel('compute on').selectOption('webgpu');
  await page.keyboard.press('Control+Enter');
  expect(await page.getByRole('alert').textContent()).toMatch(/^webgpu: no adapter found, .*; choose 'CPU workers'$/);
  await page.close();
});

test('a page from plain http has neither WebGPU nor WebCrypto, and the same hashes', async () => {
  const plain = await launchChromium({ args: ['--host-resolver-rules=MAP name.test 127.0.0.1'] });
  const open = await openPage(plain, { ...site!, url: `http://name.test:${site!.port}/` }, { before: recordScans });
  expect(await open.page.evaluate(() => 'subtle' in crypto)).toBe(false);
  expect(await scanCard(open.page, TINY_CARD)).toMatch(ON_CPU);
  expectSame(await lastScan(open.page), expected!.result, IN_F64);
  await open.page.getByText('only over https and on localhost, this page came over plain http').waitFor();
  expectNoComplaints(open);
  await plain.close();
});
