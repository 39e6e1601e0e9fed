/** Another card takes the place of the one on the page. */
import { batch } from '@preact/signals';
import { DarkscanError } from '../../errors.ts';
import { MAX_CARD_LENGTH } from '../../io/card-source.ts';
import type { Page } from './page.ts';

/** Names under which cards are opened; every other file is taken for data. */
export const CARD_FILES = ['.yaml', '.yml', '.json'] as const;

export function isCardFile(name: string): boolean {
  return CARD_FILES.some((ending) => name.toLowerCase().endsWith(ending));
}

/** Data files stay, as the card may name them; what was unblinded for another card is not unblinded for this one. */
export function takeCard(page: Page, text: string): void {
  batch(() => {
    page.cardText.value = text;
    page.linked.value = [];
    page.unblind.value = false;
  });
}

/** Opens a card file. Errors: kind card (too long to be one). */
export async function openCardFile(page: Page, file: File): Promise<void> {
  // no character of UTF-8 takes more than 4 bytes; the parser bounds the characters
  if (file.size > 4 * MAX_CARD_LENGTH) {
    const found = `${file.name}: has ${file.size} bytes, a card has at most ${MAX_CARD_LENGTH} characters`;
    throw new DarkscanError('card', `${found}; is it a card?`);
  }
  takeCard(page, await file.text());
}
