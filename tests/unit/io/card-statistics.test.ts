/** The `statistics` block: limits by their method, and what each method needs of background and constraints. */
import { describe, expect, test } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { parseCard } from '../../../src/io/card.ts';

interface Parts {
  readonly components?: string;
  readonly p0?: string;
  readonly limits?: string;
  readonly nuisances?: string;
}

const BAND = '{ name: band, side_band: { inner: 3, outer: 6, tau: 1.5 } }';
const CONTROL = '{ name: loose, control: { file: a.csv, transfer: 0.2 } }';
const POLYNOMIAL = '{ name: fit, polynomial: { degree: 3, ranges: [[1, 1.4], [1.6, 2]], bin_width: 0.02 } }';
const KNOWN = '{ name: flat, density: 3 }';
const SAMPLE = '{ name: mc, sample: { file: mc.csv } }';
const LIMIT = '{ method: bayes, credibility: 0.9, poi_max: 1000 }';

/** Messages of a 1D card with these parts, without their position. */
function refusals({ components = KNOWN, p0 = 'marginal', limits = LIMIT, nuisances }: Parts): string[] {
  const text = `
schema: darkscan/card/1
name: one-d
scan: windows
data: { file: a.csv }
x: { column: m }
windows: { resolution: { x: 0.1 }, half_axes: 2, step: 0.5, region: { x: [1, 2] } }
background: { components: [${components}] }
signal: { poi: { name: S, unit: events }, efficiency: 1 }
${nuisances === undefined ? '' : `nuisances: [${nuisances}]`}
statistics: { p0: ${p0}, limits: [${limits}] }
`;
  try {
    parseCard(text, 'card.yaml');
  } catch (error) {
    if (!isDarkscanError(error, 'card')) throw error;
    return error.message.split('\n').map((line) => line.replace(/^card\.yaml:\d+:\d+: /, ''));
  }
  return [];
}

const nuisance = (targets: string): string => `{ name: scale, constraint: normal, on: { ${targets} } }`;

describe('limits are checked as their method asks', () => {
  test.each<[string, string, string]>([
    [
      'a credibility for a confidence level',
      '{ method: cls-exact, credibility: 0.95 }',
      'statistics.limits[0].credibility does not belong to method cls-exact; its keys: method, confidence',
    ],
    [
      'the keys of another method',
      '{ method: profile, credibility: 0.95, poi_max: 100 }',
      'statistics.limits[0].credibility and .poi_max do not belong to method profile; its keys: method, confidence',
    ],
    [
      'a confidence level for a credibility',
      '{ method: bayes, confidence: 0.95, poi_max: 100 }',
      'statistics.limits[0].confidence does not belong to method bayes; its keys: method, credibility, poi_max',
    ],
    [
      'a mistyped level',
      '{ method: profile, confidnce: 0.95 }',
      "statistics.limits[0].confidnce is not a known key; did you mean 'confidence'? allowed: method, confidence",
    ],
    [
      'no level',
      '{ method: profile }',
      "statistics.limits[0] lacks the key 'confidence': confidence level of the upper limit, between 0 and 1, such as 0.95; there is no default",
    ],
    [
      'a level out of range',
      '{ method: cls-exact, confidence: 95 }',
      'statistics.limits[0].confidence is 95, expected a number below 1',
    ],
    [
      'a mistyped method',
      '{ method: profil, confidence: 0.95 }',
      "statistics.limits[0].method is 'profil', which is not a method; did you mean 'profile'? available: bayes, cls-exact, profile",
    ],
    [
      'a method that is not built',
      '{ method: cls-hybrid, confidence: 0.95 }',
      "statistics.limits[0].method is 'cls-hybrid', which is defined but not available yet; available: bayes, cls-exact, profile",
    ],
    [
      'a bare cls',
      '{ method: cls, confidence: 0.95 }',
      "statistics.limits[0].method is 'cls', which is not one method: say which of cls-exact, cls-hybrid, cls-asymptotic, cls-toys; available: bayes, cls-exact, profile",
    ],
    [
      'a number for a method',
      '{ method: 3, confidence: 0.95 }',
      'statistics.limits[0].method is 3, allowed: bayes, cls-exact, profile',
    ],
    [
      'a mistyped key of the method',
      '{ metod: profile, confidence: 0.95 }',
      "statistics.limits[0].metod is not a known key; did you mean 'method'? allowed: method, confidence",
    ],
    [
      'no method',
      '{ confidence: 0.95 }',
      "statistics.limits[0] lacks the key 'method'; allowed: bayes, cls-exact, profile",
    ],
    [
      'the same twice',
      '{ method: profile, confidence: 0.95 }, { method: bayes, credibility: 0.95, poi_max: 9 }, { method: profile, confidence: 0.95 }',
      'statistics.limits ask for the same twice: profile 0.95, bayes 0.95, profile 0.95',
    ],
  ])('%s', (_, limits, message) => expect(refusals({ limits })).toEqual([message]));

  test('three methods at two levels are six limits', () => {
    const limits = ['0.9', '0.95'].flatMap((level) => [
      `{ method: bayes, credibility: ${level}, poi_max: .inf }`,
      `{ method: cls-exact, confidence: ${level} }`,
      `{ method: profile, confidence: ${level} }`,
    ]);
    expect(refusals({ limits: limits.join(', ') })).toEqual([]);
  });
});

