/** The card in a plain text field: what is there until the editor is loaded, and where it cannot be. */
import { useEffect, useRef } from 'preact/hooks';
import { EDITOR_LABEL, type EditorProps } from './editor-handle.ts';

export interface PlainEditorProps extends EditorProps {
  /** Whether the field has the focus. */
  readonly onTyping: (isTyping: boolean) => void;
}

export function PlainEditor({ text, onText, onReady, onTyping }: PlainEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    onReady({ goTo: (line, column) => goTo(field.current!, line, column) });
  }, []);
  return (
    <textarea
      ref={field}
      class="card-text"
      aria-label={EDITOR_LABEL}
      aria-describedby="card-problems"
      spellcheck={false}
      autocomplete="off"
      wrap="off"
      value={text}
      onFocus={() => onTyping(true)}
      onBlur={() => onTyping(false)}
      onInput={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}

function goTo(field: HTMLTextAreaElement, line: number, column: number): void {
  const lines = field.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const at = start + Math.min(column - 1, lines[line - 1]?.length ?? 0);
  field.focus();
  field.setSelectionRange(at, at);
  // browsers scroll to the cursor only when something is typed
  const height = field.scrollHeight / lines.length;
  field.scrollTop = Math.max(0, height * (line - 1) - field.clientHeight / 2);
}
