/** One hypothesis: the data of its fit range with both fits, and the pulls of the one without signal. */
import { findColumn } from '../../model/result.ts';
import { bd0 } from '../../stats/deviance.ts';
import { labelText } from '../svg/label.ts';
import { hypothesisFacts } from './describe-hypothesis.ts';
import { rowOf, type FigureFit, type FigureSpectrum, type SpectrumFigureInputs } from './figure-inputs.ts';
import { drawSpectrumPanels, type SpectrumCurve } from './spectrum-panels.ts';

const WITHOUT_SIGNAL = { stroke: '#1b3f8b', 'stroke-width': '1.5', 'stroke-dasharray': '2 2.5' };
const WITH_SIGNAL = { stroke: '#b3001b', 'stroke-width': '1.8' };
const ITS_BACKGROUND = { stroke: '#b3001b', 'stroke-width': '1.3', 'stroke-dasharray': '6 3' };

/** @param rank from 1 in order of significance; 0 for a hypothesis that was asked for */
export function drawFit({ table, labels, spectra }: SpectrumFigureInputs, fit: FigureFit, rank: number): string {
  const spectrum = spectra[fit.spectrum];
  const row = rowOf(table, fit);
  const facts = [...hypothesisFacts(table, row, labels, spectrum), ...goodness(fit, spectrum.counts)];
  const curves: SpectrumCurve[] = [
    { label: 'b: fit without signal', style: WITHOUT_SIGNAL, expected: fit.background },
    { label: 'fit with signal', style: WITH_SIGNAL, expected: fit.signalPlusBackground },
    { label: 'its background', style: ITS_BACKGROUND, expected: fit.backgroundOfFull },
  ];
  const name = findColumn(table, 'spectrum') === undefined ? '' : ` in ${spectrum.name}`;
  return drawSpectrumPanels(
    {
      spectrum,
      bins: fit.bins,
      curves,
      remarks: facts,
      subject: `hypothesis ${fit.id}${name}, ${rankText(rank)} of ${table.rowCount} hypotheses`,
      description: `Events in the ${fit.bins.length} bins of the fit range, the fits with and without signal, and the pulls of the fit without. ${facts.map(labelText).join('; ')}. Chi2 is the Poisson deviance of the fit with signal.`,
    },
    labels,
  );
}

function rankText(rank: number): string {
  if (rank <= 1) return rank === 1 ? 'most significant' : 'one';
  return `${rank}${rank === 2 ? 'nd' : rank === 3 ? 'rd' : 'th'} excess`;
}

/** Nothing where bins are blind. 2 sum n ln(n/nu) - (n - nu): the chi2 of S. Baker and R. Cousins, Nucl. Instrum. Meth. 221 (1984) 437. */
function goodness({ bins, signalPlusBackground, dof }: FigureFit, counts: FigureSpectrum['counts']): string[] {
  const chi2 = bins.reduce((sum, bin, i) => sum + 2 * bd0(counts[bin] ?? NaN, signalPlusBackground[i]), 0);
  return Number.isNaN(chi2) ? [] : [`#chi^{2}/dof = ${chi2.toFixed(1)}/${dof}`];
}
