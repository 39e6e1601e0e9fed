/** What is pointed at, pinned and shaded over a plot: elements above its canvas, which is not drawn again for them. */
import type { View } from './chart-model.ts';

/** Values of x; `range` is shaded. */
export interface PlotMarks {
  readonly hovered?: number;
  readonly pinned?: number;
  readonly range?: View;
}

export class MarkElements {
  readonly #range: HTMLElement;
  readonly #lines: Readonly<Record<'pinned' | 'hovered', HTMLElement>>;

  /** @param over the area of the plot */
  constructor(over: HTMLElement) {
    const mark = (name: string) => {
      const element = over.appendChild(document.createElement('div'));
      element.className = `chart-mark ${name}`;
      element.hidden = true;
      return element;
    };
    this.#range = mark('range');
    this.#lines = { pinned: mark('pinned'), hovered: mark('hovered') };
  }

  /**
   * @param domain shown values of x: lines outside are hidden, a range is cut
   * @param position CSS pixels of a value inside
   */
  place(marks: PlotMarks, [low, high]: View, position: (value: number) => number): void {
    for (const name of ['pinned', 'hovered'] as const) {
      const [line, value] = [this.#lines[name], marks[name]];
      line.hidden = value === undefined || !(value >= low && value <= high);
      if (value !== undefined && !line.hidden) line.style.left = `${position(value)}px`;
    }
    const [from, to] = marks.range ?? [Infinity, -Infinity];
    this.#range.hidden = !(from < high && to > low);
    if (this.#range.hidden) return;
    const [left, right] = [position(Math.max(low, from)), position(Math.min(high, to))];
    this.#range.style.left = `${left}px`;
    this.#range.style.width = `${right - left}px`;
  }
}
