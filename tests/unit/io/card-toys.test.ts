/** toys.density of a card: what it takes, and what is refused in one line. */
import { describe, expect, it } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { toyDensities } from '../../../src/model/toys/toy-components.ts';
import { edit, LINE_TOYS } from '../toys/toy-setup.ts';

describe('the card', () => {
  const BAND_CARD = edit(
    LINE_TOYS,
    [
      "{ name: fall, density: 'exp(-x)', events: 120, support: { x: [0.8, 3.2] } }",
      '{ name: band, side_band: { outer: 6, tau: area } }',
    ],
    ['data: { simulate: true }', 'data: { file: events.csv }'],
  );
  const withDensity = (text: string) => edit(BAND_CARD, ['statistics:', `toys: { density: ${text} }\nstatistics:`]);
  const problem = (text: string) => {
    try {
      parseCard(withDensity(text), 'card.yaml');
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };

  it.each([
    ['{ band: windows }'],
    ["{ band: { density: 'exp(-x)', events: 100, support: { x: [0, 4] } } }"],
    ['{ band: { density: 3 } }'],
    ['{ band: { map: { file: map.root, tree: t } } }'],
  ])('takes %s', (text) => expect(problem(text)).toBe('accepted'));

  it.each([
    ['{ bamd: windows }', /toys\.density\.bamd is not the name of a component; did you mean 'band'\? allowed: band$/],
    ['{ band: window }', /toys\.density\.band is 'window', expected/],
    ["{ band: { density: 'exp(-z)' } }", /toys\.density\.band\.density.*z/],
    ["{ band: { densty: 'exp(-x)' } }", /toys\.density\.band\.densty is not a known key; did you mean 'density'\?/],
    ['{ band: { density: 1, support: { x: [4, 0] } } }', /toys\.density\.band\.support\.x is \[4, 0\]/],
    ['{ band: { density: 1, support: { x: [0, 4], y: [0, 1] } } }', /toys\.density\.band\.support\.y is given, but/],
    ["{ band: { density: 1, support: { x: [0, 4], where: 'x <' } } }", /toys\.density\.band\.support\.where/],
    ['{ band: { density: 1, map: { file: m.csv } } }', /toys\.density\.band\.(density|map) is not a known key/],
    ['{}', /accepted/],
  ])('refuses %s in one line', (text, message) => {
    const found = problem(text);
    expect(found).toMatch(message);
    expect(found).not.toContain('\n');
  });

  it.each([
    ['side_band: { outer: 6, tau: area }'],
    ['control: { file: events.csv, transfer: 0.5 }'],
    ['polynomial: { degree: 1, outer: 9, bin_width: 0.05 }'],
    ['table: { file: events.csv, columns: { bkg: b } }'],
  ])('must name a density for %s', (component) => {
    const text = edit(BAND_CARD, ['side_band: { outer: 6, tau: area }', component]);
    const { card } = parseCard(text, 'card.yaml');
    expect(() => toyDensities(card, makeScope(card), { tables: new Map(), samples: new Map() })).toThrow(
      /^card: background\.components\[0\] \(band\) has no event density, expected toys\.density\.band to throw toys from; give windows, a density or a map there$/,
    );
  });
});
