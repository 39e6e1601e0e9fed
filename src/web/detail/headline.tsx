/** The numbers one looks at first, large. */
import { labelText } from '../../report/svg/label.ts';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';
import { fixedText, numberText, probabilityText, quantityText, withErrorText } from '../state/number-text.ts';
import { limitFacts, numberAt, p0Facts } from './row-facts.ts';

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

export function Headline({ result, row }: { readonly result: AnyScanResult; readonly row: number }) {
  return (
    <>
      <p class="detail-place number">{placeOf(result, row).join(', ')}</p>
      <dl class="detail-tiles">
        {tilesOf(result, row).map(({ name, value, note }) => (
          <div key={name}>
            <dt>{name}</dt>
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
        { name: 'signal Ŝ', value: withErrorText(number('s_hat'), number('s_err'), 3), note: 'events' },
        { name: 'background', value: numberText(number('b_hat'), 3), note: 'in ± 2 widths' },
      ]
    : [
        { name: 'observed', value: number('n') === -1 ? 'blind' : numberText(number('n'), 15) },
        { name: 'background', value: withErrorText(number('bkg'), number('bkg_err'), 3) },
      ];
  return [
    ...counts,
    { name: 'local Z', value: fixedText(p0.z) },
    { name: 'local p₀', value: probabilityText(p0.lnP) },
    ...(limit === undefined
      ? []
      : [
          {
            name: `limit on ${labelText(result.labels.poi.label)}`,
            value: quantityText(limit.observed, limit.unit, 3),
            note: limit.observed === undefined ? `expected ${quantityText(limit.expected[2], limit.unit, 3)}` : '',
          },
        ]),
  ];
}

/** Where it is and how large, in the labels of the card. */
function placeOf(result: AnyScanResult, row: number): string[] {
  const { labels, table } = result;
  const number = (name: string) => numberAt(table, name, row);
  const x = `${labelText(labels.x.label)} = `;
  if (isSpectrumResult(result)) {
    const unit = table.columns.find(({ name }) => name === 'sigma')?.unit;
    return [
      `${x}${quantityText(number('mass'), labels.x.unit, 5)}`,
      `resolution ${quantityText(number('sigma'), unit, 3)}`,
    ];
  }
  if (labels.y === undefined) {
    return [`${x}${quantityText(number('x'), labels.x.unit, 5)} ± ${quantityText(number('a'), labels.x.unit, 3)}`];
  }
  const axes = `half-axes ${numberText(number('a'), 3)} and ${numberText(number('b'), 3)} at ${numberText(number('phi_deg'), 3)}°`;
  return [
    `${x}${quantityText(number('x'), labels.x.unit, 5)}`,
    `${labelText(labels.y.label)} = ${quantityText(number('y'), labels.y.unit, 5)}`,
    axes,
  ];
}
