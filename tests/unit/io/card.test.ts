import { describe, expect, test } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { canonicalJson, hashCard, parseCard, poiMaxOf } from '../../../src/io/card.ts';
import type { BayesLimit } from '../../../src/model/card.ts';
import { GOOD_CARD } from './card-example.ts';

/** The lines of the error of a card. */
function linesOf(text: string): string[] {
  try {
    parseCard(text, 'card.yaml');
  } catch (error) {
    if (isDarkscanError(error, 'card')) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** GOOD_CARD with one piece of text replaced. */
function changed(from: string, to: string): string {
  if (GOOD_CARD.split(from).length !== 2) throw new Error(`'${from}' is not there exactly once`);
  return GOOD_CARD.replace(from, to);
}

describe('good cards', () => {
  test('the example with every part is accepted', () => {
    const { card } = parseCard(GOOD_CARD, 'card.yaml');
    expect(card.name).toBe('test-card');
    expect(card.background.components).toHaveLength(5);
    expect(card.statistics.limits[0]).toMatchObject({ method: 'bayes', credibility: 0.9 });
  });

  test('the same card as JSON is the same card', async () => {
    const yaml = parseCard(GOOD_CARD, 'card.yaml').card;
    const json = parseCard(JSON.stringify(yaml, null, 2), 'card.json').card;
    expect(json).toEqual(yaml);
    expect(await hashCard(json)).toBe(await hashCard(yaml));
  });

  test('the hash ignores comments, order and layout, and sees every value', async () => {
    const hash = await hashCard(parseCard(GOOD_CARD, 'a').card);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashCard(parseCard(`# hello\n${GOOD_CARD}`, 'b').card)).toBe(hash);
    expect(await hashCard(parseCard(changed('step: 2.7', 'step: 2.8'), 'c').card)).not.toBe(hash);
    const swapped = changed('x: { column: m, label: "M_{#mu#mu}"', 'x: { label: "M_{#mu#mu}", column: m');
    expect(await hashCard(parseCard(swapped, 'd').card)).toBe(hash);
  });

  test('canonical JSON sorts keys and refuses numbers JSON cannot hold', async () => {
    expect(canonicalJson({ b: [1, -0, 'é'], a: { d: null, c: true } })).toBe('{"a":{"c":true,"d":null},"b":[1,0,"é"]}');
    expect(() => canonicalJson([NaN])).toThrow(/canonical json/);
    // echo -n '{"a":1}' | sha256sum
    expect(await hashCard({ a: 1 } as never)).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
  });

  test('an infinite prior is written .inf in YAML and "inf" in JSON', () => {
    const lognormal = GOOD_CARD.replace('trigger, constraint: normal', 'trigger, constraint: lognormal');
    for (const written of ['.inf', '"inf"']) {
      const { card } = parseCard(lognormal.replace('poi_max: 1.0e+5', `poi_max: ${written}`), 'card.yaml');
      expect(poiMaxOf(card.statistics.limits[0] as BayesLimit)).toBe(Infinity);
    }
  });

  test('a 1D card with on-off and a side band is accepted', () => {
    const text = `
schema: darkscan/card/1
name: one-d
scan: windows
data: { file: a.csv }
x: { column: m }
windows: { resolution: { x: 0.1 }, half_axes: 2, step: 0.5, region: { x: [1, 2] } }
background: { components: [{ name: band, side_band: { inner: 3, outer: 6, tau: 1.5 } }] }
signal: { poi: { name: S, unit: events }, efficiency: 1 }
statistics: { p0: on-off, limits: [] }
`;
    expect(linesOf(text)).toEqual([]);
  });
});

describe('one line per mistake, with line, column, path, what was found and what is allowed', () => {
  test.each<[string, string, string, string]>([
    [
      'step: 2.7',
      'stepp: 2.7',
      'stepp',
      "windows.stepp is not a known key; did you mean 'step'? allowed: resolution, half_axes, step, region",
    ],
    [
      'name: test-card',
      'name: Test',
      'Test',
      "name is 'Test', expected short name of the analysis, lower-case letters, digits and '-'; names the run directory",
    ],
    ['step: 2.7', 'step: -1', '-1', 'windows.step is -1, expected a number above 0'],
    ['step: 2.7', 'step: two', 'two', "windows.step is 'two', expected a number"],
    ['step: 2.7', 'step: .nan', '.nan', 'windows.step is NaN, expected a number'],
    ['credibility: 0.9', 'credibility: 90', '90', 'statistics.limits[0].credibility is 90, expected a number below 1'],
    ['credibility: 0.9', 'credibility: 0', '0', 'statistics.limits[0].credibility is 0, expected a number above 0'],
    [
      'credibility: 0.9, ',
      '',
      '{ method',
      "statistics.limits[0] lacks the key 'credibility': credibility of the upper limit, between 0 and 1, such as 0.9; there is no default",
    ],
    [
      ', poi_max: 1.0e+5',
      '',
      '{ method',
      "statistics.limits[0] lacks the key 'poi_max': end of the flat prior, in the unit of the POI; .inf only with lognormal or gamma signal uncertainties",
    ],
    [
      'method: bayes',
      'method: cls',
      'cls',
      "statistics.limits[0].method is 'cls', which is not one method: say which of cls-exact, cls-hybrid, cls-asymptotic, cls-toys; available: bayes, cls-exact, profile",
    ],
    [
      'method: bayes',
      'method: cls-toys',
      'cls-toys',
      "statistics.limits[0].method is 'cls-toys', which is defined but not available yet; available: bayes, cls-exact, profile",
    ],
    [
      'method: bayes',
      'method: byes',
      'byes',
      "statistics.limits[0].method is 'byes', which is not a method; did you mean 'bayes'? available: bayes, cls-exact, profile",
    ],
    [
      'p0: [marginal]',
      'p0: li-mo',
      'li-mo',
      "statistics.p0 is 'li-mo', which is not a method; did you mean 'li-ma'? available: marginal, on-off, li-ma, profile, marginal-mid-p, on-off-mid-p",
    ],
    [
      'p0: [marginal]',
      'p0: [marginal, asimov]',
      'asimov',
      "statistics.p0[1] is 'asimov', which is not a method; available: marginal, on-off, li-ma, profile, marginal-mid-p, on-off-mid-p",
    ],
    [
      'p0: [marginal]',
      'p0: 3',
      '3',
      'statistics.p0 is 3, expected marginal or on-off or li-ma or profile or marginal-mid-p or on-off-mid-p, or a list',
    ],
    [
      'p0: [marginal]',
      'p0: on-off',
      'on-off',
      'statistics.p0 on-off needs a side_band or control component and no other, found 1 of 5 components; use marginal',
    ],
    [
      'file: events.csv',
      'fil: events.csv',
      'fil',
      "data.fil is not a known key; did you mean 'file'? allowed: file, tree, derive, select",
    ],
    [
      'density: "exp(-x)", ',
      'densty: "exp(-x)", ',
      'densty',
      "background.components[0].densty is not a known key; did you mean 'density'? allowed: name, density, events, support",
    ],
    [
      '{ name: tautau, map: { file: map.csv } }',
      '{ name: tautau }',
      '{ name',
      'background.components[1] has none of the keys density, map, sample, side_band, control, polynomial, table; one of them is needed',
    ],
    ['half_axes: { x: 2, y: 3 }', 'half_axes: -2', '-2', 'windows.half_axes is -2, expected a number above 0'],
    [
      'half_axes: { x: 2, y: 3 }',
      'half_axes: { x: 2, y: 0 }',
      '0',
      'windows.half_axes.y is 0, expected a number above 0',
    ],
    [
      'half_axes: { x: 2, y: 3 }',
      'half_axes: wide',
      'wide',
      "windows.half_axes is 'wide', expected a number, or a block with the keys x, y",
    ],
    ['scan: windows', 'scan: spectrum', 'spectrum', "scan is 'spectrum', allowed: windows, {kind: spectrum}"],
    [
      'schema: darkscan/card/1',
      'schema: darkscan/card/2',
      'darkscan',
      "schema is 'darkscan/card/2', allowed: darkscan/card/1; did you mean 'darkscan/card/1'?",
    ],
    ['x: [1.65, 10.51]', 'x: [1.65]', '[1.65', 'windows.region.x has 1 entries, expected at least 2'],
    [
      'x: [1.65, 10.51]',
      'x: [2, 1]',
      '[2',
      'windows.region.x is [2, 1], expected [low, high] with low < high; swap or correct them',
    ],
    [
      'efficiency: 0.06 }',
      'eficiency: 0.06 }',
      'eficiency',
      'nuisances[0].on.eficiency is not a target; allowed: efficiency, luminosity, branching, background, mumu, tautau, mc, band, given',
    ],
    [
      'name: tautau',
      'name: mumu',
      'mumu',
      "background.components[1].name 'mumu' is already the name of background.components[0]; names are used once",
    ],
    [
      'name: lumi,',
      'name: trigger,',
      'trigger',
      "nuisances[1].name 'trigger' is already the name of nuisances[0]; names are used once",
    ],
    [
      'name: tautau',
      'name: efficiency',
      'efficiency',
      "background.components[1].name 'efficiency' is a target of nuisances; choose another name",
    ],
    ['inner: 3', 'inner: 7', '6', 'background.components[3].side_band.outer is 6, expected a number above inner (7)'],
    [
      'poi_max: 1.0e+5',
      'poi_max: .inf',
      '.inf }]',
      "statistics.limits[0].poi_max is .inf, but nuisance 'trigger' is normal and reaches zero sensitivity (lognormal does not); give a finite number",
    ],
    [
      'efficiency: "0.17 - 0.01*x"',
      'efficiency: "0.17 - 0.01*z"',
      '"0.17 - 0.01*z"',
      "signal.efficiency: unknown name 'z' in '0.17 - 0.01*z'; known: x, y, sqrt_s, m_mu, pi",
    ],
    [
      '"q1*q2 < 0"',
      '"q1*q2 <"',
      '"q1*q2 <"',
      "data.select[0]: 'q1*q2 <' is not a formula: expected expression after < at character 7",
    ],
    [
      'sigma_m(m): ',
      'sigma_m: ',
      'sigma_m',
      "functions.sigma_m is not a possible name; use the form 'name(argument, ...)'",
    ],
    [
      'two(a, b): "a + b"',
      'two(a, b): "two(a, b)"',
      '"two(a, b)"',
      'functions.two(a, b): calls itself (two -> two); recursion is not possible',
    ],
    [
      'm_mu: 0.1056583755',
      '__proto__: 1',
      '__proto__',
      'constants.__proto__ is not a possible name; use letters, digits and _, not starting with a digit',
    ],
    [
      'm_mu: 0.1056583755',
      'constructor: 1',
      'constructor',
      'constants.constructor is not a possible name; use letters, digits and _, not starting with a digit',
    ],
    [
      'correlation: "-0.9"',
      'correlation: "-0.9", rotation: 0.1',
      '0',
      'windows.resolution.rotation is given beside correlation, which mean different ellipses; keep one',
    ],
    ['y: [0, 80], where', 'where', '{ x', 'windows.region.y is missing, the card has a y axis; add it'],
    [
      'name: eps2',
      'name: limit_obs',
      'limit_obs',
      "couplings[0].name 'limit_obs' would clash with the limit columns; choose another name",
    ],
    [
      'derive: { m_rec2:',
      'derive: { sqrt_s:',
      '"sqrt_s^2 + m^2 - 2*sq',
      "data.derive.sqrt_s: 'sqrt_s' is both a variable and a constant here; rename the constant",
    ],
    [
      'background: { up: 0.22, down: 0.20 }',
      'background: { up: 0.22 }',
      '{ up',
      "nuisances[2].on.background lacks the key 'down': relative size for negative values of the parameter",
    ],
  ])('%s -> %s', (from, to, at, expected) => {
    const text = changed(from, to);
    const lines = linesOf(text);
    expect(lines).toHaveLength(1);
    const [, line, column, message] = /^card\.yaml:(\d+):(\d+): (.*)$/.exec(lines[0])!;
    expect(message).toBe(expected);
    expect(text.split('\n')[Number(line) - 1].slice(Number(column) - 1, Number(column) - 1 + at.length)).toBe(at);
  });

  test('two possible forms at once: the key that does not belong is named', () => {
    expect(linesOf(changed('file: events.csv', 'file: events.csv\n  simulate: true'))).toEqual([
      'card.yaml:14:3: data.simulate is not a known key; allowed: file, tree, derive, select',
    ]);
  });

  test('several mistakes give several lines', () => {
    const text = changed('step: 2.7', 'stepp: 2.7')
      .replace('credibility: 0.9', 'credibility: 2')
      .replace('seed: 7', 'seed: -1');
    expect(linesOf(text).map((line) => line.split(' ')[1])).toEqual([
      'seed',
      'windows.stepp',
      'statistics.limits[0].credibility',
    ]);
  });

  test('simulated data need components to draw from', () => {
    const text = GOOD_CARD.replace(/data:\n.*\n.*\n.*\n/, 'data: { simulate: true }\n');
    expect(linesOf(text).map((line) => line.replace(/^.*?: /, ''))).toEqual(
      ['[2] (mc)', '[3] (band)', '[4] (given)'].map(
        (which) => `background.components${which} has no density or map to draw events from; simulated data need one`,
      ),
    );
  });

  test('gamma sizes below 1 allow an infinite prior, others do not', () => {
    const gamma = (size: string): string =>
      changed('constraint: normal, on: { efficiency: 0.06 }', `constraint: gamma, on: { efficiency: ${size} }`).replace(
        '1.0e+5',
        '.inf',
      );
    expect(linesOf(gamma('0.5'))).toEqual([]);
    expect(linesOf(gamma('1.0'))).toHaveLength(1);
    expect(linesOf(gamma('"0.1*x"'))[0]).toContain('not a number below 1');
    expect(linesOf(gamma('{ up: 0.1, down: 0.2 }')).join()).toContain('gamma has one size');
  });
});

describe('text that is no card', () => {
  test.each<[string, string, RegExp]>([
    ['empty', '', /^card.yaml: is empty/],
    ['only a comment', '# hello\n', /^card.yaml: is empty/],
    ['a number', '3', /^card.yaml:1:1: the card is 3, expected a block with the keys schema, name/],
    ['a list', '[1, 2]', /^card.yaml:1:1: the card is a list of 2/],
    ['broken YAML', 'a: [1, 2\nb: 3', /^card.yaml:\d+:\d+: /],
    ['broken JSON', '{"a": 1,, }', /^card.yaml:1:\d+: /],
    ['duplicate keys', 'a: 1\na: 2', /^card.yaml:2:1: map keys must be unique/],
    ['unknown tags', 'a: !!js/function 1', /^card.yaml:1:4: unresolved tag/],
    ['two documents', 'a: 1\n---\na: 2', /^card.yaml:\d+:\d+: source contains multiple documents/],
  ])('%s', (_name, text, expected) => {
    expect(linesOf(text)[0]).toMatch(expected);
  });

  test('an alias bomb is refused at once', () => {
    const levels = 'abcdefghij'.split('').map(
      (name, i, all) =>
        `${name}: &${name} [${
          i === 0
            ? '1'
            : Array(9)
                .fill(`*${all[i - 1]}`)
                .join(', ')
        }]`,
    );
    const start = performance.now();
    expect(linesOf(levels.join('\n'))[0]).toContain('aliases');
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('a text far too long is refused', () => {
    expect(linesOf(`a: ${'x'.repeat(1_000_001)}`)[0]).toContain('at most 1000000');
  });
});
