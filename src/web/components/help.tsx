/** What people ask about the page itself: a dialog behind the button "?" and the key of that name. */
import { useEffect, useRef } from 'preact/hooks';
import { BROWSERS_WITH_GPU, KEYS, type KeyHelp } from './help-facts.ts';
import './help.css';

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = (): void => {
    if (!dialog.current!.open) dialog.current!.showModal();
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === '?' && !isTyped(event)) open();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button type="button" class="help-button" aria-label="Help" title="Help (?)" onClick={open}>
        ?
      </button>
      <dialog ref={dialog} class="help" aria-labelledby="help-title">
        <form method="dialog" class="help-head">
          <h2 id="help-title">About this page</h2>
          <button type="submit">Close</button>
        </form>
        <p>
          It scans thousands of windows, or fits hundreds of masses, for a new particle: how significant each excess is,
          what is excluded, and what the best one means after looking everywhere. The analysis is the <b>card</b>:
          choose an example, edit it, or open your own; drop a ROOT, Parquet or CSV file anywhere and choose its
          columns. Data that you drop stay blind until you unblind them.
        </p>
        <h3>Nothing leaves this computer</h3>
        <p>
          Files are read and numbers computed inside the browser. A content-security policy forbids the page, and each
          worker of it, to contact anything but the server it came from, and from there it loads only its own program;
          it works without a network. A link carries the card behind the #, which browsers send to nobody, and names
          data by their hash. Only the choice of light or dark and of the colours of bands is kept, in this browser.
        </p>
        <h3>The same numbers everywhere</h3>
        <p>
          <code>darkscan scan</code> with the downloaded card gives equal counts and hashes, and on the CPU floats to
          1e-9. CPU workers compute everything in double precision. A GPU computes in single precision; the decisive
          windows, a random 1 % and what single precision cannot do are recomputed in double.
        </p>
        <h3>Browsers that run it on the GPU</h3>
        <ul>
          {BROWSERS_WITH_GPU.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p>
          Everywhere else, and where WebGPU is off, all cores of the CPU do the work with the same results. Browsers
          offer WebGPU only over https and on this computer.
        </p>
        <h3>Keys</h3>
        <Keys keys={KEYS} />
      </dialog>
    </>
  );
}

function Keys({ keys }: { readonly keys: readonly KeyHelp[] }) {
  return (
    <table class="help-keys">
      <thead>
        <tr>
          <th scope="col">where</th>
          <th scope="col">key</th>
          <th scope="col">does</th>
        </tr>
      </thead>
      <tbody>
        {keys.map(({ where, key, does }) => (
          <tr key={`${where} ${key}`}>
            <td>{where}</td>
            <td>
              <kbd>{key}</kbd>
            </td>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Whether the key is text for a field or an editor. */
function isTyped(event: KeyboardEvent): boolean {
  // the first of the path: editors may live in a shadow root
  const [target] = event.composedPath();
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
