import { describe, expect, it } from 'vitest';
import { probabilityText, summaryText } from '../../../src/report/summary-text.ts';
import { syntheticScan } from '../../support/synthetic-scan.ts';

const { summary } = syntheticScan({ step: 6, injected: 6, blind: [4, 4.4] });

describe('the text at the end of a scan', () => {
  const text = summaryText(summary, 'runs/synthetic-1');

  it('names the best windows with the number of windows beside them', () => {
    expect(text).toContain(`most significant 5 of ${summary.nWindows} windows (p0: marginal, local)`);
    expect(text).toMatch(new RegExp(`\\n  ${summary.best[0]!.id} .* ${summary.best[0]!.z!.toFixed(2)} `));
    expect(text).toContain(`the best of ${summary.nWindows} windows: global Sidak bound p`);
  });

  it('has the observed limit and five expected quantiles, best, median and worst', () => {
    const rows = text.split('\n').filter((line) => /^ {2}(observed|expected)/.test(line));
    expect(rows.map((row) => row.trim().split(/\s{2,}/)).map((cells) => [cells[0], cells.length])).toEqual(
      ['observed', 'expected m2', 'expected m1', 'expected median', 'expected p1', 'expected p2'].map((name) => [
        name,
        4,
      ]),
    );
  });

  it('says bad news in capitals, rejected rows and where to look', () => {
    expect(text).toMatch(/windows by status: \d+ ok.*ZERO-BACKGROUND/);
    expect(text).toContain('(rejected: 3 m_mumu is not a number)');
    expect(text).toContain('results in runs/synthetic-1');
    expect(summaryText({ ...summary, warnings: ['device lost'] })).toContain('WARNING device lost');
  });

  it('says what is left of a signal between the centres, where the windows have a resolution', () => {
    expect(text).not.toContain('a signal keeps');
    const coverage = { atCentre: 0.9739, atCorner: 0.7136, atWorst: 0.4635 };
    expect(summaryText({ ...summary, coverage })).toContain(
      '\na signal keeps 97 % of itself inside the window at a centre, 71 % at the corner of a lattice cell, at worst 46 %\n',
    );
    expect(
      summaryText({ ...summary, y: undefined, coverage: { ...coverage, atCentre: 0.9999, atWorst: 0 } }),
    ).toContain('100 % of itself inside the window at a centre, 71 % half way between two centres, at worst 0 %');
  });

  it('works for a blind scan', () => {
    const blind = summaryText(syntheticScan({ step: 12, blind: [0, 20] }).summary);
    expect(blind).toContain('NONE HAS AN EXCESS TO RANK');
    expect(blind).not.toMatch(/NaN|undefined|null/);
  });

  it.each([
    [0, '1'],
    [Math.log(0.05), '0.0500'],
    [-50, '1.93e-22'],
    [-801.2, '10^-348.0'],
  ])('writes exp(%d) as %s', (lnP, expected) => expect(probabilityText(lnP)).toBe(expected));
});
