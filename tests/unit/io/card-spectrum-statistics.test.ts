/** Signal, uncertainties, limits and couplings of a card of sliding-range fits; one line for each mistake. */
import { describe, expect, test } from 'vitest';
import { changed, expectOneLine, keysOf, linesOf, SPECTRUM_CARD, type Mistake } from './spectrum-card-example.ts';

describe('signal, nuisances, statistics, couplings', () => {
  test.each<Mistake>([
    ['value: 8.34', 'value: 0', '0', 'signal.luminosity.value is 0, expected a number above 0'],
    [
      'efficiency: "0.1',
      'eficiency: "0.1',
      'eficiency',
      "signal.eficiency is not a known key; did you mean 'efficiency'? allowed: poi, luminosity, efficiency, branching",
    ],
    [
      '"0.1 + 0.01*m"',
      '{ table: { file: a.csv } }',
      '{ table',
      'signal.efficiency is a block with the keys table, expected a number or text',
    ],
    ['branching: 0.9', 'branching: "0.9*"', '"0.9*"', "signal.branching: '0.9*' is not a formula: expected expression after * at character 4"], // prettier-ignore
    [
      '\nsignal:',
      '\nsignals:',
      'signals',
      `signals is not a known key; did you mean 'signal'? allowed: ${keysOf('SpectrumCard')}`,
    ],
    [
      'name: trigger',
      'name: lumi',
      'lumi',
      "nuisances[1].name 'lumi' is already the name of nuisances[0]; names are used once",
    ],
    [
      '{ efficiency: 0.06 }',
      '{ background: 0.06 }',
      'background',
      'nuisances[0].on.background is not a known key; allowed: efficiency, luminosity, branching, resolution, position',
    ],
    [
      '{ efficiency: 0.06 }',
      '{}',
      '{}',
      'nuisances[0].on is empty, expected at least one of efficiency, luminosity, branching, resolution, position',
    ],
    [
      '{ efficiency: 0.06 }',
      '{ efficiency: { up: 0.06 } }',
      '{ up',
      "nuisances[0].on.efficiency lacks the key 'down': relative size for negative values of the parameter",
    ],
    [
      'trigger, constraint: normal',
      'trigger, constraint: gauss',
      'gauss',
      "nuisances[0].constraint is 'gauss', allowed: normal, lognormal, gamma",
    ],
    [
      'constraint: normal, on: { resolution',
      'constraint: lognormal, on: { resolution',
      'lognormal',
      'nuisances[2].constraint is lognormal, expected normal, as it acts on the resolution and the position of the signal',
    ],
    [
      'on: { resolution: 0.1,',
      'on: { efficiency: 0.2, resolution: 0.1,',
      '{ eff',
      'nuisances[2].on has efficiency, resolution, position: one parameter acts on the yield or on the shape of the signal, not on both; give two',
    ],
    [
      'constraint: lognormal',
      'constraint: gamma',
      '{ up',
      'nuisances[1].on.branching has up and down, but gamma has one size; give one or use lognormal',
    ],
    ['down: 0.02', 'down: "0.02*q"', '"0.02*q"', "nuisances[1].on.branching.down: unknown name 'q' in '0.02*q'; known: x, m, sqrt_s, tail, pi"], // prettier-ignore
    [
      'resolution: 0.1,',
      'resolution: { up: 0.1, down: 0.2 },',
      '{ up',
      'nuisances[2].on.resolution is a block with the keys up, down, expected a number or text',
    ],
    [
      'cls-asymptotic',
      'cls',
      'cls',
      "statistics.limits[0].method is 'cls', which is not one method: say which of cls-exact, cls-hybrid, cls-asymptotic, cls-toys; available: cls-asymptotic, profile, bayes",
    ],
    [
      'cls-asymptotic',
      'cls-exact',
      'cls-exact',
      "statistics.limits[0].method is 'cls-exact', which this kind of scan does not have; available: cls-asymptotic, profile, bayes",
    ],
    [
      'cls-asymptotic',
      'cls-toys',
      'cls-toys',
      "statistics.limits[0].method is 'cls-toys', which is defined but not available yet; available: cls-asymptotic, profile, bayes",
    ],
    [
      'cls-asymptotic',
      'cls-asymtotic',
      'cls-asymtotic',
      "statistics.limits[0].method is 'cls-asymtotic', which is not a method; did you mean 'cls-asymptotic'? available: cls-asymptotic, profile, bayes",
    ],
    [
      'asymptotic, confidence: 0.95',
      'asymptotic, credibility: 0.95',
      'credibility',
      'statistics.limits[0].credibility does not belong to method cls-asymptotic; its keys: method, confidence',
    ],
    [
      'asymptotic, confidence: 0.95',
      'asymptotic',
      '{ method',
      "statistics.limits[0] lacks the key 'confidence': confidence level of the upper limit, between 0 and 1, such as 0.95; there is no default",
    ],
    ['confidence: 0.95', 'confidence: 95', '95', 'statistics.limits[0].confidence is 95, expected a number below 1'],
    [
      'profile, confidence: 0.9 ',
      'cls-asymptotic, confidence: 0.95 ',
      '- { method',
      'statistics.limits ask for the same twice: cls-asymptotic 0.95, cls-asymptotic 0.95, bayes 0.9',
    ],
    [
      'poi_max: 1.0e+5',
      'poi_max: .inf',
      '.inf',
      "statistics.limits[2].poi_max is .inf, but nuisance 'trigger' is normal and reaches zero sensitivity (lognormal does not); give a finite number",
    ],
    ['expected: sigma', 'p0: profile', 'p0', 'statistics.p0 is not a known key; allowed: limits, expected'],
    ['expected: sigma', 'expected: sigmas', 'sigmas', "statistics.expected is 'sigmas', allowed: percent, sigma; did you mean 'sigma'?"], // prettier-ignore
    ['name: g,', 'name: limit_obs,', 'limit_obs', "couplings[0].name 'limit_obs' would clash with the limit columns; choose another name"], // prettier-ignore
    ['sqrt(limit/m)', 'sqrt(limit/y)', '"sqrt', "couplings[0].formula: unknown name 'y' in 'sqrt(limit/y)'; known: limit, x, m, sqrt_s, tail, pi"], // prettier-ignore
    ['tail: 1.4 }', 'tail: 1.4, x: 3 }', 'x', 'constants.x is a variable of formulas (x: position of the signal, m: mass); choose another name'], // prettier-ignore
    ['tail: 1.4 }', 'tail: 1.4, m: 3 }', 'm', 'constants.m is a variable of formulas (x: position of the signal, m: mass); choose another name'], // prettier-ignore
    ['tail: 1.4 }', 'tail: 1.4, limit: 3 }', '"sqrt', "couplings[0].formula: 'limit' is both a variable and a constant here; rename the constant"], // prettier-ignore
    ['seed: 7', 'seed: 1.5', '1.5', 'seed is 1.5, expected a whole number'],
  ])('%s -> %s', (from, to, at, expected) => expectOneLine(changed(from, to), at, expected));

  test('couplings are made of limits', () =>
    expectOneLine(
      SPECTRUM_CARD.replace(/limits:[^]*?expected/, 'limits: []\n  expected'),
      '- { name: g',
      'couplings need a limit to convert, but statistics.limits is empty; add one or remove them',
    ));

  test('gamma sizes below 1 allow an infinite prior, others do not', () => {
    const gamma = (size: string) =>
      linesOf(
        changed(
          'constraint: normal, on: { efficiency: 0.06 }',
          `constraint: gamma, on: { efficiency: ${size} }`,
        ).replace('1.0e+5', '.inf'),
      );
    expect(gamma('0.5')).toEqual([]);
    expect(gamma('1.5')).toHaveLength(1);
    expect(gamma('1.5')[0]).toContain("poi_max is .inf, but nuisance 'trigger' is gamma with a size that is not");
  });

  test('several mistakes give several lines', () => {
    const text = changed('step: 0.5', 'stp: 0.5').replace('level: 0.01', 'level: 2').replace('seed: 7', 'seed: -1');
    expect(linesOf(text).map((line) => line.split(' ')[1])).toEqual([
      'seed',
      'spectra[0].hypotheses.stp',
      'spectra[0].background.degree.level',
    ]);
  });
});
