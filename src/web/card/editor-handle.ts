/** What the panel asks of the editor it shows, whichever that is. */
export interface CardEditor {
  /** Moves the cursor there and shows it; both from 1. */
  goTo(line: number, column: number): void;
}

export interface EditorProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Called with the editor when it is there. */
  readonly onReady: (editor: CardEditor) => void;
}

/** Label of the editor for people who do not see it, and for tests. */
export const EDITOR_LABEL = 'Card';
