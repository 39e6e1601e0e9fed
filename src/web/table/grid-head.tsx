/** Heads of the columns: name and unit; a click sorts by it. */
import type { TableColumn } from './columns.ts';
import type { TableModel } from './table-model.ts';

interface Props {
  readonly model: TableModel;
  readonly columns: readonly TableColumn[];
}

export function GridHead({ model, columns }: Props) {
  const { column: sorted, descending } = model.sorting.value;
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => {
          const { name, unit, description, isText } = column;
          const isSorted = name === sorted;
          return (
            <th
              key={name}
              scope="col"
              class={isText ? 'words' : undefined}
              aria-sort={isSorted ? (descending ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" title={description} onClick={() => model.sortBy(column)}>
                {name}
                <span aria-hidden="true">{isSorted ? (descending ? ' ▾' : ' ▴') : ''}</span>
                <small>{unit}</small>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
