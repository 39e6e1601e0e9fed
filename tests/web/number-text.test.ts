/** How the page writes physical numbers. */
import { expect, test } from 'vitest';
import {
  fixedText,
  numberText,
  probabilityText,
  quantityText,
  sizeText,
  withErrorText,
} from '../../src/web/state/number-text.ts';

test('numbers have significant digits, a true minus, and powers of ten only where they are needed', () => {
  const told = [0, 0.20261, -1234.6, 5.6028, 0.00012348, 1.5e-7, -2.5e9, 1e22].map((value) => numberText(value));
  expect(told).toEqual(['0', '0.2026', '−1235', '5.603', '0.0001235', '1.5×10⁻⁷', '−2.5×10⁹', '1×10²²']);
});

test('what is no number is a dash, never NaN', () => {
  for (const nothing of [NaN, null, undefined, Infinity]) {
    expect(numberText(nothing)).toBe('-');
    expect(fixedText(nothing)).toBe('-');
    expect(probabilityText(nothing)).toBe('-');
    expect(quantityText(nothing, 'GeV')).toBe('-');
    expect(withErrorText(nothing, 1)).toBe('-');
  }
});

test('probabilities are written far below the smallest double', () => {
  const told = [0, Math.log(0.5), Math.log(0.00134), -1843.2].map((lnP) => probabilityText(lnP));
  expect(told).toEqual(['1', '0.50', '1.3×10⁻³', '3.2×10⁻⁸⁰¹']);
});

test('fixed digits have no sign where they are rounded to 0', () => {
  expect([3.0012, -0.524, -0.0004].map((z) => fixedText(z))).toEqual(['3.00', '−0.52', '0.00']);
});

test('errors, units and sizes of uncertainties', () => {
  expect(withErrorText(0.20285, 0.04481, 3)).toBe('0.203 ± 0.045');
  expect(withErrorText(3, 0)).toBe('3');
  expect(quantityText(5.6, 'GeV/c^{2}')).toBe('5.6 GeV/c²');
  expect(quantityText(5.6, '')).toBe('5.6');
  expect([sizeText(0.125, 0.125), sizeText(0.1, 0.08), sizeText(-0.1, 0.02)]).toEqual([
    '±12.5 %',
    '+10 % −8 %',
    '−10 % −2 %',
  ]);
});
