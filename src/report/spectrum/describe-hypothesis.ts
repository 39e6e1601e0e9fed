/** A hypothesis in words, for legends; ROOT-like text. */
import { findColumn, numbersOf, type PlotLabels, type ResultTable } from '../../model/result.ts';

/** "1: Z = 3.21 at 752.3". */
export function describeHypothesis(table: ResultTable, row: number, rank: number): string {
  return `${rank}: Z = ${numbersOf(table, 'z')[row].toFixed(2)} at ${massText(table, row)}`;
}

/** To a tenth of the resolution or better. */
function massText(table: ResultTable, row: number): string {
  const [mass, sigma] = [numbersOf(table, 'mass')[row], numbersOf(table, 'sigma')[row]];
  return mass.toFixed(Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(sigma)))));
}

/** Lines about one hypothesis: mass and resolution, S, local Z; what is null in the table is said to be missing. */
export function hypothesisFacts(table: ResultTable, row: number, { x }: PlotLabels): string[] {
  const value = (name: string) => numbersOf(table, name)[row];
  const unit = x.unit === '' ? '' : ` ${x.unit}`;
  const status = findColumn(table, 'status')?.values[row] ?? 'ok';
  const z = Number.isNaN(value('z'))
    ? 'no local Z'
    : `local Z = ${value('z').toFixed(2).replace('-', '−')}, p_{0} = ${probabilityLabel(value('ln_p0'))}`;
  return [
    `${x.label} = ${massText(table, row)}${unit}, #sigma = ${Number(value('sigma').toPrecision(3))}`,
    `Ŝ = ${withError(value('s_hat'), value('s_err'))}`,
    z,
    ...(status === 'ok' ? [] : [`STATUS ${String(status).toUpperCase()}`]),
  ];
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
