/** Which window each pixel shows, how windows look, and events over them: pixels without a canvas. */
import { describe, expect, test } from 'vitest';
import { toUnitCircle, windowsOfTable } from '../../src/model/windows-of-table.ts';
import { luminance, significanceMap } from '../../src/report/svg/colour.ts';
import { labelText } from '../../src/report/svg/label.ts';
import { REACH, SAME_PLACE, windowReaches } from '../../src/report/window-reach.ts';
import { blend, drawEvents } from '../../src/web/map/event-raster.ts';
import { mapGeometry, STRIP } from '../../src/web/map/geometry.ts';
import { rasterWindows } from '../../src/web/map/index-raster.ts';
import { isInk, PATTERNS } from '../../src/web/map/patterns.ts';
import { paintPicture } from '../../src/web/map/picture.ts';
import { listQuantities, valuesOf } from '../../src/web/map/quantities.ts';
import { packColour, shadeWindows, type MapPalette } from '../../src/web/map/shading.ts';
import { describeMap, describeWindow } from '../../src/web/map/words.ts';
import { syntheticScan } from '../support/synthetic-scan.ts';
import { intervals, lattice } from './support/lattice.ts';

const PALETTE: MapPalette = {
  dark: false,
  noExcess: '#f1f3f6',
  blankGround: '#ffffff',
  blankInk: '#555555',
  crossGround: '#bdbdbd',
  crossInk: '#333333',
  ok: '#cfe3d4',
};
const Z = { column: 'z', name: 'local Z', title: 'local Z', kind: 'significance' } as const;

describe('the window of a pixel', () => {
  test('is the nearest in units of each window, by comparison with all windows', () => {
    const scan = syntheticScan({ step: 9 });
    const geometry = mapGeometry(scan.table);
    const { windows, reach, full } = geometry;
    const [width, height] = [53, 41];
    const { index } = rasterWindows(geometry, full, width, height, new Float64Array(windows.count));
    const wrong: [number, number][] = [];
    let nShown = 0;
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const x = full[0] + ((column + 0.5) / width) * (full[1] - full[0]);
        const y = full[3] - ((row + 0.5) / height) * (full[3] - full[2]);
        const held = pixelHolds(windows, full, width, height, column, row);
        const found = index[row * width + column];
        const distances = Array.from({ length: windows.count }, (_, i) =>
          Math.hypot(...toUnitCircle(windows, i, x, y)),
        );
        const least = Math.min(...distances.map((d, i) => (d <= reach[i] ? d : Infinity)));
        const shown = found === -1 ? Infinity : distances[found];
        const right = held.length > 0 ? held.includes(found) : shown === least || Math.abs(shown - least) < 1e-9;
        if (!right) wrong.push([column, row]);
        if (found >= 0) nShown++;
      }
    expect(wrong).toEqual([]);
    expect(nShown).toBeGreaterThan(350);
  });

  test('is the preferred one of those whose centres share it: the largest Z does not vanish', () => {
    const geometry = mapGeometry(lattice(40, 40));
    const preference = Float64Array.from({ length: 1600 }, (_, i) => (i === 777 ? 5 : 0));
    expect(rasterWindows(geometry, geometry.full, 7, 7, preference).index).toContain(777);
    expect(rasterWindows(geometry, geometry.full, 7, 7, new Float64Array(1600)).index).not.toContain(777);
  });

  test('does not change when the map is moved by whole pixels', () => {
    const geometry = mapGeometry(lattice(6, 5, 20, { a: 1, b: 0.8 }));
    const preference = new Float64Array(30);
    const still = rasterWindows(geometry, [0, 4, 0, 3], 40, 30, preference).index;
    const moved = rasterWindows(geometry, [0.5, 4.5, 0, 3], 40, 30, preference).index;
    for (let row = 0; row < 30; row++)
      expect([...moved.subarray(row * 40, row * 40 + 35)]).toEqual([...still.subarray(row * 40 + 5, row * 40 + 40)]);
  });

  test('lies in a lane of its own where intervals have one centre, and bands have no gaps', () => {
    const geometry = mapGeometry(intervals([[1, 0.5], [1, 0.2], [2, 0.5], [4, 0.5], [2, 1]])); // prettier-ignore
    expect([...geometry.lane]).toEqual([1, 0, 0, 0, 1]);
    const { index } = rasterWindows(geometry, [1, 2, 0, 1], 10, 2, new Float64Array(5));
    // the upper lane holds the wider ones: 0.5 up to half-way in units of the widths, then 1
    expect([...index.subarray(0, 10)]).toEqual([0, 0, 0, 4, 4, 4, 4, 4, 4, 4]);
    expect(index[10]).toBe(1);
    expect(index[19]).toBe(2);
  });

  test('is the same however far one has zoomed in', () => {
    const geometry = mapGeometry(lattice(3, 3));
    const { index } = rasterWindows(geometry, [0.9999, 1.0001, 0.9999, 1.0001], 20, 20, new Float64Array(9));
    expect(new Set(index)).toEqual(new Set([4]));
  });
});

