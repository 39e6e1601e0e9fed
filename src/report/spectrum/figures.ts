/** Which figures a spectrum scan has: the list as data, so that `scan` and `plot` draw the same. */
import { drawLimitScan, drawP0Scan, type MassScan } from '../figures/mass-scan.ts';
import { hasValues, limitScan, type Figure } from '../figures.ts';
import { couplingColumns, groupColumns, type LimitColumns } from '../limit-bins.ts';
import { describeHypothesis } from './describe-hypothesis.ts';
import { rowOf, type SpectrumFigureInputs } from './figure-inputs.ts';
import { drawFit } from './fit-figure.ts';
import { drawPullScan } from './pull-scan.ts';
import { drawSpectrum } from './whole-figure.ts';

/** In the order people look at them; only those the table has numbers for. */
export function listSpectrumFigures(inputs: SpectrumFigureInputs): Figure[] {
  const { table, labels, p0Method, limitGroups, couplings, spectra, fits } = inputs;
  const top = fits.map((fit, i) => {
    const row = rowOf(table, fit);
    return { row, words: describeHypothesis(table, row, i + 1) };
  });
  const scan: MassScan = { table, labels, mass: 'mass', noun: 'hypotheses', top, badges: true };
  const has = (column: string) => hasValues(table, column);
  const hasLimits = ({ observed, expected }: LimitColumns) => has(observed) || has(expected['0']!);
  const methods = [{ method: p0Method, suffix: '' }];
  return [
    ...spectra.map(({ name }, i): Figure => ({
      name: spectra.length === 1 ? 'spectrum' : `spectrum-of-${fileName(name)}`,
      draw: () => drawSpectrum(inputs, i),
    })),
    ...fits.map((fit, i): Figure => ({ name: `spectrum-${i + 1}`, draw: () => drawFit(inputs, fit, i + 1) })),
    ...(has('ln_p0') ? [{ name: 'p0', draw: () => drawP0Scan(scan, methods) }] : []),
    ...(has('s_err') ? [{ name: 'pull', draw: () => drawPullScan(scan) }] : []),
    ...limitGroups.filter(({ suffix }) => hasLimits(groupColumns(suffix))).map((group) => limitScan(scan, group)),
    ...couplings.flatMap(({ name, label }): Figure[] => {
      const title = `limit on ${label}`;
      const columns = couplingColumns(name);
      if (!hasLimits(columns)) return [];
      const draw = () => drawLimitScan(scan, { columns, subject: `upper ${title}`, title });
      return [{ name: `limit-${fileName(name)}`, draw }];
    }),
  ];
}

function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, '-');
}
