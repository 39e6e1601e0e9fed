/** comlink ships these types for its .js build only. */
declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { Endpoint } from 'comlink';
  import type { MessagePort, Worker } from 'node:worker_threads';

  export default function nodeEndpoint(endpoint: Worker | MessagePort): Endpoint;
}
