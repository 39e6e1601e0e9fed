/** Signal shapes and backgrounds of a card of sliding-range fits; one line for each mistake. */
import { describe, test } from 'vitest';
import { changed, expectOneLine, type Mistake } from './spectrum-card-example.ts';

const SHAPES = 'gaussian, crystal-ball, voigt, template';
const BACKGROUNDS = 'chebyshev, bernstein, exponential, power-law';

describe('shapes, backgrounds and peaks', () => {
  test.each<Mistake>([
    ...[
      ['gausian', 'gaussian'],
      ['crystalball', 'crystal-ball'],
      ['voight', 'voigt'],
      ['templat', 'template'],
    ].map(([found, meant]): Mistake => [
      'kind: crystal-ball',
      `kind: ${found}`,
      found,
      `spectra[0].shape.kind is '${found}', allowed: ${SHAPES}; did you mean '${meant}'?`,
    ]),
    ['kind: crystal-ball', 'kind: cauchy', 'cauchy', `spectra[0].shape.kind is 'cauchy', allowed: ${SHAPES}`],
    ['kind: crystal-ball', 'kind: 3', '3', `spectra[0].shape.kind is 3, allowed: ${SHAPES}`],
    ['kind: crystal-ball, ', '', '{ low', `spectra[0].shape lacks the key 'kind'; allowed: ${SHAPES}`],
    [
      'kind: crystal-ball',
      'kind: gaussian',
      'low',
      'spectra[0].shape.low and .high do not belong to kind gaussian; its keys: kind',
    ],
    [
      'shape: { kind: voigt, width: "0.01*x" }',
      'shape: voigt',
      'voigt',
      `spectra[2].shape is 'voigt', expected a block whose kind is one of ${SHAPES}`,
    ],
    [
      ', width: "0.01*x"',
      '',
      '{ kind',
      "spectra[2].shape lacks the key 'width': full width at half maximum of the Breit-Wigner, in units of x; formula of x and m",
    ],
    ['"0.01*x" }\n    background', '"0.01*q" }\n    background', '"0.01*q"', "spectra[2].shape.width: unknown name 'q' in '0.01*q'; known: x, m, sqrt_s, tail, pi"], // prettier-ignore
    [
      ', low: { alpha: "tail + 0*m", n: 3 }, high: { alpha: 1.8, n: 4 }',
      '',
      '{ kind',
      'spectra[0].shape has neither low nor high, expected a tail on one side or both; or take kind gaussian',
    ],
    [
      '{ alpha: "tail + 0*m", n: 3 }',
      '{ alpha: "tail + 0*m" }',
      '{ alpha',
      "spectra[0].shape.low lacks the key 'n': its power, above 1; formula of x and m",
    ],
    [
      '"tail + 0*m"',
      '"tal + 0*m"',
      '"tal',
      "spectra[0].shape.low.alpha: unknown name 'tal' in 'tal + 0*m'; did you mean 'tail'? known: x, m, sqrt_s, tail, pi",
    ],
    [
      'high: { alpha: 1.8, n: 4 }',
      'width: 3',
      'width',
      'spectra[0].shape.width does not belong to kind crystal-ball; its keys: kind, low, high',
    ],
    [
      'content: w',
      'contents: w',
      'contents',
      "spectra[1].shape.table.columns.contents is not a known key; did you mean 'content'? allowed: low, high, content",
    ],
    ['"0.1*x"', '"0.1*z"', '"0.1*z"', "spectra[1].shape.scale: unknown name 'z' in '0.1*z'; known: x, m, sqrt_s, tail, pi"], // prettier-ignore
    [
      'kind: chebyshev',
      'kind: chebychev',
      'chebychev',
      `spectra[0].background.kind is 'chebychev', allowed: ${BACKGROUNDS}; did you mean 'chebyshev'?`,
    ],
    ['kind: chebyshev, ', '', '{ degree', `spectra[0].background lacks the key 'kind'; allowed: ${BACKGROUNDS}`],
    [
      'kind: chebyshev',
      'kind: power-law',
      'degree',
      'spectra[0].background.degree does not belong to kind power-law; its keys: kind, powers, threshold, end, root',
    ],
    [
      'background: { kind: power-law, powers: 1, threshold: 2, end: 100, root: 0.5 }',
      'background: chebyshev',
      'chebyshev',
      `spectra[2].background is 'chebyshev', expected a block whose kind is one of ${BACKGROUNDS}`,
    ],
    ...(
      [
        ['8', 'expected a number of at most 7'],
        ['-1', 'expected a number of at least 0'],
        ['2.5', 'expected a whole number, or text, or a block with the keys rule, from, to, level'],
        ['true', 'expected a whole number, or text, or a block with the keys rule, from, to, level'],
      ] as const
    ).map(([degree, rest]): Mistake => [
      'degree: { rule: f-test, from: 1, to: 4, level: 0.01 }',
      `degree: ${degree}`,
      degree,
      `spectra[0].background.degree is ${degree}, ${rest}`,
    ]),
    [
      '"2 + floor(x/50)"',
      '"2 + floor(q)"',
      '"2',
      "spectra[1].background.degree: unknown name 'q' in '2 + floor(q)'; known: x, m, sqrt_s, tail, pi",
    ],
    [
      'rule: f-test',
      'rule: ftest',
      'ftest',
      "spectra[0].background.degree.rule is 'ftest', allowed: f-test, aic, bic; did you mean 'f-test'?",
    ],
    ['rule: f-test', 'rule: bic', '0.01', 'spectra[0].background.degree.level is given, but rule bic has none; remove it'], // prettier-ignore
    ['to: 4,', 'to: 8,', '8', 'spectra[0].background.degree.to is 8, expected a number of at most 7'],
    ['from: 1, to: 4,', 'from: 4, to: 4,', '{ rule', 'spectra[0].background.degree goes from 4 to 4, expected from < to; correct them or give one degree'], // prettier-ignore
    ['level: 0.01', 'level: 1', '1', 'spectra[0].background.degree.level is 1, expected a number below 1'],
    ['powers: 1', 'powers: 4', '4', 'spectra[2].background.powers is 4, expected a number of at most 3'],
    ['powers: 1', 'powers: { rule: aic, from: 1, to: 4 }', '{ rule', 'spectra[2].background.powers goes from 1 to 4, expected 1 to 3 powers; correct them'], // prettier-ignore
    ['powers: 1', 'powers: { rule: aic, from: 1, to: 3, level: 0.1 }', '0.1', 'spectra[2].background.powers.level is given, but rule aic has none; remove it'], // prettier-ignore
    ['threshold: 2', 'threshold: 100', '100', 'spectra[2].background.threshold is 100, expected a number below end (100)'], // prettier-ignore
    ['end: 100, ', '', '0.5', 'spectra[2].background.root is given, but there is no end; add or remove'],
    ['root: 0.5', 'root: 2', '2', 'spectra[2].background.root is 2, expected a number of at most 1'],
    [
      'name: psi2s',
      'name: jpsi',
      'jpsi',
      "spectra[0].peaks[1].name 'jpsi' is already the name of spectra[0].peaks[0]; names are used once",
    ],
    [
      ', error: 20',
      '',
      '{ name',
      "spectra[0].peaks[0] lacks the key 'error': uncertainty of the yield, a Gaussian constraint",
    ],
    ['error: 20', 'error: 0', '0', 'spectra[0].peaks[0].error is 0, expected a number above 0'],
    ['events: 200', 'events: -200', '-200', 'spectra[0].peaks[0].events is -200, expected a number of at least 0'],
    [
      'sigma: 0.12',
      'sigm: 0.12',
      'sigm',
      "spectra[0].peaks[1].sigm is not a known key; did you mean 'sigma'? allowed: name, x, sigma, events, error",
    ],
    [
      '"0.5 + 0.01*x"',
      '"0.5 + 0.01*y"',
      '"0.5',
      "spectra[0].spurious_signal: unknown name 'y' in '0.5 + 0.01*y'; known: x, m, sqrt_s, tail, pi",
    ],
  ])('%s -> %s', (from, to, at, expected) => expectOneLine(changed(from, to), at, expected));
});
