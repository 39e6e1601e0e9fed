/**
 * The editor of the card: CodeMirror with YAML, line numbers, undo, and the mistakes of the card at their place. Loaded
 * when it is needed. It lives in a shadow root, where CodeMirror adopts style sheets; a style element would be refused
 * by the content-security policy of the page.
 */
import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml, yamlLanguage } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  type KeyBinding,
} from '@codemirror/view';
import type { CardProblem } from '../state/card-check.ts';
import { completeCard } from './code-completion.ts';
import { codeTheme } from './code-theme.ts';
import { EDITOR_LABEL, type CardEditor } from './editor-handle.ts';

/** Ctrl+Enter scans (card-panel.tsx); the editor would insert a line. */
const LEFT_TO_THE_PAGE: KeyBinding = { key: 'Mod-Enter', run: () => true };

export class CodeEditor implements CardEditor {
  readonly #view: EditorView;
  /** The page sets the text: what it says meanwhile may be newer already. */
  #isSetting = false;

  /** @param onText called with every text that the user makes */
  constructor(host: HTMLElement, text: string, onText: (text: string) => void) {
    const root = host.attachShadow({ mode: 'open' });
    const extensions = [
      keymap.of([LEFT_TO_THE_PAGE, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
      lineNumbers(),
      lintGutter(),
      history(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      bracketMatching(),
      indentOnInput(),
      yaml(),
      yamlLanguage.data.of({ autocomplete: completeCard }),
      autocompletion({ icons: false }),
      codeTheme,
      EditorView.contentAttributes.of({ 'aria-label': EDITOR_LABEL, spellcheck: 'false', tabindex: '0' }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged && !this.#isSetting) onText(state.doc.toString());
      }),
    ];
    this.#view = new EditorView({ state: EditorState.create({ doc: text, extensions }), root, parent: root });
  }

  /** Replaces what differs: the cursor stays where it can, and it is one step of undo. */
  setText(text: string): void {
    const { doc } = this.#view.state;
    const old = doc.toString();
    if (old === text) return;
    let [from, end] = [0, 0];
    const longest = Math.min(old.length, text.length);
    while (from < longest && old[from] === text[from]) from++;
    while (end < longest - from && old.at(-1 - end) === text.at(-1 - end)) end++;
    this.#isSetting = true;
    this.#view.dispatch({ changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) } });
    this.#isSetting = false;
  }

  setProblems(problems: readonly CardProblem[]): void {
    const { state } = this.#view;
    this.#view.dispatch(
      setDiagnostics(
        state,
        problems.map((problem) => diagnosticOf(problem, state.doc)),
      ),
    );
  }

  goTo(line: number, column: number): void {
    const at = offsetOf(this.#view.state.doc, line, column);
    this.#view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    this.#view.focus();
  }

  close(): void {
    this.#view.destroy();
  }
}

function diagnosticOf({ line, column, message }: CardProblem, doc: Text): Diagnostic {
  const from = offsetOf(doc, line, column);
  const rest = doc.lineAt(from).text.slice(from - doc.lineAt(from).from);
  const length = /^[^\s:,[\]{}]+/.exec(rest)?.[0].length ?? 0;
  return { from, to: from + length, severity: 'error', message };
}

/** Offset of a place that may lie beyond the text as it is now. */
function offsetOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(from + Math.max(0, column - 1), to);
}
