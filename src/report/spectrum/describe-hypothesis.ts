/** A hypothesis in words, for legends; ROOT-like text. */
import { findColumn, numbersOf, type PlotLabels, type QuantityLabel, type ResultTable } from '../../model/result.ts';

/** "1: Z = 3.21 at 752.3"; "at m_{a} = 6.343" with the label, for an axis that is not the mass. */
export function describeHypothesis(table: ResultTable, row: number, rank: number, massLabel?: string): string {
  const z = numbersOf(table, 'z')[row];
  return `${rank}: ${Number.isNaN(z) ? 'no Z' : `Z = ${minus(z.toFixed(2))}`} at ${massLabel === undefined ? '' : `${massLabel} = `}${massText(table, row)}`;
}

/** To a tenth of the resolution or better; that of the mass where the fit is in another variable (column x). */
function massText(table: ResultTable, row: number): string {
  const value = (name: string) => numbersOf(table, name)[row];
  const inMass = findColumn(table, 'x') === undefined ? 1 : Math.abs(value('mass') / value('x'));
  return toStep(value('mass'), value('sigma') * inMass);
}

/** With the digits down to a tenth of the step. */
function toStep(value: number, step: number): string {
  const decimals = step > 0 && step < Infinity ? 1 - Math.floor(Math.log10(step)) : 6;
  return minus(value.toFixed(Math.min(12, Math.max(0, decimals))));
}

/**
 * Lines about one hypothesis: mass and resolution, S, local Z; what is null in the table is said to be missing.
 * @param variable that of its spectrum
 */
export function hypothesisFacts(
  table: ResultTable,
  row: number,
  { x: mass }: PlotLabels,
  variable: QuantityLabel,
): string[] {
  const value = (name: string) => numbersOf(table, name)[row];
  const status = findColumn(table, 'status')?.values[row] ?? 'ok';
  const sigma = `#sigma = ${quantity(String(Number(value('sigma').toPrecision(3))), variable)}`;
  const place = `${mass.label} = ${quantity(massText(table, row), mass)}`;
  const inVariable = findColumn(table, 'x') && `${variable.label} = ${toStep(value('x'), value('sigma'))}, ${sigma}`;
  const z = Number.isNaN(value('z'))
    ? 'no local Z'
    : `local Z = ${minus(value('z').toFixed(2))}, p_{0} = ${probabilityLabel(value('ln_p0'))}`;
  return [
    ...(inVariable === undefined ? [`${place}, ${sigma}`] : [place, inVariable]),
    `Ŝ = ${withError(value('s_hat'), value('s_err'))}`,
    z,
    ...(status === 'ok' ? [] : [`STATUS ${String(status).toUpperCase()}`]),
  ];
}

function quantity(number: string, { unit }: QuantityLabel): string {
  return unit === '' ? number : `${number} ${unit}`;
}

/** "31.2 ± 9.8 events": both to two digits of the error. */
export function withError(value: number, error: number): string {
  if (Number.isNaN(value)) return 'no value';
  if (!(error > 0)) return `${minus(String(Number(value.toPrecision(3))))} events, no error`;
  const digit = Math.floor(Math.log10(error)) - 1;
  const rounded = (one: number) =>
    (digit > 0 ? Math.round(one / 10 ** digit) * 10 ** digit : one).toFixed(-Math.min(0, digit));
  return `${minus(rounded(value))} ± ${rounded(error)} events`;
}

/** p from ln p: "0.023", "2.8×10^{−4}", far below the smallest double too. */
export function probabilityLabel(lnP: number): string {
  const log10 = lnP / Math.LN10;
  if (log10 > -2) return Math.exp(lnP).toPrecision(2);
  const exponent = Math.floor(log10);
  const [mantissa, carry] = Number((10 ** (log10 - exponent)).toPrecision(2))
    .toExponential(1)
    .split('e');
  return `${mantissa}×10^{${minus(String(exponent + Number(carry)))}}`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
