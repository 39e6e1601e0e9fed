/** The card that scans a file which the user gave: its data, its columns, blind until somebody decides otherwise. */
import type { CardPath } from '../../io/card-path.ts';
import { isSpectrumCard } from '../../io/card.ts';
import type { AnyCard } from '../../model/card.ts';
import { setInCard, valueInCard, type CardValue } from './card-text.ts';

export interface FileChoice {
  /** Name of the file, as the card will call it. */
  readonly file: string;
  /** ROOT: the tree, where the file has several. */
  readonly tree?: string;
  readonly x: string;
  /** Absent in 1D. */
  readonly y?: string;
  readonly select: readonly string[];
  /** Which spectrum gets the file; absent for cards of windows. */
  readonly spectrum?: number;
  readonly blind: boolean;
}

/** Beyond every quantity: regions that are widened later stay blind as well. */
const EVERYWHERE = [-1e30, 1e30] as const;
/** Side bands go on measuring the background, without which nothing could be expected. */
const IN_BANDS = { in_bands: true } as const;
const WHY_BLIND = 'data given to the page: blind everywhere until unblinded (--unblind); the result records it';

/** Everything but what the file decides stays as it is in the text. Error (kind card): the card is not readable. */
export function cardWithFile(text: string, choice: FileChoice): string {
  const base = choice.spectrum === undefined ? [] : ['spectra', choice.spectrum];
  let edited = withData(text, [...base, 'data'], choice);
  edited = setInCard(edited, [...base, 'x', 'column'], choice.x);
  if (choice.y !== undefined) edited = setInCard(edited, [...base, 'y', 'column'], choice.y);
  return choice.blind ? blindText(edited, choice.spectrum !== undefined, choice.y !== undefined) : edited;
}

/** The card, blind everywhere. */
export function blindCard(text: string, card: AnyCard): string {
  return isSpectrumCard(card) ? blindText(text, true, false) : blindText(text, false, card.y !== undefined);
}

/** A card that says itself what is blind keeps that. */
function blindText(text: string, isSpectrum: boolean, is2D: boolean): string {
  const found = valueInCard(text, ['blind']);
  if (Array.isArray(found) && found.length > 0) return text;
  const region: CardValue = isSpectrum
    ? { mass: EVERYWHERE }
    : { x: EVERYWHERE, ...(is2D ? { y: EVERYWHERE } : {}), ...IN_BANDS };
  return setInCard(text, ['blind'], [region], { after: isSpectrum ? 'spectra' : 'data', comment: WHY_BLIND });
}

/** Keys that the file does not decide (`derive`) stay; what is the same is not written again, for its comments. */
function withData(text: string, path: CardPath, { file, tree, select }: FileChoice): string {
  const found = valueInCard(text, path);
  const old = isBlock(found) && 'file' in found ? found : {};
  const wanted: Record<string, CardValue> = {
    file,
    ...(tree === undefined ? {} : { tree }),
    ...(isBlock(old.derive) ? { derive: old.derive as CardValue } : {}),
    ...(select.length === 0 ? {} : { select }),
  };
  const losesKey = Object.keys(old).some((key) => !(key in wanted));
  if (losesKey || !('file' in old)) return setInCard(text, path, wanted);
  let edited = text;
  for (const [key, value] of Object.entries(wanted)) {
    if (JSON.stringify(old[key]) !== JSON.stringify(value)) edited = setInCard(edited, [...path, key], value);
  }
  return edited;
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
