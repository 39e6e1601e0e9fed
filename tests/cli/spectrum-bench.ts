/** A small card of sliding-range fits for tests of the command line: a falling spectrum in 60 bins, a bump at 30. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workplace, type Outcome } from '../unit/cli/run-cli.ts';
import { unitTable } from '../support/spectrum-cards.ts';
import { edited, type Edit } from './line-card.ts';

export const FITS_CARD = `schema: darkscan/card/1
name: bump
scan: { kind: spectrum }
spectra:
  - data: { histogram: { file: counts.csv, columns: { low: lo, high: hi, count: n } } }
    x: { label: M, unit: GeV }
    hypotheses: { from: 12, to: 48, step: 2 }
    resolution: 1
    range: { half_width: 9 }
    shape: { kind: gaussian }
    background: { kind: chebyshev, degree: 2 }
signal: { poi: { name: S, unit: events } }
statistics: { limits: [{ method: cls-asymptotic, confidence: 0.95 }] }
`;

export const COUNTS = Array.from({ length: 60 }, (_, i) =>
  Math.round(300 * Math.exp(-i / 30) + 60 * Math.exp(-((i - 30) ** 2) / 4)),
);

export interface SpectrumBench {
  readonly folder: string;
  readonly at: (...parts: string[]) => string;
  readonly cli: ReturnType<typeof workplace>['cli'];
  /** Writes the card after some edits as `<name>.yaml`. */
  readonly card: (name: string, edits?: readonly Edit[]) => string;
  /** Scans it without plots into the run directory `name`. */
  readonly scan: (name: string, edits?: readonly Edit[], more?: string) => Promise<Outcome>;
}

/** A folder with the counts in it, removed at the end of the test file. */
export function spectrumBench(): SpectrumBench {
  const { folder, cli } = workplace();
  const at = (...parts: string[]): string => join(folder, ...parts);
  writeFileSync(at('counts.csv'), unitTable(COUNTS));
  const card = (name: string, edits: readonly Edit[] = []): string => {
    writeFileSync(at(`${name}.yaml`), edited(FITS_CARD, edits));
    return `${name}.yaml`;
  };
  return {
    folder,
    at,
    cli,
    card,
    scan: (name, edits, more = '') => cli(`scan ${card(name, edits)} --no-plots --out ${name} ${more}`),
  };
}

/** Lines of stderr that are not progress. */
export function complaints(err: string): string[] {
  return err
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '' && !/^[\w-]+: \d+ fits$|^fits: \d+ of \d+$/.test(line));
}
