/** Which columns are shown, with what they mean. */
import { useEffect, useRef } from 'preact/hooks';
import type { TableModel } from './table-model.ts';

export function ColumnChooser({ model }: { readonly model: TableModel }) {
  const shown = new Set(model.shownColumns.value.map(({ name }) => name));
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = ({ target }: Event): void => {
      if (!box.current!.contains(target as Node)) box.current!.open = false;
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, []);
  const onKeyDown = ({ key, currentTarget }: { key: string; currentTarget: HTMLDetailsElement }): void => {
    if (key !== 'Escape') return;
    currentTarget.open = false;
    currentTarget.querySelector('summary')!.focus();
  };
  return (
    <details ref={box} class="table-columns" onKeyDown={onKeyDown}>
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
