/** What the engine of the page keeps of a scan, made in this thread. */
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { isSpectrumCard, parseAnyCard } from '../../../src/io/card.ts';
import { prepareScan } from '../../../src/scan/prepare.ts';
import { prepareSpectra } from '../../../src/scan/spectrum/prepare.ts';
import { scanSpectra } from '../../../src/scan/spectrum/spectrum-scan.ts';
import { scanWindows } from '../../../src/scan/window-scan.ts';
import type { Kept } from '../../../src/web/engine/kept.ts';
import { pageFiles } from '../../../src/web/engine/page-files.ts';

/** @param text of a card without files */
export async function keepScan(text: string): Promise<Kept> {
  const parsed = parseAnyCard(text, 'card.yaml');
  const files = pageFiles(new Map());
  const request = { text, source: 'card.yaml', files: new Map(), unblind: false, backend: 'cpu' } as const;
  const { card } = parsed;
  if (isSpectrumCard(card)) {
    const prepared = await prepareSpectra(card, { files, seed: 1 });
    const result = await scanSpectra({ ...parsed, card }, { files, seed: 1, prepared });
    return { kind: 'spectrum', request, parsed: { ...parsed, card }, prepared, result };
  }
  const prepared = await prepareScan(card, { files, seed: 1, unblind: false });
  const backend = new CpuBackend({ threads: 1 });
  const result = await scanWindows({ ...parsed, card }, { backend, files, prepared, seed: 1 });
  return { kind: 'windows', request, parsed: { ...parsed, card }, prepared, result };
}