describe('methods against a band', () => {
  test.each(['on-off', 'on-off-mid-p', 'li-ma'])('%s needs one band and a known tau', (p0) => {
    expect(refusals({ p0, components: BAND })).toEqual([]);
    expect(refusals({ p0, components: CONTROL, nuisances: nuisance('efficiency: 0.1') })).toEqual([]);
    expect(refusals({ p0, components: KNOWN })).toEqual([
      `statistics.p0 ${p0} needs a side_band or control component and no other, found 0 of 1 components; use marginal`,
    ]);
    expect(refusals({ p0, components: `${BAND}, ${KNOWN}` })).toEqual([
      `statistics.p0 ${p0} needs a side_band or control component and no other, found 1 of 2 components; use marginal`,
    ]);
    for (const target of ['background', 'loose'])
      expect(refusals({ p0, components: CONTROL, nuisances: nuisance(`efficiency: 0.1, ${target}: 0.2`) })).toEqual([
        `statistics.p0 ${p0} needs an exactly known tau, but nuisance 'scale' acts on the background; use marginal or profile`,
      ]);
  });

  test('several of them are refused in one line', () => {
    expect(refusals({ p0: '[marginal, li-ma, on-off]' })).toEqual([
      'statistics.p0 li-ma, on-off need a side_band or control component and no other, found 0 of 1 components; use marginal',
    ]);
  });
});

describe('profile with a polynomial', () => {
  const profile = '{ method: profile, confidence: 0.95 }';

  test('it stands alone, signal nuisances change no p0', () => {
    expect(refusals({ p0: 'profile', components: POLYNOMIAL, limits: profile })).toEqual([]);
    const nuisances = nuisance('efficiency: 0.1');
    expect(refusals({ p0: 'profile', components: POLYNOMIAL, nuisances })).toEqual([]);
    expect(refusals({ p0: 'profile', components: POLYNOMIAL, nuisances, limits: profile })).toEqual([
      "statistics.limits[0].method profile with the polynomial 'fit' takes no nuisance, found 'scale'; use bayes",
    ]);
  });

  test('another component or a nuisance on the background: what to do instead', () => {
    expect(refusals({ p0: 'profile', components: `${POLYNOMIAL}, ${KNOWN}`, limits: profile })).toEqual([
      "statistics.p0 profile with the polynomial 'fit' needs it to be the only component, found 2; use marginal",
      "statistics.limits[0].method profile with the polynomial 'fit' needs it to be the only component, found 2; use bayes",
    ]);
    expect(refusals({ p0: 'profile', components: POLYNOMIAL, nuisances: nuisance('background: 0.1') })).toEqual([
      "statistics.p0 profile with the polynomial 'fit' takes no nuisance on the background, found 'scale'; use marginal",
    ]);
    expect(refusals({ components: POLYNOMIAL, nuisances: nuisance('background: 0.1') })).toEqual([]);
  });
});

describe('cls-exact: nothing uncertain but the count', () => {
  const limits = '{ method: cls-exact, confidence: 0.95 }';
  const start = 'statistics.limits[0].method cls-exact needs everything but the count known exactly, but';

  test('densities, maps, samples without mc_stat and tables without error are known', () => {
    const components = [
      KNOWN,
      '{ name: map, map: { file: map.csv } }',
      '{ name: mc, sample: { file: mc.csv }, mc_stat: false }',
      '{ name: given, table: { file: b.csv, columns: { bkg: b } } }',
    ].join(', ');
    expect(refusals({ components, limits })).toEqual([]);
  });

  test.each([
    [SAMPLE, "component 'mc' has the statistics of its sample (mc_stat)"],
    [BAND, "component 'band' is measured in a side band"],
    [CONTROL, "component 'loose' is measured in a control sample"],
    [POLYNOMIAL, "component 'fit' is fitted"],
    [
      '{ name: given, table: { file: b.csv, columns: { bkg: b, bkg_err: e } } }',
      "component 'given' has an error (bkg_err)",
    ],
  ])('%s', (components, why) => {
    expect(refusals({ components: `${KNOWN}, ${components}`, limits })).toEqual([
      `${start} ${why}; use bayes or profile`,
    ]);
  });

  test('any nuisance, on the signal too', () => {
    for (const targets of ['efficiency: 0.1', 'background: 0.1'])
      expect(refusals({ limits, nuisances: nuisance(targets) })).toEqual([
        `${start} nuisance 'scale' is a constraint; use bayes or profile`,
      ]);
  });
});
