/**
 * A card for a file that no card was written for: windows over one or two columns with the background from the data
 * beside each window, or fits of a spectrum. It runs as it is; what only the analysis knows is marked as a guess.
 */
import type { SelectedRows } from '../engine/select-rows.ts';
import { inline } from './card-text.ts';
import { cardWithFile, type FileChoice } from './use-file.ts';

export type StarterKind = 'line' | 'plane' | 'spectrum';

export const STARTERS: Readonly<Record<StarterKind, string>> = {
  line: 'new card: windows over one column',
  plane: 'new card: windows over two columns',
  spectrum: 'new card: fits of a spectrum',
};

type Range = readonly [low: number, high: number];

/** @param rows where the rows lie that are kept: at least two different values of x (and y) */
export function starterCard(kind: StarterKind, choice: FileChoice, rows: Required<SelectedRows>): string {
  const head = `# A first card for ${choice.file}. It runs as it is; replace every number marked "guess" by that of your analysis.
schema: darkscan/card/1
name: ${slug(choice.file)}
`;
  const body = kind === 'spectrum' ? spectrum(rows) : windows(kind, rows);
  return cardWithFile(head + body, kind === 'spectrum' ? { ...choice, spectrum: 0 } : choice);
}

function windows(kind: StarterKind, { x, y, rows }: Required<SelectedRows>): string {
  const isPlane = kind === 'plane';
  // resolution as a part of the range: 100 or a few thousand windows
  const divisor = isPlane ? 100 : 200;
  const resolution = [`x: ${step(x, divisor)}`, ...(isPlane ? [`y: ${step(y, divisor)}`] : [])].join(', ');
  const region = [`x: ${rangeText(x)}`, ...(isPlane ? [`y: ${rangeText(y)}`] : [])].join(', ');
  return `
scan: windows
data:
x: { column: x }
${isPlane ? 'y: { column: y }\n' : ''}
windows:
  resolution: { ${resolution} } # guess: the range of the data / ${divisor}; a number, or a formula of ${isPlane ? 'x and y' : 'x'}
  half_axes: 2 # in units of the resolution
  step: ${isPlane ? 2 : 1}
  region: { ${region} } # guess: where nearly all rows are; nothing is expected beyond

background:
  components:
    - name: beside # counted in the data around each window
      side_band: { inner: 3, outer: ${isPlane ? 6 : 10}, tau: area }

signal:
  poi: { name: S, unit: events }
  efficiency: ${isPlane ? '0.865 # of the window alone, 1 - exp(-2)' : '0.954 # of the window alone, two standard deviations'}

statistics:
  p0: on-off
  limits:
    - { method: bayes, credibility: 0.9, poi_max: ${10 ** Math.ceil(Math.log10(10 * rows.used + 1000))} }
  expected: percent
`;
}

function spectrum({ x }: Required<SelectedRows>): string {
  const [low, high] = x;
  const resolution = step(x, 100);
  const edge = 3 * resolution;
  return `
scan: { kind: spectrum }

spectra:
  - data:
    x: { column: x }
    bins: { from: ${short(low)}, to: ${short(high)}, width: ${short(resolution / 4)} }
    hypotheses: { from: ${short(low + edge)}, to: ${short(high - edge)}, step: 0.5 } # in units of the resolution
    resolution: ${resolution} # guess: the range of the data / 100; a number, or a formula of x
    shape: { kind: gaussian }
    range: { half_width: 15 } # in units of the resolution
    background: { kind: chebyshev, degree: 3 } # guess

signal:
  poi: { name: S, unit: events }

statistics:
  limits:
    - { method: profile, confidence: 0.95 }
`;
}

function step([low, high]: Range, divisor: number): number {
  return Number(((high - low) / divisor).toPrecision(2));
}

function rangeText([low, high]: Range): string {
  return inline([short(low), short(high)]);
}

function short(value: number): number {
  return Number(value.toPrecision(5));
}

/** Name of the card from that of the file. */
function slug(file: string): string {
  const words = file
    .replace(/^.*[/\\]/, '')
    .replace(/(\.(csv|txt|dat|tsv|parquet|root|gz))+$/i, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return words.slice(0, 60) || 'data';
}
