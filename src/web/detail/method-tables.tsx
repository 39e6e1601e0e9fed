/** p0, limits and couplings of every method, from the table. */
import { RootLabel } from '../components/root-label.tsx';
import type { AnyScanResult } from '../engine/api.ts';
import { fixedText, numberText, probabilityText } from '../state/number-text.ts';
import { couplingFacts, limitFacts, p0Facts } from './row-facts.ts';

interface Props {
  readonly result: AnyScanResult;
  readonly row: number;
}

export function P0Table({ result, row }: Props) {
  return (
    <table class="detail-table">
      <caption>Local significance</caption>
      <thead>
        <tr>
          <th scope="col" class="words">
            method
          </th>
          <th scope="col">p₀</th>
          <th scope="col">ln p₀</th>
          <th scope="col">Z</th>
        </tr>
      </thead>
      <tbody>
        {p0Facts(result, row).map(({ method, lnP, z }) => (
          <tr key={method}>
            <th scope="row">{method}</th>
            <td>{probabilityText(lnP)}</td>
            <td>{fixedText(lnP, 3)}</td>
            <td>{fixedText(z, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const QUANTILES = ['−2σ', '−1σ', 'median', '+1σ', '+2σ'];

export function LimitTable({ result, row }: Props) {
  const limits = limitFacts(result, row);
  if (limits.length === 0) return null;
  const { label, unit } = result.labels.poi;
  return (
    <>
      <table class="detail-table">
        <caption>
          Upper limits on <RootLabel label={label} /> in <RootLabel label={unit} />
        </caption>
        <thead>
          <tr>
            <th scope="col">observed</th>
            {QUANTILES.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {limits.map(({ method, levelLabel, observed, expected }) => (
          <tbody key={`${method} ${levelLabel}`}>
            <tr>
              <th scope="rowgroup" colSpan={6}>
                {method}, {levelLabel}
              </th>
            </tr>
            <tr>
              <td class="strong">{numberText(observed, 3)}</td>
              {expected.map((value, q) => (
                <td key={QUANTILES[q]}>{numberText(value, 3)}</td>
              ))}
            </tr>
          </tbody>
        ))}
      </table>
      <Couplings result={result} row={row} />
    </>
  );
}

function Couplings({ result, row }: Props) {
  const couplings = couplingFacts(result, row);
  if (couplings.length === 0) return null;
  return (
    <table class="detail-table">
      <caption>The first limit as one on</caption>
      <thead>
        <tr>
          <th scope="col" class="words">
            coupling
          </th>
          <th scope="col">observed</th>
          <th scope="col">median expected</th>
        </tr>
      </thead>
      <tbody>
        {couplings.map(({ label, observed, expected }) => (
          <tr key={label}>
            <th scope="row">
              <RootLabel label={label} />
            </th>
            <td class="strong">{numberText(observed, 3)}</td>
            <td>{numberText(expected, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
