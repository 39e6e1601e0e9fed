/** The state of the table of windows or hypotheses, as signals: what is shown of which result. Knows no elements. */
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { findColumn, limitColumn } from '../../model/result.ts';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';
import { columnsOf, type TableColumn } from './columns.ts';
import { chooseRows, type ChosenRows, type Sorting } from './rows.ts';

/** Rows of a kind that one wants to see first. */
export type Extreme = 'all' | 'significant' | 'worst limits';

const MOST_SIGNIFICANT: Sorting = { column: 'z', descending: true };
const EXTREME_ROWS = 10;

export class TableModel {
  readonly result: ReadonlySignal<AnyScanResult | undefined>;
  readonly sorting = signal<Sorting>(MOST_SIGNIFICANT);
  readonly status = signal('');
  readonly filter = signal('');
  readonly extreme = signal<Extreme>('all');
  /** By name: whether the user wants a column that is not shown by itself, or does not want one that is. */
  readonly wanted = signal<ReadonlyMap<string, boolean>>(new Map());
  readonly columns = computed<readonly TableColumn[]>(() =>
    this.result.value === undefined ? [] : columnsOf(this.result.value),
  );
  readonly shownColumns = computed(() => this.columns.value.filter((column) => this.#isShown(column)));
  /** Status -> rows, as in the summary. */
  readonly statuses = computed(() => Object.entries(this.result.value?.summary.status ?? {}).filter(([, n]) => n > 0));
  readonly shown: ReadonlySignal<ChosenRows>;

  constructor(result: ReadonlySignal<AnyScanResult | undefined>) {
    this.result = result;
    this.shown = computed(() => {
      const table = this.result.value?.table;
      if (table === undefined) return { rows: new Uint32Array(), nUndecided: 0 };
      const by = this.#extremeSorting();
      const status = this.statuses.value.some(([name]) => name === this.status.value) ? this.status.value : '';
      return chooseRows(table, {
        sorting: findColumn(table, this.sorting.value.column) ? this.sorting.value : MOST_SIGNIFICANT,
        status,
        filter: this.filter.value,
        ...(by === undefined ? {} : { extreme: { by, count: EXTREME_ROWS } }),
      });
    });
  }

  /** What the rows are called. */
  get noun(): string {
    return this.result.value !== undefined && isSpectrumResult(this.result.value) ? 'hypotheses' : 'windows';
  }

  /** By this column; the other way round where it is sorted by it already. Numbers start with the largest. */
  sortBy({ name, isText }: TableColumn): void {
    const { column, descending } = this.sorting.value;
    this.sorting.value = { column: name, descending: column === name ? !descending : !isText && name !== 'id' };
  }

  showExtreme(extreme: Extreme): void {
    batch(() => {
      this.extreme.value = extreme;
      this.sorting.value = this.#extremeSorting() ?? this.sorting.value;
    });
  }

  toggleColumn(column: TableColumn): void {
    this.wanted.value = new Map([...this.wanted.value, [column.name, !this.#isShown(column)]]);
  }

  #isShown({ name, isDefault }: TableColumn): boolean {
    return this.wanted.value.get(name) ?? isDefault;
  }

  #extremeSorting(): Sorting | undefined {
    if (this.extreme.value === 'significant') return MOST_SIGNIFICANT;
    const result = this.result.value;
    const limit = result?.limitGroups[0];
    if (this.extreme.value === 'all' || result === undefined || limit === undefined) return undefined;
    const what = result.summary.limits[0].observed === null ? '0' : 'obs';
    return { column: limitColumn(what, limit.suffix), descending: true };
  }
}
