/** Completion of keys. */
import type { CompletionSource } from '@codemirror/autocomplete';

export const completeCard: CompletionSource = () => null;
