/** Which columns are shown, with what they mean. */
import type { TableModel } from './table-model.ts';

export function ColumnChooser({ model }: { readonly model: TableModel }) {
  const shown = new Set(model.shownColumns.value.map(({ name }) => name));
  return (
    <details class="table-columns">
      <summary>{`Columns (${shown.size} of ${model.columns.value.length})`}</summary>
      <fieldset>
        <legend class="hidden-text">columns of the table</legend>
        <button type="button" onClick={() => (model.wanted.value = new Map())}>
          As at first
        </button>
        {model.columns.value.map((column) => (
          <label key={column.name}>
            <input type="checkbox" checked={shown.has(column.name)} onChange={() => model.toggleColumn(column)} />
            <span>
              <strong>{column.name}</strong>
              {column.unit === '' ? '' : ` [${column.unit}]`}: {column.description}
            </span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}
