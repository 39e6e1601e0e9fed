/** The card: examples, the text with its mistakes, opening another one. Ctrl+Enter scans it. */
import { useEffect, useRef } from 'preact/hooks';
import { Panel } from '../components/panel.tsx';
import { saveFile } from '../export/hand-over.ts';
import { CARD_NAME, type Page } from '../state/page.ts';
import './card.css';
import { CardEditorBox } from './card-editor.tsx';
import type { CardEditor } from './editor-handle.ts';
import { ExampleSelect } from './example-select.tsx';
import { OpenCard } from './open-card.tsx';
import { ProblemList } from './problem-list.tsx';

export function CardPanel({ page }: { readonly page: Page }) {
  const editor = useRef<CardEditor | undefined>(undefined);
  useEffect(() => scanOnKey(page), [page]);
  return (
    <Panel title="Card" controls={<CardButtons page={page} />}>
      <div class="card-column">
        <ExampleSelect page={page} />
        <CardEditorBox page={page} onEditor={(other) => (editor.current = other)} />
        <ProblemList
          problems={page.checked.value.problems}
          isScanned={isScanned(page)}
          onGoTo={({ line, column }) => editor.current?.goTo(line, column)}
        />
      </div>
    </Panel>
  );
}

function isScanned({ scanned, isStale, running }: Page): boolean {
  return scanned.value !== undefined && !isStale.value && running.value === undefined;
}

function CardButtons({ page }: { readonly page: Page }) {
  return (
    <>
      <OpenCard page={page} />
      <button
        type="button"
        title="the card as it is written now"
        onClick={() => saveFile(page.cardText.value, CARD_NAME)}
      >
        Save
      </button>
    </>
  );
}

/** Ctrl+Enter or Cmd+Enter scans, wherever the focus is; returns what ends that. */
function scanOnKey(page: Page): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void page.scan();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
