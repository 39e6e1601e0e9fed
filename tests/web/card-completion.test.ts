/** Keys and choices offered while a card is written. */
import { describe, expect, test } from 'vitest';
import { completionsAt } from '../../src/web/card/code-completion.ts';

const HEAD = 'schema: darkscan/card/1\nname: n\n';

/** Labels offered at the |. */
function offered(text: string): string[] {
  return completionsAt(text.replace('|', ''), text.indexOf('|')).map(({ label }) => label);
}

describe('at the | of', () => {
  test.each([
    ['wi|', 'windows'],
    ['windows:\n  resolution: { x: 1 }\n  ha|', 'half_axes'],
    ['windows:\n  resolution:\n    x: 1\n\n    # here\n    corr|', 'correlation'],
    ['windows:\n  resolution:\n    x: 1\n  re|', 'region'],
    ['windows: { region: { x: [1, 2], wh|', 'where'],
    ['windows: { resolution: { x: 1 }, st|', 'step'],
    ['background:\n  components:\n    - name: a\n      den|', 'density'],
    ['background:\n  components:\n    - name: a\n      density: 1\n    - na|', 'name'],
    ['background:\n  components:\n  - name: a\n    side_band:\n      in|', 'inner'],
    ['statistics:\n  limits:\n    - { method: |', 'profile'],
    ['statistics:\n  limits:\n    - { method: bayes, cred|', 'credibility'],
    ['statistics:\n  expected: |', 'percent'],
    ['scan: { kind: spectrum }\nspectra:\n  - data: { file: a }\n    hypo|', 'hypotheses'],
    ['scan: { kind: spectrum }\nspectra:\n  - shape: { kind: |', 'gaussian'],
    ['blind:\n  - { x: [1, 2], in_bands: |', 'true'],
  ])('%j there is %s', (text, label) => {
    expect(offered(HEAD + text)).toContain(label);
  });

  test.each(['# wi|', "title: 'wi|", 'functions:\n  f|', 'x: { column: |', 'name: a b|'])(
    '%j there is nothing',
    (text) => {
      expect(offered(HEAD + text)).toEqual([]);
    },
  );
});

test('keys have the words of the schema and come with their colon', () => {
  const [key] = completionsAt('see', 3).filter(({ label }) => label === 'seed');
  expect(key).toMatchObject({ apply: 'seed: ', info: expect.stringMatching(/^Seed of pseudo-data/) });
});
