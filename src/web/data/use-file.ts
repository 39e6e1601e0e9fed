/** The card that scans a file which the user gave: its data, its columns, blind until somebody decides otherwise. */
import type { CardPath } from '../../io/card-path.ts';
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
const WHY_BLIND = 'data given to the page: blind everywhere until unblinded (--unblind); the result records it';

/** Everything but what the file decides stays as it is in the text. Error (kind card): the card is not readable. */
export function cardWithFile(text: string, choice: FileChoice): string {
  const base = choice.spectrum === undefined ? [] : ['spectra', choice.spectrum];
  let edited = withData(text, [...base, 'data'], choice);
  edited = setInCard(edited, [...base, 'x', 'column'], choice.x);
  if (choice.y !== undefined) edited = setInCard(edited, [...base, 'y', 'column'], choice.y);
  if (!choice.blind || isBlindSomewhere(edited)) return edited;
  const after = choice.spectrum === undefined ? 'data' : 'spectra';
  return setInCard(edited, ['blind'], [everywhere(choice)], { after, comment: WHY_BLIND });
}

/** A card that says itself what is blind keeps that. */
export function isBlindSomewhere(text: string): boolean {
  const blind = valueInCard(text, ['blind']);
  return Array.isArray(blind) && blind.length > 0;
}

function everywhere({ spectrum, y }: FileChoice): CardValue {
  if (spectrum !== undefined) return { mass: EVERYWHERE };
  return y === undefined ? { x: EVERYWHERE } : { x: EVERYWHERE, y: EVERYWHERE };
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
