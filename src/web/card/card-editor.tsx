/** The card as text: a plain text field at first, the editor as soon as it is loaded. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Page } from '../state/page.ts';
import type { CodeEditor } from './code-editor.ts';
import type { CardEditor } from './editor-handle.ts';
import { PlainEditor } from './plain-editor.tsx';

export interface CardEditorProps {
  readonly page: Page;
  /** Called with the editor whenever there is another one. */
  readonly onEditor: (editor: CardEditor) => void;
}

type EditorModule = typeof import('./code-editor.ts');

export function CardEditorBox({ page, onEditor }: CardEditorProps) {
  const [module, setModule] = useState<EditorModule>();
  const [isTyping, setTyping] = useState(false);
  // not before the first result: what is needed for that comes first
  const isWanted = page.scanned.value !== undefined || page.error.value !== undefined;
  useEffect(() => {
    // where it cannot be loaded, the text field stays: it does everything that is needed
    if (isWanted) import('./code-editor.ts').then(setModule, () => undefined);
  }, [isWanted]);
  const onText = (text: string): void => void (page.cardText.value = text);
  // the field is not taken away from under somebody's hands
  if (module === undefined || isTyping) {
    const { value } = page.cardText;
    return <PlainEditor text={value} onText={onText} onReady={onEditor} onTyping={setTyping} />;
  }
  return <CodeView page={page} module={module} onText={onText} onEditor={onEditor} />;
}

interface CodeViewProps extends CardEditorProps {
  readonly module: EditorModule;
  readonly onText: (text: string) => void;
}

function CodeView({ page, module, onText, onEditor }: CodeViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | undefined>(undefined);
  const [text, { problems }] = [page.cardText.value, page.checked.value];
  useEffect(() => {
    const opened = new module.CodeEditor(host.current!, page.cardText.peek(), onText);
    editor.current = opened;
    onEditor(opened);
    return () => opened.close();
  }, []);
  // the text of now: effects come late, and somebody who types fast is further already
  useEffect(() => editor.current!.setText(page.cardText.peek()), [text]);
  useEffect(() => editor.current!.setProblems(problems), [problems]);
  return <div ref={host} class="card-code" />;
}
