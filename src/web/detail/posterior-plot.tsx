/** The posterior of the POI, or its likelihood where the card asks for no Bayesian limit, with the limit in it. */
import { labelText, withUnit } from '../../report/svg/label.ts';
import type { AnyScanResult } from '../engine/api.ts';
import type { WindowDetail } from '../engine/explain.ts';
import { numberText, quantityText } from '../state/number-text.ts';
import { PICTURE, posteriorPicture } from './posterior-picture.ts';

interface Props {
  readonly detail: WindowDetail;
  readonly result: AnyScanResult;
}

export function PosteriorPlot({ detail: { posterior, limits }, result: { labels } }: Props) {
  if (posterior === undefined) return null;
  const limit = limits.find(({ method }) => method === 'bayes') ?? limits[0];
  const [observed, expected] = [limit?.observed ?? undefined, limit?.expected[2] ?? undefined];
  const { line, area, ticks, minorTicks, ...at } = posteriorPicture(posterior, { observed, expected });
  const { width, height, left, right, top, bottom } = PICTURE;
  const isPosterior = limit?.method === 'bayes';
  const what = isPosterior ? 'Posterior' : 'Likelihood, nuisances integrated,';
  const name = labelText(labels.poi.label);
  const words =
    limit === undefined
      ? ''
      : `${limit.levelLabel} limit ${quantityText(observed, labels.poi.unit, 3)}, median expected ${quantityText(expected, labels.poi.unit, 3)}`;
  return (
    <figure class="posterior">
      <figcaption>{`${what} of ${name}`}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${what} of ${name}: ${words}`}>
        {isPosterior && <path class="posterior-area" d={area} />}
        <path class="posterior-line" d={line} />
        {at.expected !== undefined && (
          <line class="posterior-expected" x1={at.expected} x2={at.expected} y1={top} y2={bottom} />
        )}
        {at.observed !== undefined && (
          <line class="posterior-observed" x1={at.observed} x2={at.observed} y1={top} y2={bottom} />
        )}
        <path class="posterior-axis" d={`M${left},${bottom}H${right}`} />
        {minorTicks.map((x) => (
          <line key={x} class="posterior-axis" x1={x} x2={x} y1={bottom} y2={bottom - 3} />
        ))}
        {ticks.map(({ x, label }) => (
          <g key={x}>
            <line class="posterior-axis" x1={x} x2={x} y1={bottom} y2={bottom - 6} />
            <text x={x} y={bottom + 14} text-anchor="middle">
              {label}
            </text>
          </g>
        ))}
        <text x={right} y={height - 5} text-anchor="end">
          {labelText(withUnit(labels.poi))}
        </text>
      </svg>
      {limit !== undefined && (
        <p class="posterior-legend number">
          <span class="key observed">{`limit, ${limit.levelLabel}: ${numberText(observed, 3)}`}</span>
          <span class="key expected">{`median expected: ${numberText(expected, 3)}`}</span>
        </p>
      )}
    </figure>
  );
}
