/** How significant the best window or hypothesis of a toy is, and where the data are among them. */
import type { MaxZHistogram } from '../../report/max-z-histogram.ts';
import { fixedText, numberText } from '../state/number-text.ts';
import { maxZPicture, PICTURE } from './max-z-picture.ts';
import { countText } from './toys-words.ts';

export interface MaxZChartProps {
  readonly histogram: MaxZHistogram;
  readonly nToys: number;
  readonly nReached: number;
  /** Of the data. */
  readonly zLocal: number | null;
}

export function MaxZChart({ histogram, nToys, nReached, zLocal }: MaxZChartProps) {
  const { width, height, left, right, top, bottom } = PICTURE;
  const { steps, reached, data, x, y, minorX, minorY } = maxZPicture(histogram, zLocal);
  const words = `${countText(nToys)} toys; ${countText(nReached)} are at or above the data${zLocal === null ? '' : `, Z = ${fixedText(zLocal)}`}`;
  const { outside } = histogram;
  return (
    <figure class="toys-chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`Largest local Z of a toy: ${words}`}>
        <path class="toys-all" d={steps} />
        <path class="toys-reached" d={reached} />
        {data !== undefined && <line class="toys-data" x1={data} x2={data} y1={top} y2={bottom} />}
        <path class="toys-axis" d={`M${left},${top}V${bottom}H${right}`} />
        {minorX.map((at) => (
          <line key={at} class="toys-axis" x1={at} x2={at} y1={bottom} y2={bottom - 3} />
        ))}
        {minorY.map((at) => (
          <line key={at} class="toys-axis" x1={left} x2={left + 3} y1={at} y2={at} />
        ))}
        {x.map(({ at, label }) => (
          <g key={at}>
            <line class="toys-axis" x1={at} x2={at} y1={bottom} y2={bottom - 6} />
            <text x={at} y={bottom + 13} text-anchor="middle">
              {label}
            </text>
          </g>
        ))}
        {y.map(({ at, label }) => (
          <g key={at}>
            <line class="toys-axis" x1={left} x2={left + 6} y1={at} y2={at} />
            <text x={left - 5} y={at + 3.5} text-anchor="end">
              {label}
            </text>
          </g>
        ))}
        <text x={right} y={height - 8} text-anchor="end">
          largest local Z of a toy
        </text>
        <text x={-top} y={12} text-anchor="end" transform="rotate(-90)">
          toys per {numberText(histogram.width)}
        </text>
      </svg>
      <figcaption>
        <span class="key all">toys</span>
        <span class="key reached">as significant as the data or more</span>
        {zLocal !== null && <span class="key data">data, Z = {fixedText(zLocal)}</span>}
        {outside > 0 && <span class="muted">not drawn: {countText(outside)} toys without an excess</span>}
      </figcaption>
      <Numbers histogram={histogram} />
    </figure>
  );
}

/** The picture in numbers. */
function Numbers({ histogram: { low, width, toys } }: { readonly histogram: MaxZHistogram }) {
  const rows = toys.map((n, bin) => ({ from: low + bin * width, n })).filter(({ n }) => n > 0);
  return (
    <details>
      <summary>
        Numbers<span class="hidden-text"> of the largest Z of a toy</span>
      </summary>
      <div class="toys-numbers" tabIndex={0} role="group" aria-label="toys by their largest local Z">
        <table class="toys-table">
          <thead>
            <tr>
              <th scope="col">largest Z</th>
              <th scope="col">toys</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ from, n }) => (
              <tr key={from}>
                <th scope="row">
                  {fixedText(from, 1)} to {fixedText(from + width, 1)}
                </th>
                <td>{countText(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
