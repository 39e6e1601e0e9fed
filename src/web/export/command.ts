/** The command line that gives a result of the page again. */
import { CARD_NAME, type Scanned } from '../state/page.ts';

/** What decides about it besides the card. */
export type Commanded = Pick<Scanned, 'result' | 'device'>;

/**
 * The backend is the one that was used: a GPU where the page had a CPU agrees within tolerances only.
 * @param nToys thrown so far; none without them
 */
export function commandOf({ result, device }: Commanded, nToys?: number): string {
  const parts = ['npx darkscan scan', CARD_NAME];
  if (result.provenance.unblinded === true) parts.push('--unblind');
  parts.push('--backend', device.info.kind);
  if (nToys !== undefined) parts.push('--global', '--n', String(nToys));
  return parts.join(' ');
}

/** What must lie in the folder: the card and its data files. */
export function filesBeside({ result }: Pick<Commanded, 'result'>): string[] {
  const files = (result.provenance.files ?? []) as readonly { readonly name: string }[];
  return [CARD_NAME, ...new Set(files.map(({ name }) => name))];
}
