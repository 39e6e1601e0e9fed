/** Which rows: by status, by a text or condition, the extreme ones; and how many that are. */
import type { Extreme, TableModel } from './table-model.ts';

const EXTREMES: readonly { readonly extreme: Extreme; readonly words: string }[] = [
  { extreme: 'all', words: 'all' },
  { extreme: 'significant', words: '10 most significant' },
  { extreme: 'worst limits', words: '10 worst limits' },
];

export function RowFilters({ model }: { readonly model: TableModel }) {
  const { status, statuses, filter, extreme, shown, result } = model;
  const { rows, problem, nUndecided } = shown.value;
  const nAll = result.value?.table.rowCount ?? 0;
  const undecided = nUndecided === 0 ? '' : `, ${nUndecided} left out that have no such number`;
  return (
    <div class="table-filters">
      <label>
        <span>rows</span>
        <select
          value={extreme.value}
          onChange={({ currentTarget }) => model.showExtreme(currentTarget.value as Extreme)}
        >
          {EXTREMES.map((one) => (
            <option key={one.extreme} value={one.extreme}>
              {one.words}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>status</span>
        <select value={status.value} onChange={({ currentTarget }) => (status.value = currentTarget.value)}>
          <option value="">any</option>
          {statuses.value.map(([name, count]) => (
            <option key={name} value={name}>{`${name} (${count})`}</option>
          ))}
        </select>
      </label>
      <label class="table-filter">
        <span>filter</span>
        <input
          type="search"
          value={filter.value}
          placeholder="id, text, or z > 2 && n >= 3"
          aria-invalid={problem !== undefined}
          aria-describedby="table-shown"
          onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
        />
      </label>
      <p id="table-shown" role="status" class={problem === undefined ? 'muted number' : 'table-problem'}>
        {problem ?? `${rows.length} of ${nAll} ${model.noun}${undecided}`}
      </p>
    </div>
  );
}