test('cells reach as far as the nearest centre allows, by comparison with all centres', () => {
  for (const table of [
    syntheticScan({ step: 4, nEvents: 10 }).table,
    syntheticScan({ step: 20 }).table,
    lattice(1, 1),
  ]) {
    const windows = windowsOfTable(table);
    const reach = windowReaches(windows);
    for (let i = 0; i < windows.count; i += 53) {
      let nearest = Infinity;
      for (let j = 0; j < windows.count; j++) {
        const distance = Math.hypot(...toUnitCircle(windows, i, windows.x[j], windows.y[j]));
        if (distance > SAME_PLACE) nearest = Math.min(nearest, distance);
      }
      expect(reach[i]).toBeCloseTo(Math.min(1, REACH * nearest), 9);
    }
  }
});

describe('the look of a window', () => {
  const status = (id: number) => ['ok', 'blind', 'bad-background'][id % 3];
  const table = lattice(6, 5, 0, { status, z: (id) => (id % 2 === 0 ? -1 : id / 10) });

  test('has a reason wherever it has no number, each with its own pattern and count', () => {
    const { patterns, categories, values } = shadeWindows(table, Z, undefined, PALETTE);
    const looks = categories.map(({ label, nWindows, pattern }) => [label, nWindows, pattern]);
    expect(looks).toEqual([['p_{0} = 1', 5, 'plain'], ['blind', 10, 'hatch'], ['no result', 10, 'cross']]); // prettier-ignore
    for (let id = 0; id < 30; id++)
      expect([PATTERNS[patterns[id]], Number.isNaN(values[id])]).toEqual(
        [['plain', id % 2 === 0], ['hatch', true], ['cross', true]][id % 3],
      ); // prettier-ignore
  });

  test('is darker the more significant it is on paper, and brighter on a dark screen', () => {
    const plain = lattice(10, 4, 0, { z: (id) => id / 10 + 0.05 });
    const hex = (packed: number) =>
      `#${[0, 8, 16].map((s) => ((packed >> s) & 255).toString(16).padStart(2, '0')).join('')}`;
    for (const dark of [false, true]) {
      const { grounds } = shadeWindows(plain, Z, undefined, { ...PALETTE, dark });
      const sign = dark ? 1 : -1;
      for (let id = 1; id < 40; id++)
        expect(sign * (luminance(hex(grounds[id])) - luminance(hex(grounds[id - 1])))).toBeGreaterThan(0);
    }
    expect(luminance(significanceMap(-1, 4, true)(0))).toBeLessThan(luminance(significanceMap(-1, 4, true)(0.2)));
  });

  test('a limit has a logarithmic scale where that is worth it, and where it is asked for', () => {
    const { table: limits } = syntheticScan({ step: 12 });
    const limit = { column: 'limit_obs', name: '', title: '', kind: 'limit' } as const;
    const bar = (log?: boolean) => shadeWindows(limits, limit, log, PALETTE).bar!;
    const { low, high, nAbove } = bar();
    expect(bar().log).toBe(high / low > 3);
    expect([bar(true).log, bar(false).log]).toEqual([true, false]);
    expect(valuesOf(limits, 'limit_obs').filter((value) => value > high).length).toBe(nAbove);
  });

  test('a count shows its largest value, starts at zero and knows no blind -1', () => {
    const count = { column: 'n', name: '', title: '', kind: 'amount' } as const;
    const { bar, values } = shadeWindows(table, count, true, PALETTE);
    expect(bar).toMatchObject({ low: 0, high: 3, log: false, whole: true, nAbove: 0 });
    expect(values.filter((value) => Number.isNaN(value)).length).toBe(10);
  });

  test('of every status is a pattern that no other has', () => {
    const { categories } = shadeWindows(table, { ...Z, column: 'status', kind: 'status' }, undefined, PALETTE);
    expect(categories.map(({ label, nWindows }) => [label, nWindows])).toEqual([['ok', 10], ['blind', 10], ['bad-background', 10]]); // prettier-ignore
    expect(new Set(categories.map(({ pattern }) => pattern)).size).toBe(3);
    const drawn = [...PATTERNS.keys()].map((code) => Array.from({ length: 900 }, (_, k) => Number(isInk(code, k % 30, Math.floor(k / 30)))).join('')); // prettier-ignore
    expect(new Set(drawn).size).toBe(PATTERNS.length);
  });
});

