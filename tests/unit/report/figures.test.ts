import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadPngRenderer } from '../../../src/node/png.ts';
import { figureInputs, restoreFigureInputs, storeFigureInputs } from '../../../src/report/figure-inputs.ts';
import { drawCurve } from '../../../src/report/figures/curve.ts';
import { listFigures } from '../../../src/report/figures.ts';
import { syntheticScan } from '../../support/synthetic-scan.ts';
import type { SyntheticOptions } from '../../support/synthetic-scan.ts';

const CASES: Record<string, SyntheticOptions> = {
  plane: { step: 6, injected: 6, blind: [4, 4.4] },
  'a plane without events': { step: 12, nEvents: 0 },
  'a blind plane': { step: 12, blind: [0, 20] },
  'a plane of many events and windows': { step: 1.45, nEvents: 30_000 },
  line: { oneDimension: true, injected: 60, nEvents: 2000 },
  'a blind line': { oneDimension: true, blind: [0, 20] },
};
const PLANE = syntheticScan(CASES.plane);
const draw = (scan = PLANE) =>
  Object.fromEntries(listFigures(figureInputs(scan)).map((figure) => [figure.name, figure.draw()]));
const renderer = await loadPngRenderer(1);

/** resvg parses strictly: a malformed document throws. */
function render(svg: string): Uint8Array {
  if (typeof renderer !== 'function') throw new Error(renderer.unavailable);
  return renderer(svg);
}

describe('figures', () => {
  it.each(Object.keys(CASES))('of %s are valid SVG without NaN, with title and description', (name) => {
    const figures = Object.entries(draw(syntheticScan(CASES[name])));
    expect(figures.length).toBeGreaterThan(0);
    for (const [figure, svg] of figures) {
      expect(svg, figure).not.toMatch(/NaN|undefined|Infinity|\[object/);
      expect(svg, figure).toMatch(/<title>[^<]{5,}<\/title><desc>[^<]{10,}<\/desc>/);
      expect([...render(svg).subarray(1, 4)], figure).toEqual([...Buffer.from('PNG')]);
    }
  });

  it('are the ones a plane and a line have', () => {
    expect(Object.keys(draw())).toEqual([
      'event-plane',
      'map-z',
      'z-distribution',
      'map-limit-obs',
      'map-limit-exp',
      'limit-x',
      'limit-y',
    ]);
    expect(Object.keys(draw(syntheticScan(CASES.line)))).toEqual(['p0', 'z-distribution', 'limit']);
    expect(Object.keys(draw(syntheticScan(CASES['a blind plane'])))).toEqual([
      'event-plane',
      'map-limit-exp',
      'limit-x',
      'limit-y',
    ]);
  });

  it('say the same every time, and again from the stored inputs', () => {
    const inputs = figureInputs(PLANE);
    const restored = restoreFigureInputs(JSON.parse(JSON.stringify(storeFigureInputs(inputs))), PLANE.table);
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const [first, second, again] = [inputs, figureInputs(PLANE), restored].map((one) =>
      listFigures(one).map((figure) => hash(figure.draw())),
    );
    expect(second).toEqual(first);
    expect(again).toEqual(first);
  });

  it('draw every window once in a map and every event in the plane', () => {
    const { 'map-z': map, 'event-plane': plane } = draw();
    const cells = [...map!.matchAll(/<path class="cells" d="([^"]*)"/g)].reduce(
      (sum, [, d]) => sum + d!.split('M').length - 1,
      0,
    );
    expect(cells).toBe(PLANE.table.rowCount);
    const shown = Number(/events \((\d+) shown\)/.exec(plane!)![1]);
    expect(/d="([^"]*)"[^>]*class="events"/.exec(plane!)![1]!.split('M').length - 1).toBe(shown);
    expect(shown).toBeGreaterThan(500);
  });

  it('count windows without a number in the legend of the map', () => {
    const blind = PLANE.summary.blindWindows;
    expect(blind).toBeGreaterThan(0);
    expect(draw()['map-z']).toContain(`blind: ${blind} windows`);
    const z = PLANE.table.columns.find((column) => column.name === 'ln_p0')!.values as Float64Array;
    expect(draw()['map-z']).toContain(`= 1: ${z.filter((lnP) => lnP === 0).length} windows`);
  });

  it('escape what the card says', () => {
    const hostile = {
      ...PLANE,
      labels: { ...PLANE.labels, title: '</svg><script>alert(1)</script>', experiment: '"&<x>' },
    };
    for (const svg of Object.values(draw(hostile))) {
      expect(svg).not.toMatch(/<script|<x>/);
      render(svg);
    }
  });

  it('keep a figure of 9000 windows below half a megabyte', () => {
    const full = syntheticScan({ step: 2.5, injected: 6 });
    expect(full.table.rowCount).toBeGreaterThan(8500);
    for (const [name, svg] of Object.entries(draw(full))) expect(svg.length, name).toBeLessThan(550_000);
  });
});

describe('the PNG of a figure', () => {
  it('is the same every time and uses the bundled font', () => {
    const svg = draw()['limit-x']!;
    expect(Buffer.compare(render(svg), render(svg))).toBe(0);
    const withoutText = svg.replaceAll(/<text.*?<\/text>/g, '');
    expect(render(svg).length).toBeGreaterThan(1.2 * render(withoutText).length);
  });
});

describe('the curve of one window', () => {
  it('is drawn with its limit, shade and remarks', () => {
    const x = Float64Array.from({ length: 100 }, (_, i) => i / 10);
    const y = x.map((value) => Math.exp(-value));
    const svg = drawCurve(
      {
        subject: 'window 7',
        xTitle: '#sigma [fb]',
        yTitle: 'posterior',
        x,
        y,
        shadeTo: 2.3,
        markers: [{ value: 2.3, label: 'limit' }],
        remarks: ['n = 0'],
      },
      PLANE.labels,
    );
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg).toContain('class="shade"');
    expect(svg).toContain('n = 0');
    render(svg);
  });
});
