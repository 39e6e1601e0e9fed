/** Links onto the page and off it. */
import { batch } from '@preact/signals';
import { filesOfCard } from '../../io/card-files.ts';
import { checkCard } from './card-check.ts';
import { hashFile, type LinkedFile } from './give-file.ts';
import { cardOfLink, isLink, linkOf } from './link.ts';
import { CARD_NAME, type Page } from './page.ts';
import { reporting } from './reporting.ts';

/**
 * What a visitor sees first: the card of the link, else the example, scanned; a card whose files the page has not got
 * waits for them. @param fragment of the address
 */
export async function openPage(page: Page, fragment: string): Promise<void> {
  if (isLink(fragment)) {
    const isTaken = await reporting(page, () => takeLink(page, fragment));
    if (isTaken === undefined || missingFiles(page).length > 0) return;
  }
  await page.scan();
}

/** Files that the card names and the page has not got. */
export function missingFiles(page: Page): string[] {
  return namedFiles(page).filter((name) => !page.files.value.has(name));
}

/** The address of this page with its card; files the page has not got are in it as the last link said. */
export async function linkTo(page: Page, address: string): Promise<string> {
  const { cardText, files, linked } = page;
  const known = await Promise.all(
    namedFiles(page).map(async (name): Promise<LinkedFile | undefined> => {
      const file = files.value.get(name);
      if (file === undefined) return linked.value.find((one) => one.name === name);
      return { name, sha256: await hashFile(file), bytes: file.size };
    }),
  );
  const fragment = await linkOf({ text: cardText.value, files: known.filter((file) => file !== undefined) });
  return new URL(fragment, address).href;
}

async function takeLink(page: Page, fragment: string): Promise<true> {
  page.cancel();
  const { text, files } = await cardOfLink(fragment);
  batch(() => {
    page.cardText.value = text;
    page.files.value = new Map();
    page.linked.value = files;
    page.unblind.value = false;
    page.scanned.value = undefined; // that of another card
  });
  return true;
}

/** Files that the card names, each once. */
export function namedFiles(page: Page): string[] {
  const { parsed } = checkCard(page.cardText.value, CARD_NAME); // page.checked follows the text a moment later
  return parsed === undefined ? [] : [...new Set(filesOfCard(parsed.card).map(({ name }) => name))];
}
