/** A signal that follows another one when that has been quiet for a while: for work too heavy to do at every key. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';

export function settled<T>(source: ReadonlySignal<T>, quietMs: number): ReadonlySignal<T> {
  const following = signal(source.peek());
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const { value } = source;
    clearTimeout(timer);
    if (value !== following.peek()) timer = setTimeout(() => (following.value = value), quietMs);
  });
  return following;
}
