/** What the map shows, as signals: quantity, scale, part of the plane. Knows no elements. */
import { computed, signal } from '@preact/signals';
import type { ScanResult } from '../../model/result.ts';
import type { View } from '../../model/windows-of-table.ts';
import { mapGeometry, type MapGeometry } from './geometry.ts';
import { listQuantities } from './quantities.ts';
import { shadeWindows, type MapPalette } from './shading.ts';
import { isSameView, panBy, showPoint, zoomAbout, type Fractions } from './view.ts';

/** All windows are outlined when fewer than this are in view. */
const MAX_OUTLINES = 300;

/** What users choose; stays from scan to scan. */
export class MapChoice {
  /** A column; default: the first there is. */
  readonly column = signal<string | undefined>(undefined);
  readonly events = signal(true);
  /** Logarithmic colours; default: as the values suggest. */
  readonly log = signal<boolean | undefined>(undefined);
}

export class MapModel {
  readonly result: ScanResult;
  readonly choice: MapChoice;
  readonly geometry;
  readonly quantities;
  readonly quantity;
  readonly shading;
  readonly view;
  readonly isFull;
  /** Windows in view where they are few enough to be outlined, else none. */
  readonly outlined;

  constructor(result: ScanResult, choice: MapChoice, palette: () => MapPalette) {
    this.result = result;
    this.choice = choice;
    this.geometry = mapGeometry(result.table);
    this.quantities = listQuantities(result);
    this.quantity = computed(
      () => this.quantities.find(({ column }) => column === choice.column.value) ?? this.quantities[0],
    );
    this.shading = computed(() => shadeWindows(result.table, this.quantity.value, choice.log.value, palette()));
    this.view = signal<View>(this.geometry.full);
    this.isFull = computed(() => isSameView(this.view.value, this.geometry.full));
    this.outlined = computed(() => {
      if (!this.geometry.plane) return []; // the cells of a band are as clear as outlines
      const inside = windowsInside(this.geometry, this.view.value, MAX_OUTLINES);
      return inside.length < MAX_OUTLINES ? inside : [];
    });
  }

  /** Returns whether anything changed. */
  zoom(at: Fractions, factor: number): boolean {
    return this.#show(zoomAbout(this.view.value, this.geometry.full, at, factor));
  }

  pan(by: Fractions): boolean {
    return this.#show(panBy(this.view.value, this.geometry.full, by));
  }

  reset(): void {
    this.#show(this.geometry.full);
  }

  /** Moves the view so that a window is seen; nothing for one that a later result has and this one has not. */
  showWindow(id: number): void {
    const { windows, full } = this.geometry;
    if (id >= windows.count) return;
    this.#show(showPoint(this.view.peek(), full, windows.x[id], windows.y[id]));
  }

  /** A band has all its height, always. */
  #show([left, right, low, high]: View): boolean {
    const { plane, full } = this.geometry;
    const view: View = plane ? [left, right, low, high] : [left, right, full[2], full[3]];
    if (isSameView(view, this.view.peek())) return false;
    this.view.value = view;
    return true;
  }
}

/** Rows of the windows with their centre in the view, at most `most`. */
export function windowsInside({ windows }: MapGeometry, view: View, most = Infinity): number[] {
  const { count, x, y } = windows;
  const found: number[] = [];
  for (let i = 0; i < count && found.length < most; i++)
    if (x[i] >= view[0] && x[i] <= view[1] && y[i] >= view[2] && y[i] <= view[3]) found.push(i);
  return found;
}
