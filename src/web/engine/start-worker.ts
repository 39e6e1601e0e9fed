/** Starts workers that the policy of the page binds, whatever server the page comes from. */

const REVOKED_AFTER_MS = 60_000;

/**
 * A worker has the content-security policy of the headers its file came with, on most file servers none; one from a blob
 * address has that of its creator. So every worker starts from a blob whose only line imports the file.
 * @param address of the worker's module, as an import `./x-worker.ts?worker&url` gives it
 */
export function startWorker(address: string, name: string): Worker {
  const module = JSON.stringify(new URL(address, import.meta.url).href);
  const blob = URL.createObjectURL(new Blob([`import ${module};`], { type: 'text/javascript' }));
  // not at once: some browsers read it only when they start the worker
  setTimeout(() => URL.revokeObjectURL(blob), REVOKED_AFTER_MS);
  return new Worker(blob, { type: 'module', name });
}
