/** S over its error against the mass: what every fit found, deficits too. */
import { numbersOf } from '../../model/result.ts';
import { drawLine } from '../figures/bands.ts';
import { linesByMass, massAxis } from '../figures/mass-axis.ts';
import type { MassScan } from '../figures/mass-scan.ts';
import { badgeMarks, drawBadges } from '../figures/badges.ts';
import { element } from '../svg/element.ts';
import { figure, WIDE_BOX } from '../svg/frame.ts';
import { withUnit } from '../svg/label.ts';
import { freeCorner, legend, type LegendEntry } from '../svg/legend.ts';
import { linearScale } from '../svg/scale.ts';

const LINE = { stroke: '#1b3f8b', 'stroke-width': '1.5' };
const BANDS = [
  { reach: 2, label: '± 2', style: { fill: '#e9edf2' } },
  { reach: 1, label: '± 1', style: { fill: '#cfd8e3' } },
];
const LEAST = 3;

export function drawPullScan({ table, labels, top, noun }: MassScan): string {
  const mass = numbersOf(table, 'mass');
  const [sHat, sErr] = [numbersOf(table, 's_hat'), numbersOf(table, 's_err')];
  const pulls = Float64Array.from(sHat, (value, i) => (sErr[i] > 0 ? value / sErr[i] : NaN));
  const lines = linesByMass(table, 'mass').map((rows) =>
    rows.map((row) => ({ low: mass[row], high: mass[row], pull: pulls[row] })),
  );
  const x = massAxis(mass, WIDE_BOX);
  const ends = [-LEAST, LEAST];
  for (const pull of pulls) if (!Number.isNaN(pull)) ends.push(pull);
  const [low, high] = ends.reduce(([least, most], pull) => [Math.min(least, pull), Math.max(most, pull)], [0, 0]);
  const margin = 0.1 * (high - low);
  const y = linearScale([low - margin, high + margin], [WIDE_BOX.bottom, WIDE_BOX.top], 8);
  const missing = pulls.filter(Number.isNaN).length;
  const entries: LegendEntry[] = [
    { key: 'line', label: 'Ŝ / error of the fit', style: LINE },
    ...BANDS.map(({ label, style }): LegendEntry => ({ key: 'box', label, style })),
    ...(missing === 0 ? [] : [{ key: 'none', label: `${missing} ${noun} without an error` } as const]),
  ];
  const marked = top.map(({ row }, i) => ({ row, rank: i + 1 })).filter(({ row }) => !Number.isNaN(pulls[row]));
  const drawn = lines.flat().filter(({ pull }) => !Number.isNaN(pull));
  const places = drawn.map((point): [number, number] => [x.position(point.low), y.position(point.pull)]);
  const discs = [{ box: WIDE_BOX, x, y }, { x: mass, y: pulls }, marked.map(({ row }) => row)] as const;
  const ranks = marked.map(({ rank }) => rank);
  places.push(...badgeMarks(...discs));
  return figure({
    axes: { box: WIDE_BOX, x, y, xTitle: withUnit(labels.x), yTitle: 'Ŝ / error' },
    labels,
    subject: `fitted signal over its error, ${table.rowCount} ${noun}`,
    description: `Signal over its error against the mass, ${drawn.length} ${noun} from ${low.toFixed(2)} to ${high.toFixed(2)}; bands at 1 and 2.`,
    marks: [
      ...BANDS.map(({ reach, style }) => {
        const [from, to] = [y.position(reach), y.position(-reach)];
        return element('rect', { x: WIDE_BOX.left, y: from, width: WIDE_BOX.right - WIDE_BOX.left, height: to - from, ...style }); // prettier-ignore
      }),
      element('path', { d: `M${WIDE_BOX.left} ${y.position(0).toFixed(1)}H${WIDE_BOX.right}`, stroke: '#777' }),
      ...lines.map((line) => drawLine(line, ({ pull }) => pull, x, y, LINE)),
    ],
    extras: [legend(...freeCorner(WIDE_BOX, entries, places), entries), drawBadges(...discs, ranks)],
  });
}