test('quantities are the columns that have numbers, limits and couplings included', () => {
  const columns = listQuantities(syntheticScan({ step: 12 })).map(({ column }) => column);
  expect(columns.slice(0, 3)).toEqual(['z', 'limit_obs', 'limit_exp_0']);
  expect(columns.at(-1)).toBe('status');
  const allBlind = listQuantities(syntheticScan({ step: 12, blind: [0, 100] })).map(({ column }) => column);
  expect(allBlind).not.toContain('z');
  expect(allBlind[0]).toBe('limit_exp_0');
});

test('a window in words has units, and a reason where there is no Z', () => {
  const scan = syntheticScan({ step: 12 });
  const { labels, table } = scan;
  const limit = listQuantities(scan)[1];
  const [z, lnP0] = [valuesOf(table, 'z'), valuesOf(table, 'ln_p0')];
  const none = [...z.keys()].find((i) => Number.isNaN(z[i]) && lnP0[i] === 0)!;
  const some = [...z.keys()].find((i) => z[i] > 1)!;
  expect(describeWindow(scan, Z, none)).toMatch(/: local Z = - \(p0 = 1\), n = \d+, b = [\d.]+, status ok$/);
  expect(describeWindow(scan, Z, some)).toContain(`: local Z = ${z[some].toFixed(2)}, `);
  const columns = table.columns.map((column) =>
    column.name === 'limit_obs' ? { ...column, unit: 'fb^{-1}' } : column,
  );
  const inUnits = { ...scan, table: { ...table, columns } };
  expect(describeWindow(inUnits, limit, some)).toMatch(/: observed limit = [\d.]+ fb⁻¹, Z \(marginal\) = /);
  const places = describeWindow(scan, Z, some).split(': ')[0];
  for (const { label, unit } of [labels.x, labels.y!]) {
    expect(places).toContain(`${labelText(label)} = `);
    expect(places).toContain(labelText(unit));
  }
  expect(describeMap(scan, Z, shadeWindows(table, Z, undefined, PALETTE))).toMatch(
    /^Map of \d+ windows, local Z from .* over the median .* to [\d.]+\. p₀ = 1: \d+ windows/,
  );
});

