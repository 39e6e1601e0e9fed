/** Files that somebody dropped on the page: cards, data that the card names, and other data. */
import { batch } from '@preact/signals';
import { DarkscanError } from '../../errors.ts';
import { isCardFile, openCardFile } from '../state/card-edit.ts';
import { giveFile } from '../state/give-file.ts';
import { missingFiles, namedFiles } from '../state/open-link.ts';
import type { Page } from '../state/page.ts';

/**
 * A card takes the place of the one there is; data files that it names are given to it, others are offered. When a card
 * has all it names it is scanned. Errors: kind usage (several cards), as of openCardFile and giveFile.
 */
export async function takeFiles(page: Page, files: readonly File[]): Promise<void> {
  const cards = files.filter(({ name }) => isCardFile(name));
  if (cards.length > 1) {
    const found = `${cards.length} cards (${cards.map(({ name }) => name).join(', ')})`;
    throw new DarkscanError('usage', `page: ${found} were dropped at once, expected one; drop one card with its data`);
  }
  if (cards.length === 1) await openCardFile(page, cards[0]);
  const wanted = namedFiles(page);
  const other: File[] = [];
  let isGiven = false;
  for (const file of files) {
    if (cards.includes(file)) continue;
    const name = wanted.find((one) => baseName(one) === file.name);
    if (name === undefined) other.push(file);
    else {
      await giveBlind(page, name, file);
      isGiven = true;
    }
  }
  if (other.length > 0) page.offered.value = [...page.offered.value, ...other];
  else if ((isGiven || cards.length > 0) && wanted.length > 0) scanIfComplete(page);
}

/** Gives a file under the name that the card uses, whatever it is called; scans when that was the last one. */
export async function giveNamedFile(page: Page, name: string, file: File): Promise<void> {
  await giveBlind(page, name, file);
  scanIfComplete(page);
}

/** What was unblinded in other data is not unblinded in these. */
async function giveBlind(page: Page, name: string, file: File): Promise<void> {
  await giveFile(page, name, file);
  page.unblind.value = false;
}

/** The offered file is in use, or not wanted. */
export function dropOffer(page: Page, file: File): void {
  page.offered.value = page.offered.value.filter((one) => one !== file);
}

/** The card is changed so that it scans the file, blind windows are blind again, and the scan starts. */
export async function useOffered(page: Page, file: File, cardText: string): Promise<void> {
  await giveFile(page, file.name, file);
  batch(() => {
    page.cardText.value = cardText;
    page.unblind.value = false;
    dropOffer(page, file);
  });
  scanIfComplete(page);
}

function scanIfComplete(page: Page): void {
  if (missingFiles(page).length === 0) void page.scan();
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}
