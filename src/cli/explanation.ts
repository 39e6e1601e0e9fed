/** One window in full as text for people. */
import type { Card } from '../model/card.ts';
import { alignColumns } from '../report/compare.ts';
import { labelText } from '../report/svg/label.ts';
import { probabilityText } from '../report/summary-text.ts';
import type { WindowExplanation } from '../scan/explain-window.ts';

const BAR_WIDTH = 40;

export function explanationText(e: WindowExplanation, card: Card): string {
  const shape =
    e.y === undefined
      ? `x = ${short(e.x)} +- ${short(e.a)}`
      : `(x, y) = (${short(e.x)}, ${short(e.y)}), half-axes ${short(e.a)} and ${short(e.b!)}, a at ${short(e.phiDeg!)} deg`;
  const poi = { name: labelText(card.signal.poi.name), unit: labelText(card.signal.poi.unit) };
  const lines = [
    `window ${e.window} of ${card.name}: ${shape}`,
    `status ${e.status === 'ok' ? 'ok' : e.status.toUpperCase()}`,
    '',
    `observed events    ${e.n ?? 'blind'}`,
    `background         ${short(e.background)} +- ${short(e.backgroundError)}`,
    ...table(e.components.map(({ name, kind, expected, ...rest }) => [`${name}`, short(expected), kind, facts(rest)])),
    `signal             ${short(e.sensitivity)} +- ${short(e.sensitivityError)} events per ${poi.unit} (efficiency ${short(e.efficiency)})`,
    ...(e.nuisances.length > 0 ? ['', 'nuisances (relative size up, down)'] : []),
    ...table(
      e.nuisances.flatMap(({ name, constraint, effects }) =>
        effects.map(({ target, up, down }) => [name, constraint, `on ${target}`, short(up), short(down)]),
      ),
    ),
    '',
    ...e.p0.map(
      ({ method, lnP0, z }) =>
        `local p0 (${method}): ${lnP0 === null ? '-' : probabilityText(lnP0)}, Z = ${z === null ? '-' : z.toFixed(4)}`,
    ),
    `background-only counts at the five quantiles: ${e.expectedCounts.join(', ')}`,
    ...e.limits.flatMap((limit) => limitLines(limit, poi.name, poi.unit)),
  ];
  return lines.join('\n');
}

function limitLines(
  { method, levelLabel, observed, expected, posterior }: WindowExplanation['limits'][number],
  name: string,
  unit: string,
): string[] {
  const most = posterior.reduce((largest, { poi }) => Math.max(largest, poi ?? 0), 0);
  const bars = posterior.map(({ probability, poi }) => [
    `P = ${probability}`,
    short(poi),
    '#'.repeat(most > 0 ? Math.round((BAR_WIDTH * (poi ?? 0)) / most) : 0),
  ]);
  return [
    '',
    `upper limit on ${name} (${method}, ${levelLabel}): ${short(observed)} ${unit}`,
    `expected: ${expected.map(short).join(', ')} ${unit}`,
    ...(bars.length > 0 ? [`posterior, P(${name} <= value)`] : []),
    ...table(bars),
  ];
}

const table = (rows: string[][]): string[] => (rows.length === 0 ? [] : alignColumns(rows).map((line) => `  ${line}`));

const facts = (values: object): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${short(value as number)}`)
    .join(', ');

function short(value: number | null): string {
  return value === null || Number.isNaN(value) ? '-' : String(+value.toPrecision(6));
}
