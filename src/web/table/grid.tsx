/**
 * The rows themselves: a grid with one focus (the active row), of which only the rows in view are elements. Up and down
 * move, Enter pins, Escape unpins; what is hovered or pinned elsewhere is marked, and scrolled to when it is pinned.
 */
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Page } from '../state/page.ts';
import type { TableColumn } from './columns.ts';
import { GridHead } from './grid-head.tsx';
import { moved } from './moved.ts';
import type { TableModel } from './table-model.ts';
import { ROW_HEIGHT, scrollTo, visibleRows } from './visible-rows.ts';

interface Props {
  readonly page: Page;
  readonly model: TableModel;
  readonly title: string;
}

/** px; as in table.css. */
const HEAD_HEIGHT = 42;
/** Characters of padding, and of bold figures being wider. */
const ROOM = 2.4;

export function Grid({ page, model, title }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scrollTop = useSignal(0);
  const viewHeight = useSignal(300);
  const { rows } = model.shown.value;
  const drawn = useComputed(() => visibleRows(model.shown.value.rows.length, scrollTop.value, viewHeight.value));
  // bound as a signal: pointing at a row draws nothing anew
  const active = useComputed(() => {
    const row = page.shown.value;
    const at = row === undefined ? -1 : model.shown.value.rows.indexOf(row);
    return at >= drawn.value.first && at < drawn.value.last ? `table-row-${row}` : undefined;
  });
  const columns = model.shownColumns.value;

  const show = (row: number): void => {
    const at = model.shown.peek().rows.indexOf(row);
    const nRows = model.shown.peek().rows.length;
    if (at >= 0) box.current!.scrollTop = scrollTo(at, nRows, box.current!.scrollTop, viewHeight.peek());
  };
  useEffect(() => {
    const node = box.current!;
    const observer = new ResizeObserver(() => (viewHeight.value = node.clientHeight - HEAD_HEIGHT));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  useSignalEffect(() => {
    if (page.pinned.value !== undefined) show(page.pinned.value);
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const row = page.shown.peek();
    if (event.key === 'Escape') page.pinned.value = undefined;
    else if (event.key === 'Enter' || event.key === ' ') page.pinned.value = row;
    else {
      const inView = Math.max(1, Math.floor(viewHeight.peek() / ROW_HEIGHT) - 1);
      const next = moved(rows, row, event.key, inView);
      if (next === undefined) return;
      page.hovered.value = next;
      show(next);
    }
    event.preventDefault();
  };

  const { first, last, before, after } = drawn.value;
  const width = columns.reduce((sum, column) => sum + column.width + ROOM, 0);
  return (
    <div
      ref={box}
      class="table-box"
      onScroll={({ currentTarget }) => (scrollTop.value = currentTarget.scrollTop)}
      onPointerLeave={() => (page.hovered.value = undefined)}
    >
      <table
        class="table-grid"
        role="grid"
        aria-label={title}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={active}
        tabIndex={0}
        style={{ width: `${width}ch` }}
        onKeyDown={onKeyDown}
        onBlur={() => (page.hovered.value = undefined)}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.name} style={{ width: `${column.width + ROOM}ch` }} />
          ))}
        </colgroup>
        <GridHead model={model} columns={columns} />
        <tbody>
          <tr aria-hidden="true" style={{ height: `${before}px` }} />
          {Array.from(rows.subarray(first, last), (row, i) => (
            <Row key={row} page={page} row={row} columns={columns} index={first + i + 2} />
          ))}
          <tr aria-hidden="true" style={{ height: `${after}px` }} />
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly page: Page;
  readonly row: number;
  readonly columns: readonly TableColumn[];
  /** From 1, the head included. */
  readonly index: number;
}

function Row({ page, row, columns, index }: RowProps) {
  const marks = useComputed(
    () => `${page.hovered.value === row ? 'hovered ' : ''}${page.pinned.value === row ? 'pinned' : ''}`,
  );
  const selected = useComputed(() => page.pinned.value === row);
  return (
    <tr
      id={`table-row-${row}`}
      class={marks}
      aria-rowindex={index}
      aria-selected={selected}
      onPointerEnter={() => (page.hovered.value = row)}
      onClick={() => (page.pinned.value = page.pinned.peek() === row ? undefined : row)}
    >
      {columns.map(({ name, isText, text }) => (
        <td key={name} class={isText ? 'words' : undefined}>
          {text(row)}
        </td>
      ))}
    </tr>
  );
}
