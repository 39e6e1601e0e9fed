/**
 * Details of the window or hypothesis that is looked at, asked of the engine: not for every window that the pointer
 * crosses, one at a time, never twice for the same one, and never of an older scan.
 */
import { effect, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Detail } from '../engine/explain.ts';

export interface DetailSource {
  /** Row of the table that is looked at. */
  readonly shown: ReadonlySignal<number | undefined>;
  /** What came out; another object is another scan, whose details are others. */
  readonly scanned: ReadonlySignal<object | undefined>;
  readonly explain: (id: number) => Promise<Detail>;
  /**
   * Gets the answers. Until one is there it keeps the one before, of another row: `rowOf` tells. Undefined where the
   * engine has none to give: it works at something else, or has ended with what it kept.
   */
  readonly detail: Signal<Detail | undefined>;
}

/** The pointer must rest this long. */
const REST_MS = 30;
const MOST_KEPT = 200;

/** Row of the table that a detail is about. */
export function rowOf(detail: Detail): number {
  return detail.kind === 'window' ? detail.window : detail.hypothesis;
}

/** Keeps `detail` that of `shown`, until the function that it returns is called. */
export function followShown({ shown, scanned, explain, detail }: DetailSource): () => void {
  let known = new Map<number, Detail>();
  let scan: object | undefined;
  let asking = false;

  async function ask(id: number): Promise<void> {
    asking = true;
    const into = known;
    // Why there is none is told where the work was asked for.
    const answer = await explain(id).catch(() => undefined);
    asking = false;
    if (answer !== undefined) keep(into, id, answer);
    const [now, isCurrent] = [shown.peek(), into === known];
    if (isCurrent && now === id) detail.value = answer;
    else if (now !== undefined) show(now);
  }

  function show(id: number): void {
    const found = known.get(id);
    if (found !== undefined) detail.value = found;
    else if (!asking) void ask(id);
  }

  return effect(() => {
    const [ofScan, id] = [scanned.value, shown.value];
    if (ofScan !== scan) {
      [scan, known] = [ofScan, new Map()];
      detail.value = undefined;
    }
    if (scan === undefined || id === undefined) {
      detail.value = undefined;
      return undefined;
    }
    if (known.has(id)) {
      show(id);
      return undefined;
    }
    const timer = setTimeout(() => show(id), REST_MS);
    return () => clearTimeout(timer);
  });
}

/** The oldest one makes room. */
function keep(known: Map<number, Detail>, id: number, detail: Detail): void {
  if (known.size >= MOST_KEPT) known.delete(known.keys().next().value!);
  known.set(id, detail);
}
