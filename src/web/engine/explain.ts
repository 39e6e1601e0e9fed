/** One window or hypothesis of the last scan in full. */
import { DarkscanError } from '../../errors.ts';
import type { Kept } from './kept.ts';

export type Detail = { readonly kind: 'window' } | { readonly kind: 'hypothesis' };

export async function explainKept(kept: Kept, id: number): Promise<Detail> {
  throw new DarkscanError('internal', `internal: explain ${kept.kind} ${id} is not there yet`);
}
