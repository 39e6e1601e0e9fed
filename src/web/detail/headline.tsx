/** The numbers one looks at first, large. */
import type { QuantityLabel } from '../../model/result.ts';
import { RootLabel } from '../components/root-label.tsx';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';
import { fixedText, numberText, probabilityText, quantityText, withErrorText } from '../state/number-text.ts';
import { limitFacts, numberAt, p0Facts } from './row-facts.ts';

interface Tile {
  /** ROOT-like. */
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

export function Headline({ result, row }: { readonly result: AnyScanResult; readonly row: number }) {
  return (
    <>
      <p class="detail-place number">
        <RootLabel label={placeOf(result, row)} />
      </p>
      <dl class="detail-tiles">
        {tilesOf(result, row).map(({ name, value, note }) => (
          <div key={name}>
            <dt>
              <RootLabel label={name} />
            </dt>
            <dd class="number">
              {value}
              {note && <small> {note}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function tilesOf(result: AnyScanResult, row: number): Tile[] {
  const number = (name: string) => numberAt(result.table, name, row);
  const [p0] = p0Facts(result, row);
  const [limit] = limitFacts(result, row);
  const counts: Tile[] = isSpectrumResult(result)
    ? [
        {
          name: 'signal Ŝ',
          value: withErrorText(number('s_hat'), number('s_err'), 3),
          note: noteOf(number('s_hat'), 'events'),
        },
        { name: 'background', value: numberText(number('b_hat'), 3), note: noteOf(number('b_hat'), 'in ± 2 widths') },
      ]
    : [
        { name: 'observed', value: number('n') === -1 ? 'blind' : numberText(number('n'), 15) },
        { name: 'background', value: withErrorText(number('bkg'), number('bkg_err'), 3) },
      ];
  return [
    ...counts,
    { name: 'local Z', value: fixedText(p0.z) },
    { name: 'local p_{0}', value: probabilityText(p0.lnP) },
    ...(limit === undefined
      ? []
      : [
          {
            name: `limit on ${result.labels.poi.label}`,
            value: quantityText(limit.observed, limit.unit, 3),
            note: limit.observed === undefined ? `expected ${quantityText(limit.expected[2], limit.unit, 3)}` : '',
          },
        ]),
  ];
}

/** What belongs to a number is left out where there is none. */
function noteOf(value: number | undefined, note: string): string {
  return value === undefined ? '' : note;
}

/** Where it is and how large, in the labels of the card; ROOT-like. */
function placeOf(result: AnyScanResult, row: number): string {
  const { labels, table } = result;
  const number = (name: string) => numberAt(table, name, row);
  const at = ({ label, unit }: QuantityLabel, name: string) => `${label} = ${quantityText(number(name), unit, 5)}`;
  if (isSpectrumResult(result)) {
    const unit = table.columns.find(({ name }) => name === 'sigma')?.unit;
    return `${at(labels.x, 'mass')}, resolution ${quantityText(number('sigma'), unit, 3)}`;
  }
  if (labels.y === undefined) return `${at(labels.x, 'x')}, half-width ${quantityText(number('a'), labels.x.unit, 3)}`;
  const [a, b, phi] = ['a', 'b', 'phi_deg'].map((name) => numberText(number(name), 3));
  return `${at(labels.x, 'x')}, ${at(labels.y, 'y')}, half-axes ${a} and ${b} at ${phi}°`;
}
