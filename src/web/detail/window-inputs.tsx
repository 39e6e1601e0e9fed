/** What the numbers of a window come from: backgrounds, signal, nuisances; its posterior; the events inside. */
import type { AnyScanResult } from '../engine/api.ts';
import type { WindowDetail } from '../engine/explain.ts';
import { numberText } from '../state/number-text.ts';
import { componentFacts, sensitivityText } from './input-facts.ts';
import { EventList } from './event-list.tsx';
import { NuisanceTable } from './nuisance-table.tsx';
import { PosteriorPlot } from './posterior-plot.tsx';

interface Props {
  readonly detail: WindowDetail;
  readonly result: AnyScanResult;
}

export function WindowInputs({ detail, result }: Props) {
  const { components, sensitivity, sensitivityError, efficiency, nuisances, expectedCounts } = detail;
  return (
    <>
      <PosteriorPlot detail={detail} result={result} />
      <EventList events={detail.events} n={detail.n} labels={result.labels} />
      <table class="detail-table">
        <caption>Expected background</caption>
        <tbody>
          {components.map((component) => (
            <tr key={component.name}>
              <th scope="row">
                {component.name} <small>{componentFacts(component)}</small>
              </th>
              <td>{numberText(component.expected)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="number">
        Counts of the background alone at the quantiles of the expected limits: {expectedCounts.join(', ')}. Expected
        signal: {sensitivityText(sensitivity, sensitivityError, result.labels.poi)}, efficiency{' '}
        {numberText(efficiency, 3)}.
      </p>
      <NuisanceTable nuisances={nuisances} />
    </>
  );
}
