/** People with other eyes, hands and screens: axe, the keyboard alone, less motion, a narrow window. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkOf } from '../../src/web/state/link.ts';
import { launchChromium } from '../support/chromium.ts';
import { violations } from './support/axe.ts';
import { SPECTRUM_CARD, WINDOWS_CARD } from './support/detail-cards.ts';
import { expectNoComplaints, openPage, scanFinished, type OpenPage } from './support/open-page.ts';
import { serveSite, type Site } from './support/site.ts';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await site.close();
});

/** The page with the result of a card, its editor loaded. */
async function scanned(card: string, context: BrowserContextOptions = {}): Promise<OpenPage> {
  const open = await openPage(browser, site, { hash: await linkOf({ text: card, files: [] }), context });
  await scanFinished(open.page);
  await open.page.locator('.card-code').waitFor();
  return open;
}

/** Every folded part is unfolded. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelectorAll('details').forEach((part) => (part.open = true)));
  await page.waitForTimeout(200);
}

describe.each(['light', 'dark'] as const)('axe, %s', (colorScheme) => {
  test.each([
    ['windows', WINDOWS_CARD],
    ['fits', SPECTRUM_CARD],
  ])('finds nothing wrong with the result of %s, nor with the help', async (_, card) => {
    const open = await scanned(card, { colorScheme });
    const { page } = open;
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
    const asOpened = await violations(page);
    await unfold(page);
    const unfolded = await violations(page);
    await page.getByRole('button', { name: 'Help' }).click();
    const withHelp = await violations(page);
    expect({ asOpened, unfolded, withHelp }).toEqual({ asOpened: [], unfolded: [], withHelp: [] });
    expectNoComplaints(open);
    await page.close();
  });
});

test('the Tab key comes to every control once, each with a name and a visible focus, and leaves the page again', async () => {
  const open = await scanned(WINDOWS_CARD);
  const { page } = open;
  await unfold(page);
  await page.evaluate(() => {
    (document.activeElement as HTMLElement).blur();
    scrollTo(0, 0);
  });
  const reached: Focused[] = [];
  for (let i = 0; i < 300; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(describeFocus);
    if (focused === undefined || reached.some(({ key }) => key === focused.key)) break;
    reached.push(focused);
  }
  expect(reached.filter(({ name }) => name === '').map(({ html }) => html)).toEqual([]);
  expect(reached.filter(({ isMarked }) => !isMarked).map(({ html }) => html)).toEqual([]);
  expect(await page.evaluate(listMissed)).toEqual([]);
  expect(reached.length).toBeGreaterThan(20);
  expectNoComplaints(open);
  await page.close();
});

test('with the keyboard alone: example, scan, neighbouring window, row of the table, help', async () => {
  const open = await scanned(WINDOWS_CARD);
  const { page } = open;
  const heading = page.getByRole('region', { name: /^Window \d+$/ });
  const before = await heading.getAttribute('aria-label');
  await page.getByRole('application', { name: /map/i }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => heading.getAttribute('aria-label')).not.toBe(before);
  const neighbour = await heading.getAttribute('aria-label');
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => heading.getAttribute('aria-label')).not.toBe(neighbour);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'About this page' });
  await help.waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+Enter');
  await scanFinished(page);
  expectNoComplaints(open);
  await page.close();
});

test.each([
  ['windows', WINDOWS_CARD],
  ['fits', SPECTRUM_CARD],
])('%s fit a window of 360 pixels without scrolling sideways', async (_, card) => {
  const open = await scanned(card, { viewport: { width: 360, height: 740 } });
  const { page } = open;
  await unfold(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('button, select, input, h2, h3, p, canvas')]
      .filter((element) => element.checkVisibility() && element.closest('.hidden-text') === null)
      .filter((element) => element.getBoundingClientRect().right > 360 && element.closest('[role="grid"]') === null)
      .map(({ outerHTML }) => outerHTML.slice(0, 200)),
  );
  expect(cut).toEqual([]);
  expectNoComplaints(open);
  await page.close();
});

test('nothing moves by itself where people asked for less motion', async () => {
  const open = await scanned(WINDOWS_CARD, { reducedMotion: 'reduce' });
  const { page } = open;
  await page.keyboard.press('?');
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
        return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto';
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 100)),
  );
  expect(moving).toEqual([]);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await page.close();
});

interface Focused {
  /** Its place in the order of the Tab key. */
  readonly key: string;
  readonly name: string;
  readonly html: string;
  readonly isMarked: boolean;
}

/** In the page: what has the focus, in shadow roots too; undefined for the body. */
async function describeFocus(): Promise<Focused | undefined> {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (element === null || element === document.body) return undefined;
  const host = (element.getRootNode() as ShadowRoot).host as Element | undefined;
  const marks = [element, element.parentElement, element.parentElement?.parentElement, host];
  const isMarked = (): boolean => marks.some((node) => node && getComputedStyle(node).outlineStyle !== 'none');
  // the editor marks itself a moment later
  for (let i = 0; i < 80 && !isMarked(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
  const controls = Object.assign(globalThis, { seen: (globalThis as { seen?: Element[] }).seen ?? [] }).seen;
  if (!controls.includes(element)) controls.push(element);
  const texts = [...((element as HTMLInputElement).labels ?? []), element].map((part) => part.textContent);
  const name = element.ariaLabel ?? texts.join('') + (element.querySelector('img')?.alt ?? '');
  const html = element.outerHTML.slice(0, 150);
  return { key: String(controls.indexOf(element)), name: name.trim().slice(0, 60), html, isMarked: isMarked() };
}

/** In the page: controls that people see and the keyboard has not come to. */
function listMissed(): string[] {
  const { seen } = globalThis as unknown as { seen: Element[] };
  const within = (root: Document | ShadowRoot): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? within(element.shadowRoot) : []),
    ]);
  return within(document)
    .filter((element) =>
      element.matches(
        'a[href], button, select, input, textarea, summary, [role=slider], [role=grid], [role=application]',
      ),
    )
    .filter((element) => element.checkVisibility() && !element.matches(':disabled, [tabindex="-1"]'))
    .filter((element) => !seen.includes(element))
    .map(({ outerHTML }) => outerHTML.slice(0, 150));
}
