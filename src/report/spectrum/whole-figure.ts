/** A whole spectrum with the stitched background, vetoed regions, and discs at the hypotheses to point at. */
import { findColumn, numbersOf } from '../../model/result.ts';
import { describeHypothesis } from './describe-hypothesis.ts';
import { rowOf, type SpectrumFigureInputs } from './figure-inputs.ts';
import { drawSpectrumPanels } from './spectrum-panels.ts';

const STITCHED = { stroke: '#b3001b', 'stroke-width': '1.6' };

export function drawSpectrum({ table, labels, spectra, fits }: SpectrumFigureInputs, index: number): string {
  const spectrum = spectra[index];
  const isInMass = findColumn(table, 'x') === undefined;
  const position = numbersOf(table, isInMass ? 'mass' : 'x');
  const top = fits
    .map((fit, i) => ({ row: rowOf(table, fit), rank: i + 1 }))
    .filter((_, i) => fits[i].spectrum === index);
  const events = spectrum.counts.reduce<number>((sum, n) => sum + (n ?? 0), 0);
  const isBlind = spectrum.counts.includes(null);
  const names = findColumn(table, 'spectrum')?.values;
  const nHypotheses =
    names === undefined ? table.rowCount : Array.from<unknown>(names).filter((name) => name === spectrum.name).length;
  return drawSpectrumPanels(
    {
      spectrum,
      bins: [...spectrum.counts.keys()],
      curves: [{ label: 'b: background of the fits, stitched', style: STITCHED, expected: spectrum.background }],
      remarks: top.map(({ row, rank }) => describeHypothesis(table, row, rank, isInMass ? undefined : labels.x.label)),
      marked: top.map(({ row, rank }) => ({ at: position[row], rank })),
      subject: `${spectra.length > 1 ? `${spectrum.name}: ` : ''}${events} events ${isBlind ? 'shown ' : ''}in ${spectrum.counts.length} bins, ${nHypotheses} hypotheses`,
      description: `The whole spectrum with the background of the fits and ${spectrum.excluded.length} vetoed regions, and pulls of that background.`,
    },
    labels,
  );
}
