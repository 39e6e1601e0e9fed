/** Figures of the run: chosen, looked at, saved. Nothing is drawn while the list is closed. */
import { useEffect, useState } from 'preact/hooks';
import type { Exports } from './exports.ts';
import type { Bytes } from './files-api.ts';
import { blobOf } from './hand-over.ts';

export function FigureList({ exports }: { readonly exports: Exports }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Figures</summary>
      {isOpen && <OpenList exports={exports} />}
    </details>
  );
}

function OpenList({ exports }: { readonly exports: Exports }) {
  const run = exports.run.value;
  const [names, setNames] = useState<readonly string[]>([]);
  const [chosen, choose] = useState<string>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (run !== undefined) return latest(exports.figureNames(run), setNames, setError);
  }, [run]);
  const name = chosen !== undefined && names.includes(chosen) ? chosen : names[0];
  if (name === undefined) return <p class="export-said muted">{error ?? 'Listing …'}</p>;
  return (
    <>
      <div class="export-line">
        <label>
          <span class="hidden-text">Figure</span>
          <select value={name} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {names.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        {(['svg', 'png'] as const).map((format) => (
          <button
            key={format}
            type="button"
            aria-label={`Save figure as ${format.toUpperCase()}`}
            disabled={exports.busy.value !== undefined}
            onClick={() => void exports.saveFigure(name, format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </div>
      <Preview exports={exports} name={name} />
    </>
  );
}

interface Picture {
  readonly url: string;
  /** What the figure says of itself. */
  readonly words: string;
}

function Preview({ exports, name }: { readonly exports: Exports; readonly name: string }) {
  const run = exports.run.value;
  const [picture, setPicture] = useState<Picture>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (run === undefined) return;
    const show = (svg: Bytes): void => {
      const text = new TextDecoder().decode(svg.subarray(0, 4000));
      const [title, desc] = ['title', 'desc'].map((tag) => textOf(text, tag));
      setPicture({ url: URL.createObjectURL(blobOf(svg, '.svg')), words: `${title}. ${desc}` });
    };
    const fail = (message: string): void => {
      setPicture(undefined);
      setError(message);
    };
    return latest(exports.preview(run, name), show, fail);
  }, [run, name]);
  useEffect(() => () => void (picture && URL.revokeObjectURL(picture.url)), [picture]);
  if (picture === undefined) return <p class="export-said muted">{error ?? `Drawing ${name} …`}</p>;
  return (
    <a href={picture.url} target="_blank" title="in full size">
      <img class="export-preview" src={picture.url} alt={picture.words} />
    </a>
  );
}

/** Hands on what comes, or why nothing does, unless something newer was asked for; returns what ends that. */
function latest<T>(coming: Promise<T>, use: (value: T) => void, fail: (message: string) => void): () => void {
  let isWanted = true;
  coming.then(
    (value) => {
      if (isWanted) use(value);
    },
    (error: Error) => {
      if (isWanted) fail(error.message);
    },
  );
  return () => void (isWanted = false);
}

/** Text of an element of SVG, '' where there is none. */
function textOf(svg: string, tag: string): string {
  const [found] = new RegExp(`<${tag}>[^<]*</${tag}>`).exec(svg) ?? [];
  if (found === undefined) return '';
  return new DOMParser().parseFromString(found, 'image/svg+xml').documentElement.textContent ?? '';
}
