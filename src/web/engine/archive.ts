/** Files of the last scan: the run directory as a zip, the table, the figures. */
import { DarkscanError } from '../../errors.ts';
import type { Figure } from '../../report/figures.ts';
import type { Kept } from './kept.ts';
import type { FinishedPageToys } from './toys-api.ts';

export async function archiveOf(kept: Kept, _toys: FinishedPageToys | undefined): Promise<Uint8Array<ArrayBuffer>> {
  throw new DarkscanError('internal', `internal: archive of ${kept.kind} is not there yet`);
}

export function tableFileOf(kept: Kept, format: 'csv' | 'parquet'): Uint8Array<ArrayBuffer> {
  throw new DarkscanError('internal', `internal: table of ${kept.kind} as ${format} is not there yet`);
}

export function figuresOf(_kept: Kept, _toys: FinishedPageToys | undefined): readonly Figure[] {
  return [];
}