describe('events', () => {
  const WHITE = 0xffffffff;
  const INK = { core: 0xff000000, rim: 0xff0000ff };
  const draw = (x: number[], y: number[] | undefined, view = [0, 10, 0, 10] as const, dpr = 1) => {
    const picture = { pixels: new Uint32Array(400).fill(WHITE), width: 20, height: 20 };
    drawEvents(picture, { x: Float64Array.from(x), y: y && Float64Array.from(y) }, view, dpr, INK);
    return picture.pixels;
  };

  test('are discs with a rim at their place, and nothing outside the view', () => {
    const pixels = draw([5.2, -3, 12], [2.7, 5, 5]);
    expect(pixels[14 * 20 + 10]).toBe(INK.core);
    expect(pixels[14 * 20 + 12]).not.toBe(WHITE);
    expect(pixels.filter((pixel) => pixel !== WHITE).length).toBeLessThan(30);
    expect(draw([], []).every((pixel) => pixel === WHITE)).toBe(true);
  });

  test('of very many, pixels with more are darker', () => {
    const n = 5000;
    const x = Array.from({ length: n }, (_, i) => (i < 4000 ? 2.2 : i < 4900 ? 5.2 : 8.2));
    const pixels = draw(
      x,
      Array.from(x, () => 5.2),
    );
    const [most, many, few] = [4, 10, 16].map((column) => pixels[9 * 20 + column] & 255);
    expect(most).toBe(0);
    expect(many).toBeGreaterThan(most);
    expect(few).toBeGreaterThan(many);
    expect(few).toBeLessThan(255);
  });

  test('of one mass lie in the strip below the band', () => {
    const pixels = draw([5, 5.5, 6], undefined, [0, 10, -STRIP, 1] as never);
    const rows = [...pixels.keys()]
      .filter((pixel) => pixels[pixel] === INK.core)
      .map((pixel) => Math.floor(pixel / 20));
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(Math.floor((20 * 1) / (1 + STRIP)));
  });

  test('blend by their opacity, channel by channel', () => {
    expect(blend(0xff102030, 0xff90a0b0, 256)).toBe(0xff90a0b0);
    expect(blend(0xff102030, 0xff90a0b0, 0)).toBe(0xff102030);
    expect(blend(0xffffffff, 0xff000000, 128)).toBe(0xff7f7f7f);
    expect(blend(0xff0000ff, 0xffff0000, 64)).toBe(0xff3f00bf);
  });
});

test('a picture has the colour of the window in each pixel, its pattern, paper elsewhere, events on top', () => {
  const table = lattice(2, 2, 0, { a: 0.6, b: 0.6, status: (id) => (id === 0 ? 'blind' : 'ok'), z: () => 2 });
  const geometry = mapGeometry(table);
  const shading = shadeWindows(table, Z, undefined, PALETTE);
  const pixels = new Uint32Array(60 * 60);
  const paper = packColour('#123456');
  const { index } = paintPicture(pixels, {
    geometry,
    shading,
    view: geometry.full,
    width: 60,
    height: 60,
    dpr: 1,
    paper,
    events: { x: Float64Array.of(1), y: Float64Array.of(1) },
    eventInk: { core: packColour('#010203'), rim: packColour('#fefdfc') },
  });
  const of = (id: number) => new Set([...index.keys()].filter((k) => index[k] === id).map((k) => pixels[k]));
  expect(of(-1)).toEqual(new Set([paper]));
  expect(of(0)).toEqual(new Set([packColour('#ffffff'), packColour('#555555')]));
  expect(of(1)).toEqual(new Set([shading.grounds[1]]));
  expect(of(3)).toContain(packColour('#010203'));
});

function pixelHolds(
  { count, x, y }: ReturnType<typeof windowsOfTable>,
  [left, right, low, high]: readonly [number, number, number, number],
  width: number,
  height: number,
  column: number,
  row: number,
): number[] {
  return Array.from({ length: count }, (_, i) => i).filter(
    (i) =>
      Math.floor(((x[i] - left) / (right - left)) * width) === column &&
      Math.floor(((high - y[i]) / (high - low)) * height) === row,
  );
}
