/** Files dropped anywhere on the page, with a sign while they hover; and the button for those who do not drag. */
import { useEffect, useRef, useState } from 'preact/hooks';

export interface FileProps {
  readonly onFiles: (files: readonly File[]) => void;
}

export function DropZone({ onFiles }: FileProps) {
  const [isOver, setOver] = useState(false);
  useEffect(() => listen(onFiles, setOver), []);
  return isOver ? <div class="drop-sign">Drop data files or a card: they are read here and go nowhere</div> : null;
}

export function ChooseFiles({
  onFiles,
  label,
  words,
  multiple = false,
}: FileProps & { readonly label: string; readonly words: string; readonly multiple?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const take = (): void => {
    const files = [...input.current!.files!];
    input.current!.value = ''; // so that the same file can be chosen again
    if (files.length > 0) onFiles(files);
  };
  return (
    <>
      <input ref={input} type="file" hidden multiple={multiple} aria-label={label} onChange={take} />
      <button type="button" onClick={() => input.current!.click()}>
        {words}
      </button>
    </>
  );
}

/** Returns what ends the listening. */
function listen(onFiles: FileProps['onFiles'], setOver: (isOver: boolean) => void): () => void {
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const onOver = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // a browser would open the file in place of the page
    setOver(true);
  };
  const onLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) setOver(false); // out of the window, not onto another element
  };
  const onDrop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer!.files]);
  };
  document.addEventListener('dragover', onOver);
  document.addEventListener('dragleave', onLeave);
  document.addEventListener('drop', onDrop);
  return () => {
    document.removeEventListener('dragover', onOver);
    document.removeEventListener('dragleave', onLeave);
    document.removeEventListener('drop', onDrop);
  };
}
