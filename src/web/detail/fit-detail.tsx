/** What a fit says beside its row of the table: range, quality, uncertainties. */
import type { AnyScanResult } from '../engine/api.ts';
import type { HypothesisDetail } from '../engine/explain.ts';
import { numberText, quantityText } from '../state/number-text.ts';
import { sensitivityText } from './input-facts.ts';
import { NuisanceTable } from './nuisance-table.tsx';

interface Props {
  readonly detail: HypothesisDetail;
  readonly result: AnyScanResult;
}

export function FitDetail({ detail, result }: Props) {
  return (
    <>
      <dl class="detail-facts number">
        {factsOf(detail, result).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <NuisanceTable nuisances={detail.nuisances} />
    </>
  );
}

function factsOf(detail: HypothesisDetail, { table, labels }: AnyScanResult): [name: string, value: string][] {
  const { x, sigma, width, range, nBins, sHat, deviance, dof, pFit, iterations, edm } = detail;
  const unit = table.columns.find(({ name }) => name === 'range_low')?.unit;
  const isElsewhere = table.columns.some(({ name }) => name === 'x');
  const shape: [string, string][] = [
    ...(detail.spectrum === undefined ? [] : [['spectrum', detail.spectrum] as [string, string]]),
    ...(isElsewhere ? [['position', quantityText(x, unit, 5)] as [string, string]] : []),
    ...(width === sigma ? [] : [['width of the signal', quantityText(width, unit, 3)] as [string, string]]),
    ['fitted range', `${numberText(range[0], 5)} to ${quantityText(range[1], unit, 5)}, ${nBins} bins`],
  ];
  const fit: [string, string][] =
    sHat === undefined
      ? []
      : [
          ['fit with signal', `deviance ${numberText(deviance)} / ${dof}, p ${numberText(pFit, 3)}`],
          ['convergence', `${iterations} steps, distance to the minimum ${numberText(edm, 2)}`],
        ];
  return [
    ...shape,
    ...fit,
    ['expected signal', sensitivityText(detail.sensitivity, null, labels.poi)],
    ...(detail.spuriousSignal > 0
      ? [['spurious signal', `± ${numberText(detail.spuriousSignal, 3)} events`] as [string, string]]
      : []),
  ];
}
