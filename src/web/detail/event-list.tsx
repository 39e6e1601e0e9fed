/** The events inside a window: how many, and the first of them. */
import { labelText, withUnit } from '../../report/svg/label.ts';
import type { PlotLabels } from '../../model/result.ts';
import type { EventsInside } from '../engine/explain.ts';
import { numberText } from '../state/number-text.ts';

interface Props {
  readonly events: EventsInside;
  /** null where blind. */
  readonly n: number | null;
  readonly labels: PlotLabels;
}

export function EventList({ events: { count, x, y }, n, labels }: Props) {
  if (n === null) return <p>Blind: the events inside are not shown.</p>;
  if (n === 0) return <p>No event inside.</p>;
  const hidden = n > count ? `, ${n - count} of them in a blind region` : '';
  const first = count > x.length ? `, the first ${x.length}` : '';
  return (
    <details class="detail-events">
      <summary>{`${n} ${n === 1 ? 'event' : 'events'} inside${hidden}${first}`}</summary>
      <div class="detail-scroll" tabIndex={0} role="region" aria-label="events inside">
        <table class="detail-table">
          <thead>
            <tr>
              <th scope="col">{labelText(withUnit(labels.x))}</th>
              {labels.y !== undefined && <th scope="col">{labelText(withUnit(labels.y))}</th>}
            </tr>
          </thead>
          <tbody>
            {x.map((value, i) => (
              <tr key={i}>
                <td>{numberText(value, 7)}</td>
                {y.length > 0 && <td>{numberText(y[i], 7)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
