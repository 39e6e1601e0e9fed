/** The numbers of a chart as a table, for people who do not see it and people who copy. */
import { useSignal } from '@preact/signals';
import { labelText } from '../../report/svg/label.ts';
import type { ChartModel } from './chart-model.ts';
import { chartTable } from './chart-table.ts';

/** More rows are in the table of the whole scan, or come into view by zooming. */
const MOST_ROWS = 1000;

interface Props {
  readonly name: string;
  readonly model: ChartModel;
  /** Where there are several beside each other. */
  readonly showsName?: boolean;
}

export function DataTwin({ name, model, showsName = false }: Props) {
  const isOpen = useSignal(false);
  return (
    <details class="chart-data" onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>
        Numbers<span class={showsName ? '' : 'hidden-text'}> of {name}</span>
      </summary>
      {isOpen.value && <Rows model={model} />}
    </details>
  );
}

function Rows({ model }: { readonly model: ChartModel }) {
  const { head, rows } = chartTable(model);
  return (
    <div class="chart-rows" tabIndex={0} role="group" aria-label="numbers">
      {rows.length > MOST_ROWS && (
        <p class="muted">
          The first {MOST_ROWS} of {rows.length} rows in view; zoom to see others.
        </p>
      )}
      <table class="number">
        <thead>
          <tr>
            {head.map((label, k) => (
              <th key={k} scope="col">
                {labelText(label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((cells, i) => (
            <tr key={i}>
              {cells.map((cell, k) => (
                <td key={k}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
