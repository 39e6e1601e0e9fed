/** Cards of sliding-range fits with their files in memory: prepared and scanned in tests. */
import { DarkscanError } from '../../src/errors.ts';
import { isSpectrumCard, parseAnyCard, type Parsed } from '../../src/io/card.ts';
import type { FileSource } from '../../src/io/file-source.ts';
import type { SpectrumCard } from '../../src/model/card.ts';
import type { SpectrumScanResult } from '../../src/model/spectrum/spectrum-result.ts';
import { prepareSpectra, type PreparedSpectra } from '../../src/scan/spectrum/prepare.ts';
import { scanSpectra } from '../../src/scan/spectrum/spectrum-scan.ts';

export type Files = Readonly<Record<string, string>>;

/** `reads` counts how often each file was asked for. */
export function memoryFiles(files: Files, reads: Map<string, number> = new Map()): FileSource {
  return {
    read(name, where) {
      reads.set(name, (reads.get(name) ?? 0) + 1);
      const text = files[name];
      if (text === undefined) throw new DarkscanError('data', `${where}: '${name}' not found`);
      const bytes = new TextEncoder().encode(text);
      return Promise.resolve({ name, bytes, sha256: `sha256 of ${name}`, storedBytes: bytes.length });
    },
  };
}

/** Parts of a card; the text of a YAML block each. */
export interface CardParts {
  /** Blocks of `spectra`. */
  readonly spectra: readonly string[];
  readonly signal?: string;
  readonly limits?: string;
  readonly more?: string;
}

export function spectrumCard({ spectra, signal, limits = '', more = '' }: CardParts): Parsed<SpectrumCard> {
  const text = `
schema: darkscan/card/1
name: test-spectra
scan: { kind: spectrum }
spectra:
${spectra.map((block) => `  - ${block.trim().replaceAll('\n', '\n    ')}`).join('\n')}
signal: ${signal ?? '{ poi: { name: S, unit: events } }'}
statistics: { limits: [${limits}] }
${more}
`;
  const parsed = parseAnyCard(text, 'card.yaml');
  const { card } = parsed;
  if (!isSpectrumCard(card)) throw new Error('not a card of spectra');
  return { ...parsed, card };
}

export function prepare(parts: CardParts, files: Files = {}, seed = 1): Promise<PreparedSpectra> {
  return prepareSpectra(spectrumCard(parts).card, { files: memoryFiles(files), seed });
}

export function scan(parts: CardParts, files: Files = {}, seed?: number): Promise<SpectrumScanResult> {
  return scanSpectra(spectrumCard(parts), { files: memoryFiles(files), ...(seed === undefined ? {} : { seed }) });
}

/** Text of a table of bins. */
export function binnedTable(low: readonly number[], high: readonly number[], counts: readonly number[]): string {
  return `lo,hi,n\n${low.map((edge, i) => `${edge},${high[i]},${counts[i]}\n`).join('')}`;
}

/** Bins of width 1 from 0 on. */
export function unitTable(counts: readonly number[]): string {
  const low = counts.map((_, i) => i);
  const high = low.map((edge) => edge + 1);
  return binnedTable(low, high, counts);
}

export const HISTOGRAM = 'data: { histogram: { file: counts.csv, columns: { low: lo, high: hi, count: n } } }';

/** Message, of one line, of the DarkscanError that `make` ends in, with its kind before it. */
export async function refusalOf(make: () => Promise<unknown>): Promise<string> {
  try {
    await make();
  } catch (error) {
    if (error instanceof DarkscanError && !error.message.includes('\n')) return `${error.kind}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}
