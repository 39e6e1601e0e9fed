/** Physical numbers as text: significant digits, a true minus, '-' where there is no number. */
import { probabilityLabel } from '../../report/spectrum/describe-hypothesis.ts';
import { labelText } from '../../report/svg/label.ts';

type Value = number | null | undefined;

function isNumber(value: Value): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** "0.2026", "−1.5×10⁻⁷"; trailing zeros are dropped. */
export function numberText(value: Value, digits = 4): string {
  if (!isNumber(value)) return '-';
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    const [mantissa, exponent] = short.toExponential().split('e');
    return labelText(`${minus(mantissa)}×10^{${minus(String(Number(exponent)))}}`);
  }
  return minus(String(short));
}

/** "3.00", "−0.52"; what is rounded to 0 has no sign. */
export function fixedText(value: Value, decimals = 2): string {
  if (!isNumber(value)) return '-';
  const text = value.toFixed(decimals);
  return minus(Number(text) === 0 ? text.replace('-', '') : text);
}

/** p from ln p: "1", "0.023", "2.8×10⁻⁴", far below the smallest double too. */
export function probabilityText(lnP: Value): string {
  if (!isNumber(lnP)) return '-';
  return lnP === 0 ? '1' : labelText(probabilityLabel(lnP));
}

/** "0.2026 ± 0.041", "0.2026" where there is no error. */
export function withErrorText(value: Value, error: Value, digits = 4): string {
  const text = numberText(value, digits);
  return isNumber(value) && isNumber(error) && error > 0 ? `${text} ± ${numberText(error, 2)}` : text;
}

/** A number and its unit, ROOT-like: "5.602 GeV/c²"; the unit of no number is left out. */
export function quantityText(value: Value, unit: string | undefined, digits?: number): string {
  const text = numberText(value, digits);
  return text === '-' || unit === undefined || unit === '' ? text : `${text} ${labelText(unit)}`;
}

/** Relative sizes of an uncertainty: "±12.5 %", "+10 % −8 %". */
export function sizeText(up: number, down: number): string {
  const percent = (size: number) => numberText(100 * Math.abs(size), 3);
  if (up === down) return `±${percent(up)} %`;
  const sign = (size: number) => (size < 0 ? '−' : '+');
  return `${sign(up)}${percent(up)} % ${sign(-down)}${percent(down)} %`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
